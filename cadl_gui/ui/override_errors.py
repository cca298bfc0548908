"""WORKAROUND for PySide6 (seen with 6.9 to 6.11) on Python 3.11: errors in overrides of Qt methods.

If Qt calls an override while Python waits for another Qt call to return, as during `grab` or while a file
dialog is open, PySide stores an error until that call returns. It assumes that the error is an object. In
Python 3.11, an error raised by C code (1 / 0, or an index out of range) becomes an object only when it is
caught, so the process crashes.
"""

from collections.abc import Callable
from functools import wraps
from types import FunctionType
from typing import Any

from shiboken6 import Shiboken


def catch_override_errors() -> None:
    """Make all Qt subclasses defined from now on catch and re-raise the errors of their overrides."""
    Shiboken.Object.__init_subclass__ = classmethod(_catch_in)  # type: ignore[assignment, method-assign]


def _catch_in(made: type[Any], /, **arguments: Any) -> None:
    super(Shiboken.Object, made).__init_subclass__(**arguments)
    of_qt = [base for base in made.__mro__ if base.__module__.startswith("PySide6.")]
    for name, value in list(vars(made).items()):
        if (
            isinstance(value, FunctionType)
            and name != "__init__"
            and any(name in vars(base) for base in of_qt)
        ):
            setattr(made, name, _catching(value))


def _catching(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def caught(*arguments: Any, **named: Any) -> Any:
        try:
            return method(*arguments, **named)
        except BaseException:  # noqa: TRY203 - catching creates the object
            raise

    return caught
