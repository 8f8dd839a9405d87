"""What differs between engines: how a frame comes in, and how words come out.

Outcomes are worked out as small whole numbers and become words at the very end: an
Enum in Polars, an ordered Categorical in pandas (the lowest outcome first, so that
both sort as the ladder does), plain text elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar, cast

import narwhals as nw

from keyaccount.exceptions import Problems

from ._facts import Frame


__all__ = ["Slugs", "back", "opened", "worded"]


FrameT = TypeVar("FrameT")

Slugs = Mapping[str, tuple[str, ...]]
"""For a column of whole numbers, the words that they stand for; null is null."""


def opened(frame: object) -> Frame:
    """Return a frame of any engine as narwhals has it.

    Raises:
        InvalidValueError: it is no frame.
    """
    try:
        return cast("Frame", nw.from_native(cast("Any", frame)))
    except TypeError:
        problems = Problems()
        kinds = "a frame of Polars, pandas, PyArrow, DuckDB, PySpark or narwhals"
        problems.add("frame", "wrong-type", type(frame).__name__, kinds)
        problems.check("frame")
        raise


def back(frame: Frame, like: FrameT) -> FrameT:
    """Return a frame as its owner has it: narwhals' own if it came so."""
    if isinstance(like, nw.DataFrame | nw.LazyFrame):
        return cast("FrameT", frame)
    return cast("FrameT", frame.to_native())


def worded(frame: Frame, slugs: Slugs, texts: Collection[str]) -> Frame:
    """Turn whole numbers into the words they stand for; *texts* into plain text."""
    if not slugs:
        return frame
    implementation = frame.implementation
    if implementation.is_polars():
        return _polars(frame, slugs, texts)
    if implementation.is_pandas():
        return _pandas(frame, slugs, texts)
    if implementation.is_pyarrow():
        return _pyarrow(frame, slugs)
    return frame.with_columns(
        **{name: _chain(name, words) for name, words in slugs.items()}
    )


def _chain(name: str, words: tuple[str, ...]) -> nw.Expr:
    """Choose the words one by one: any engine can, none does it fast."""
    coded = list(enumerate(words))
    parts = [coded[at : at + _DEEP] for at in range(0, len(coded), _DEEP)]
    found = [_choose(name, part) for part in parts]
    return nw.coalesce(*found) if found else nw.lit(None, nw.String)


def _choose(name: str, coded: list[tuple[int, str]]) -> nw.Expr:
    *others, (last, word) = coded
    found: nw.Expr = nw.when(nw.col(name) == last).then(nw.lit(word))
    for code, word in reversed(others):
        found = nw.when(nw.col(name) == code).then(nw.lit(word)).otherwise(found)
    return found


_DEEP = 40  # engines follow an expression down, and some give up


def _polars(frame: Frame, slugs: Slugs, texts: Collection[str]) -> Frame:
    import polars as pl  # noqa: PLC0415 - the frame is one of Polars

    def words(name: str, of: tuple[str, ...]) -> pl.Expr:
        code, kind = pl.col(name), pl.Enum(of)
        to: Any = getattr(code.cat, "to", None)  # a cast, before Polars 2
        word: pl.Expr = to(kind) if to is not None else code.cast(kind)
        return word.cast(pl.String) if name in texts else word

    native: Any = frame.to_native()
    changed = native.with_columns(words(name, of) for name, of in slugs.items())
    return cast("Frame", nw.from_native(changed))


def _pandas(frame: Frame, slugs: Slugs, texts: Collection[str]) -> Frame:
    import pandas as pd  # noqa: PLC0415 - the frame is one of pandas

    native: Any = frame.to_native()
    changed = {}
    for name, words in slugs.items():
        codes = native[name].fillna(-1).astype("int16").to_numpy()
        if name in texts:
            values: Any = pd.array(words, dtype="str").take(codes, allow_fill=True)
        else:
            values = pd.Categorical.from_codes(codes, list(words), ordered=True)
        changed[name] = pd.Series(values, index=native.index)
    return cast("Frame", nw.from_native(native.assign(**changed)))


def _pyarrow(frame: Frame, slugs: Slugs) -> Frame:
    import pyarrow as pa  # noqa: PLC0415 - the frame is one of PyArrow

    native: Any = frame.to_native()
    for name, words in slugs.items():
        at = native.schema.get_field_index(name)
        codes = native.column(at).cast(pa.int16())
        text = pa.chunked_array([pa.array(words)]).take(codes)
        native = native.set_column(at, name, text)
    return cast("Frame", nw.from_native(native))
