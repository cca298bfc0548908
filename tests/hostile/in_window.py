"""Drops damaged files on the real window, and measures how long it freezes for each."""

import tempfile
import zlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from frames import Pulse
from hand import drag_enter
from open_window import open_window, spin, wait_until
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from shiboken6 import isValid

from cadl_gui.engine.engine import Engine
from cadl_gui.ui.data.prepare_dialog import PrepareDialog
from cadl_gui.ui.window.main_window import MainWindow
from hostile.campaign import remove, write
from hostile.dataset_kinds import DATASET_KINDS
from hostile.kind import Kind

_MOST_SECONDS = 10.0
"""Time limit for opening or refusing a file."""

_SETTLES_SECONDS = 0.3
"""Time for tabs to request and show what was opened."""

_BY_HAND = {"latent path"}
"""Kinds that cannot be dropped, but are chosen in a dialog of their tab."""


@dataclass
class Stood:
    """The results for the files of one kind.

    Attributes:
        outcomes: how often a file was opened, refused, or accepted as a dataset.
        worst_ms: the longest time between two turns of the event loop, for each file.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    worst_ms: list[float] = field(default_factory=list)


def drop_on_window(kinds: list[Kind], n: int, seed: int) -> dict[str, Stood]:
    """Drop `n` damaged files of each kind that can be dropped, one by one; returns the results by kind."""
    QApplication.instance() or QApplication(["hostile"])
    with open_window() as (window, engine, _), tempfile.TemporaryDirectory() as scratch:
        return {
            kind.name: _drop_kind(window, engine, kind, n, seed, Path(scratch) / kind.name)
            for kind in kinds
            if kind.name not in _BY_HAND
        }


def _drop_kind(window: MainWindow, engine: Engine, kind: Kind, n: int, seed: int, scratch: Path) -> Stood:
    random = np.random.default_rng([seed, zlib.crc32(kind.name.encode())])
    scratch.mkdir()
    specimens = kind.originals(scratch)
    target: QWidget = window
    if kind.name == "picture":
        window.findChild(QAction, "drawTabAction").trigger()
        target = window.findChild(QWidget, "digitCanvas")
        spin(1)
    stood = Stood()
    heard: list[str] = []
    engine.runs.added.connect(lambda _: heard.append("opened"))
    engine.runs.opening_failed.connect(lambda _: heard.append("refused"))
    try:
        for i in range(n + len(specimens)):  # whole ones first: what comes with the first file is not counted
            files = specimens[i] if i < len(specimens) else kind.damaged(random, specimens)[1]
            write(scratch / str(i), files)
            heard.clear()
            pulse = Pulse()
            _drop(target, kind.path_in(scratch / str(i)))
            if kind in DATASET_KINDS:
                heard.append(_prepared(window))
            elif kind.name not in {"picture", "IDX files", "labelled images"}:
                _wait(heard)
            spin(_SETTLES_SECONDS)
            if i >= len(specimens):
                stood.outcomes[heard[0] if heard else "taken"] += 1
                stood.worst_ms.append(pulse.worst_ms)
            pulse.deleteLater()
            for run in list(engine.runs):
                engine.runs.remove(run)
            spin(0.05)
            remove(scratch / str(i))
    finally:
        engine.runs.added.disconnect()
        engine.runs.opening_failed.disconnect()
    return stood


def _wait(heard: list[str]) -> None:
    try:
        wait_until(lambda: bool(heard), _MOST_SECONDS)
    except TimeoutError:
        heard.append("no answer")


def _prepared(window: MainWindow) -> str:
    """Prepare in the dialog what was dropped, if it can be; returns what came of it."""
    spin(0.2)  # whether it has to be prepared is looked up in the background
    dialogs = [each for each in window.findChildren(PrepareDialog, "prepareDialog") if each.isVisible()]
    dialog = dialogs[-1] if dialogs else None
    if dialog is None:
        return "opened as it is, or refused"
    message, start = (
        dialog.findChild(QLabel, "prepareMessage"),
        dialog.findChild(QWidget, "prepareStartButton"),
    )
    try:
        wait_until(lambda: start.isEnabled() or _is_sentence(message.text()), _MOST_SECONDS)
        if not start.isEnabled():
            return "refused"
        QTest.mouseClick(start, Qt.MouseButton.LeftButton)
        wait_until(lambda: not _is_open(dialog) or _is_sentence(message.text()), _MOST_SECONDS)
        return "not prepared" if _is_open(dialog) else "prepared"
    except TimeoutError:
        return "no answer"
    finally:
        if _is_open(dialog):  # being prepared, or refused
            QTest.mouseClick(dialog.findChild(QWidget, "prepareCancelButton"), Qt.MouseButton.LeftButton)
            wait_until(lambda: not _is_open(dialog) or not dialog.is_preparing, _MOST_SECONDS)
            if _is_open(dialog):
                dialog.close()
            spin(0.3)


def _is_open(dialog: QWidget) -> bool:
    return isValid(dialog) and dialog.isVisible()


def _is_sentence(message: str) -> bool:
    return "“" in message and message.rstrip().endswith(".")


def _drop(target: QWidget, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    about = (
        Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(target, drag_enter(target.rect().center(), *about))
    QApplication.sendEvent(target, QDropEvent(QPointF(target.rect().center()), *about))
