"""Tells where another thread is, without keeping alive what its functions hold."""

import faulthandler
import tempfile


def stack_of(thread: int) -> str:
    """Return the stack of another thread as text, the innermost function first, or "" if it runs no Python.

    A frame keeps the local variables of its function alive. Whoever looks at one in Python, as `traceback`
    does, may be interrupted; if the function returns then, what it held is destroyed late and in the wrong
    thread. The `QPainter` of a `paintEvent` was still active while the next widget was painted: a crash.
    `faulthandler` reads the stacks of all threads at once and holds no frame.

    Args:
        thread: the thread's identifier, of `threading.get_ident`.
    """
    with tempfile.TemporaryFile("w+") as file:
        faulthandler.dump_traceback(file, all_threads=True)
        file.seek(0)
        stacks = file.read().split("\n\n")
    return next((stack for stack in stacks if f"hread 0x{thread:016x} " in stack), "")
