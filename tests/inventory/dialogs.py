"""Which files the window asks for: title and kinds of the system's file dialogs, which stay closed."""

from typing import Any, Self
from unittest import mock

from PySide6.QtWidgets import QFileDialog

_KINDS_AT = {"getOpenFileName": 3, "getSaveFileName": 3, "getExistingDirectory": None}


class AskedFiles:
    """While it is entered, nobody chooses a file.

    Attributes:
        asked: what was asked for, in order.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._patches = [
            mock.patch.object(QFileDialog, name, self._answer(name, place))
            for name, place in _KINDS_AT.items()
        ]

    def __enter__(self) -> Self:
        for patch in self._patches:
            patch.start()
        return self

    def __exit__(self, *_: object) -> None:
        for patch in self._patches:
            patch.stop()

    def _answer(self, name: str, kinds_at: int | None) -> Any:
        def answer(*arguments: Any) -> Any:
            title = arguments[1] if len(arguments) > 1 else ""
            kinds = arguments[kinds_at] if kinds_at is not None and len(arguments) > kinds_at else ""
            self.asked.append(" | ".join((name, title, kinds)))
            return "" if kinds_at is None else ("", "")

        return answer
