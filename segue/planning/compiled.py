"""Compiling: with numba, where it is installed. Without it the loops are not used; `vectorized` takes their place."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

try:
    import numba
except ModuleNotFoundError:
    HAS_NUMBA = False
else:
    HAS_NUMBA = True

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """The function as machine code, made at its first call; as it is, where there is no numba.

    Nothing is written to disk, unless NUMBA_CACHE_DIR says where: then later processes start with what was compiled.
    """
    if not HAS_NUMBA:
        return function
    return cast(Function, numba.njit(cache=bool(getattr(numba.config, "CACHE_DIR", "")))(function))
