"""Memory that is free already, and yet the process's own."""

import ctypes
import os
import sys

_LIBRARY = ctypes.CDLL(None) if sys.platform.startswith("linux") else None
_TRIM = getattr(_LIBRARY, "malloc_trim", None)
_SET = getattr(_LIBRARY, "mallopt", None)
"""The GNU C library's only."""

_M_ARENA_MAX, _N_ARENAS = -8, 2


def share_arenas() -> None:
    """Let all threads share two areas of the C library; called before there are threads.

    Otherwise most of TensorFlow's have one of their own, up to eight for each processor, and each area keeps
    up to 64 MB free at its end, which no other may use and `give_back_free_memory` does not reach. A user's
    own setting goes first.
    """
    if _SET is not None and "MALLOC_ARENA_MAX" not in os.environ:
        _SET(_M_ARENA_MAX, _N_ARENAS)


def give_back_free_memory() -> None:
    """Give the system whatever is free between what is still used.

    The C library gives back by itself only what lies at the end of one of its areas. A small object behind
    the arrays of a training that is over would keep all of their room.
    """
    if _TRIM is not None:
        _TRIM(0)
