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
from PySide6.QtWidgets import QApplication, QWidget

from cadl_gui.engine.engine import Engine
from cadl_gui.ui.shell.main_window import MainWindow
from hostile.campaign import remove, write
from hostile.kinds import KINDS, Kind

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


def drop_on_window(n: int, seed: int) -> dict[str, Stood]:
    """Drop `n` damaged files of each kind that can be dropped, one by one; returns the results by kind."""
    QApplication.instance() or QApplication(["hostile"])
    with open_window() as (window, engine, _), tempfile.TemporaryDirectory() as scratch:
        return {
            kind.name: _drop_kind(window, engine, kind, n, seed, Path(scratch) / kind.name)
            for kind in KINDS
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
            opened = scratch / str(i) / kind.opened
            _drop(target, next(opened.iterdir()) if kind.name == "labelled images" else opened)
            if kind.name not in {"picture", "IDX files", "labelled images"}:
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


def _drop(target: QWidget, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    about = (
        Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(target, drag_enter(target.rect().center(), *about))
    QApplication.sendEvent(target, QDropEvent(QPointF(target.rect().center()), *about))
