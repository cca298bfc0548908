"""Answers the native file dialogs, whose buttons tests cannot press; there are no other stubs for them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self
from unittest import mock

from PySide6.QtWidgets import QFileDialog

_FUNCTIONS = ("getOpenFileName", "getSaveFileName", "getExistingDirectory")


@dataclass(frozen=True)
class Asked:
    """A dialog that would have opened.

    Attributes:
        how: the function that opens it.
        title: its title.
        place: the folder or path that it proposes.
        kinds: kinds of files, in Qt's notation; "" if it asks for a folder.
    """

    how: str
    title: str
    place: str
    kinds: str


class FileDialogs:
    """A context in which file dialogs return at once; at first, they return as if cancelled.

    Attributes:
        asked: the dialogs, in order.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._answer: Callable[[Asked], tuple[str, str]] = lambda _: ("", "")
        self._patches = [mock.patch.object(QFileDialog, how, self._function(how)) for how in _FUNCTIONS]

    def answer(self, path: object, kind: str = "") -> None:
        """Return this path, as this kind, from now on; None cancels."""
        chosen = "" if path is None else str(path)
        self.answer_by(lambda _: (chosen, kind))

    def answer_by(self, answer: Callable[[Asked], tuple[str, str]]) -> None:
        """Let a function choose path and kind from now on."""
        self._answer = answer

    def __enter__(self) -> Self:
        for patch in self._patches:
            patch.start()
        return self

    def __exit__(self, *_: object) -> None:
        for patch in self._patches:
            patch.stop()

    def _function(self, how: str) -> Any:
        def opened(_parent: object, title: str, place: str, kinds: str = "") -> str | tuple[str, str]:
            asked = Asked(how, title, place, kinds)
            self.asked.append(asked)
            answer = self._answer(asked)
            return answer[0] if how == "getExistingDirectory" else answer

        return opened
