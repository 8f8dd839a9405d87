"""No module keeps anything that a caller could change for the next one."""

from __future__ import annotations

import enum
import inspect
from collections.abc import Iterator, MutableMapping, MutableSequence, MutableSet
from pathlib import Path
from types import ModuleType

import cattrs
import pytest

from keyaccount.exceptions import MissingExtraError
from tests.contracts.rooms import address, files, load


MUTABLE = (
    MutableMapping,
    MutableSequence,
    MutableSet,
    bytearray,
    cattrs.BaseConverter,  # hooks can be registered on it: build it when first used
)


def kept(module: ModuleType) -> Iterator[tuple[str, object]]:
    """Yield what a module, its classes and its default arguments hold."""
    for name, value in vars(module).items():
        if _is_internal(name):
            continue
        yield name, value
        if getattr(value, "__module__", None) != module.__name__:
            continue
        if inspect.isclass(value):
            for key, held in vars(value).items():
                if not _is_internal(key) and not issubclass(value, enum.Enum):
                    yield f"{name}.{key}", held
        elif inspect.isfunction(value):
            defaults = (
                *(value.__defaults__ or ()),
                *(value.__kwdefaults__ or {}).values(),
            )
            yield from ((f"{name}()", held) for held in defaults)


def _is_internal(name: str) -> bool:
    return name.startswith("__") or name in {"_abc_impl", "_field_defaults"}


@pytest.mark.parametrize("path", files(), ids=address)
def test_a_module_holds_nothing_that_can_be_changed(path: Path) -> None:
    try:
        module = load(path)
    except MissingExtraError as error:
        pytest.skip(f"needs the extra {error.extra}")

    held = {name: value for name, value in kept(module) if isinstance(value, MUTABLE)}
    assert not held
