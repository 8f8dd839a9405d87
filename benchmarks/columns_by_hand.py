"""J2 over columns as one would write it by hand, for three engines; complete data."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl


__all__ = ["duckdb", "numpy", "polars"]


_BY_SALES = 100.0 / (1e8 - 1e6)
_BY_MARGIN = 100.0 / 0.4
_BY_COLLECTED = 100.0 / (1.0 - 0.7)
_BY_ON_TIME = 100.0 / 0.5
_WORDS = ("ordinary", "bronze", "silver", "gold", "diamond")


def polars(frame: pl.DataFrame, *, words: bool = False) -> pl.LazyFrame:
    """Write one lazy query."""
    col, when = pl.col, pl.when
    rise = (
        when(col("growth") >= 1.25)
        .then(1500.0)
        .when(col("growth") >= 1.1)
        .then(1125.0)
        .when(col("growth") >= 1.0)
        .then(750.0)
        .when(col("growth") >= 0.9)
        .then(450.0)
        .otherwise(0.0)
    )
    fold = (
        30.0 * ((col("sales") - 1e6) * _BY_SALES).clip(0.0, 100.0)
        + 20.0 * (col("margin") * _BY_MARGIN).clip(0.0, 100.0)
        + 10.0 * ((col("collected") - 0.7) * _BY_COLLECTED).clip(0.0, 100.0)
        + 10.0 * ((col("on_time") - 0.5) * _BY_ON_TIME).clip(0.0, 100.0)
        + 15.0 * col("influence").clip(0.0, 100.0)
        + rise
    )

    def said(code: int) -> pl.Expr:
        return pl.lit(_WORDS[code]) if words else pl.lit(code, pl.UInt8)

    sales, score = col("sales"), col("fold")
    return (
        frame.lazy()
        .with_columns(fold=fold)
        .select(
            worth=when((sales >= 1e8) & (score >= 6000.0))
            .then(said(4))
            .when((sales >= 5e7) & (score >= 5000.0))
            .then(said(3))
            .when((sales >= 1e7) & (score >= 6000.0))
            .then(said(2))
            .when((sales >= 1e6) & (col("growth") >= 1.2))
            .then(said(1))
            .otherwise(said(0))
        )
    )


def numpy(*facts: Any) -> Any:
    """Write whole arrays, one after the other."""
    sales, margin, collected, on_time, influence, growth = facts
    steps = (growth >= 1.25, growth >= 1.1, growth >= 1.0, growth >= 0.9)
    fold = (
        30.0 * np.clip((sales - 1e6) * _BY_SALES, 0.0, 100.0)
        + 20.0 * np.clip(margin * _BY_MARGIN, 0.0, 100.0)
        + 10.0 * np.clip((collected - 0.7) * _BY_COLLECTED, 0.0, 100.0)
        + 10.0 * np.clip((on_time - 0.5) * _BY_ON_TIME, 0.0, 100.0)
        + 15.0 * np.clip(influence, 0.0, 100.0)
        + np.select(steps, (1500.0, 1125.0, 750.0, 450.0), 0.0)
    )
    rows = (
        (sales >= 1e8) & (fold >= 6000.0),
        (sales >= 5e7) & (fold >= 5000.0),
        (sales >= 1e7) & (fold >= 6000.0),
        (sales >= 1e6) & (growth >= 1.2),
    )
    codes = [np.uint8(code) for code in (4, 3, 2, 1)]
    return np.select(rows, codes, np.uint8(0))


def duckdb(relation: Any) -> Any:
    """Write one SQL query."""

    def held(mark: str) -> str:
        return f"greatest(0.0, least(100.0, {mark}))"

    fold = f"""
        30e0 * {held(f"(sales - 1e6) * {_BY_SALES!r}")}
        + 20e0 * {held(f"margin * {_BY_MARGIN!r}")}
        + 10e0 * {held(f"(collected - 0.7e0) * {_BY_COLLECTED!r}")}
        + 10e0 * {held(f"(on_time - 0.5e0) * {_BY_ON_TIME!r}")}
        + 15e0 * {held("influence")}
        + case when growth >= 1.25 then 1500e0 when growth >= 1.1 then 1125e0
          when growth >= 1 then 750e0 when growth >= 0.9 then 450e0 else 0e0 end
    """
    return relation.project(f"*, {fold} as fold").project(
        """case when sales >= 1e8 and fold >= 6000 then 4::utinyint
        when sales >= 5e7 and fold >= 5000 then 3::utinyint
        when sales >= 1e7 and fold >= 6000 then 2::utinyint
        when sales >= 1e6 and growth >= 1.2 then 1::utinyint
        else 0::utinyint end as worth"""
    )
