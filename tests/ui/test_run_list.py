"""The list of runs paints what has changed, also beside many other runs."""

import pytest
from PySide6.QtCore import QEvent, QObject
from trained import train

from cadl_gui.domain.presets import preset
from cadl_gui.ui.widgets.run_list import RunList

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
    engine.runs.rename(second, "renamed")
    qtbot.waitUntil(lambda: any(rows[second].contains(part) for part in painted.rectangles))
    # A row may be painted meanwhile for another reason, such as its miniature, but then alone, too.
    assert not any(
        part.intersects(rows[first]) and part.intersects(rows[second]) for part in painted.rectangles
    )
