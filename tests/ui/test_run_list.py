"""The list of runs paints what has changed, also beside many other runs."""

from functools import partial

import pytest
from geometry import texts
from PySide6.QtCore import QEvent, QObject
from trained import train

from cadl_gui.domain.presets import preset
from cadl_gui.ui.controls.run_list import RunList

pytestmark = pytest.mark.gui

SOFTMAX = preset("softmax").config.replace(epochs=1)


class Painted(QObject):
    """Collects the parts of a widget that are painted."""

    def __init__(self):
        super().__init__()
        self.rectangles = []

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self.rectangles.extend(event.region())
        return False


def test_a_step_of_one_run_paints_only_its_row(qtbot, window, find, engine):
    first, second = (train(qtbot, engine, SOFTMAX) for _ in range(2))
    runs = find("runList", RunList)
    rows = {run: runs.visualRect(runs.model().index(row, 0)) for row, run in enumerate((first, second))}
    painted = Painted()
    runs.viewport().installEventFilter(painted)

    def is_painted_alone(name):
        painted.rectangles.clear()
        engine.runs.rename(second, name)
        qtbot.waitUntil(lambda: any(part.intersects(rows[second]) for part in painted.rectangles))
        return not any(part.intersects(rows[first]) for part in painted.rectangles)

    # The other row may be painted at the same time for a reason of its own, such as its miniature.
    assert any(is_painted_alone(f"renamed {n} times") for n in range(1, 6))


def is_cut(name, text):
    return "…" in text.words and text.words[:3] == name[:3]


def test_beside_a_scroll_bar_names_have_as_much_room(qtbot, window, find, engine):
    """“denoising-autoencoder” was cut, and “300 epochs” left out, beside a bar of ten pixels."""
    run, _ = (train(qtbot, engine, SOFTMAX) for _ in range(2))
    runs, rooms = find("runList", RunList), {}
    for name in ("one that is too long for its room", "another that is too long for its room"):
        engine.runs.rename(run, name)
        for is_low in (False, True):
            runs.setMaximumHeight(100 if is_low else 600)
            qtbot.waitUntil(lambda low=is_low: runs.verticalScrollBar().isVisible() == low)
            runs.scrollToTop()
            qtbot.waitUntil(lambda name=name: any(map(partial(is_cut, name), texts(window))))
            shown = filter(partial(is_cut, name), texts(window))
            rooms.setdefault(is_low, []).extend(text.room.width() for text in shown)
    assert min(rooms[True]) >= max(rooms[False]) - 2
