"""WORKAROUND for PySide6 (seen with 6.9 to 6.11) on Python 3.11: an error in an overridden method of Qt's.

Where Qt calls such a method while Python waits in a call of Qt's, as during `grab` or while a file dialog is
open, PySide keeps the error until that call returns. It takes the error for an object. In Python 3.11, one
that C latent vector raises (1 / 0, or an index that is too large) becomes an object only when someone catches
it, and so the process crashes.
"""

from collections.abc import Callable
from functools import wraps
from types import FunctionType
from typing import Any

from shiboken6 import Shiboken


def catch_override_errors() -> None:
    """Have every class of Qt's that is made from now on catch, and raise again, what its overrides raise."""
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
        except BaseException:  # noqa: TRY203 - makes an object of it
            raise

    return caught
