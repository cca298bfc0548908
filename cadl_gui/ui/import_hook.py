"""WORKAROUND for PySide6 (seen with 6.11): it makes every later import slower.

With its first import it replaces Python's `__import__`, to look into the source of each module that is
imported from then on for its optional `__feature__` names, which we do not use. TensorFlow's modules took a
fifth longer.
"""

import builtins


def import_without_hook() -> None:
    """Import what brings the hook, and put back the `__import__` that there was before."""
    before = builtins.__import__
    import shiboken6  # noqa: F401 - PySide6's base, which sets the hook

    builtins.__import__ = before
