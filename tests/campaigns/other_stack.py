"""Tells where another thread is, without keeping alive what its functions hold."""

import sys
import traceback


def stack_of(thread: int) -> str:
    """Return the stack of another thread as text, or "" if it runs no Python.

    A frame keeps the local variables of its function alive. Whoever formats it, as `traceback.format_stack`
    does, reads files meanwhile; if the function returns then, what it held is destroyed late and in the wrong
    thread. The `QPainter` of a `paintEvent` was still active while the next widget was painted: a crash.
    So the frames are left again at once, and only what they executed is formatted.

    Args:
        thread: the thread's identifier, of `threading.get_ident`.
    """
    frame = sys._current_frames().get(thread)
    walked = []
    while frame is not None:
        walked.append((frame.f_code, frame.f_lineno))
        frame = frame.f_back
    lines = [(code.co_filename, line, code.co_name, None) for code, line in reversed(walked)]
    return "".join(traceback.StackSummary.from_list(lines).format())
