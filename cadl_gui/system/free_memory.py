"""Returns free memory that the C library retains to the system."""

import ctypes
import os
import sys

_LIBRARY = ctypes.CDLL(None) if sys.platform.startswith("linux") else None
_TRIM = getattr(_LIBRARY, "malloc_trim", None)
_SET = getattr(_LIBRARY, "mallopt", None)
"""Available in the GNU C library only."""

_M_ARENA_MAX, _N_ARENAS = -8, 2


def share_arenas() -> None:
    """Limit the C library to two arenas shared by all threads; call this before starting threads.

    Otherwise most of TensorFlow's threads have separate arenas, up to eight per processor, and each arena
    retains up to 64 MB of free memory at its end, which no other arena can use and `give_back_free_memory`
    does not reach. The user's setting (`MALLOC_ARENA_MAX`) takes precedence.
    """
    if _SET is not None and "MALLOC_ARENA_MAX" not in os.environ:
        _SET(_M_ARENA_MAX, _N_ARENAS)


def give_back_free_memory() -> None:
    """Return free memory between allocated blocks to the system.

    By itself the C library returns only the free memory at the end of an arena, so one small object behind
    the arrays of a finished training would retain all of their memory.
    """
    if _TRIM is not None:
        _TRIM(0)
