"""What a fused loop says to its compiler: choose, read, put.

Three words of numba's own extension language (LLVM instructions), because Python's
have branches in them: a conditional expression is a jump, an index may be negative,
and an array that is written may be one that is read. With these a row is straight
arithmetic, and the compiler works out four or eight rows at a time.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from numba import types
from numba.extending import intrinsic


__all__ = ["choose", "put", "read"]


Llvm: TypeAlias = Any
"""What numba and LLVM hand over: values of the compiler, not of the loop."""


@intrinsic  # type: ignore[untyped-decorator]  # numba has no types of its own
def choose(context: Llvm, when: Llvm, then: Llvm, otherwise: Llvm) -> Llvm:
    """Take one of two numbers; both are worked out."""
    del context, when
    whole = isinstance(then, types.Integer) and isinstance(otherwise, types.Integer)
    kind = types.int64 if whole else types.float64

    def select(context: Llvm, builder: Llvm, signature: Llvm, given: Llvm) -> Llvm:
        del context, signature
        return builder.select(*given)

    return kind(types.boolean, kind, kind), select


@intrinsic  # type: ignore[untyped-decorator]  # numba has no types of its own
def read(context: Llvm, array: Llvm, at: Llvm) -> Llvm:
    """Read a place of an array that is only read; the place is there."""
    del context, at

    def load(context: Llvm, builder: Llvm, signature: Llvm, given: Llvm) -> Llvm:
        found = builder.load(_place(context, builder, signature, given))
        found.set_metadata("noalias", _written(builder.module))
        found.align = array.dtype.bitwidth // 8
        return found

    return array.dtype(array, types.intp), load


@intrinsic  # type: ignore[untyped-decorator]  # numba has no types of its own
def put(context: Llvm, array: Llvm, at: Llvm, value: Llvm) -> Llvm:
    """Write into a place of an array that is only written; the place is there."""
    del context, at

    def store(context: Llvm, builder: Llvm, signature: Llvm, given: Llvm) -> Llvm:
        told = context.cast(builder, given[2], signature.args[2], array.dtype)
        place = _place(context, builder, signature, given)
        kept = builder.store(told, place)
        kept.set_metadata("alias.scope", _written(builder.module))
        kept.align = array.dtype.bitwidth // 8
        return context.get_dummy_value()

    return types.void(array, types.intp, value), store


def _place(context: Llvm, builder: Llvm, signature: Llvm, given: Llvm) -> Llvm:
    """Return where in memory a place of an array is."""
    array = context.make_array(signature.args[0])(context, builder, given[0])
    return builder.gep(array.data, [given[1]])


def _written(module: Llvm) -> Llvm:
    """Return the mark of memory that is written: whatever is read is not there."""
    domain = module.add_metadata(["keyaccount"])
    return module.add_metadata([module.add_metadata(["keyaccount written", domain])])
