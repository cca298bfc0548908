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

    def is_painted_alone(name):
        painted.rectangles.clear()
        engine.runs.rename(second, name)
        qtbot.waitUntil(lambda: any(part.intersects(rows[second]) for part in painted.rectangles))
        return not any(part.intersects(rows[first]) for part in painted.rectangles)

    # The other row may be painted at the same time for a reason of its own, such as its miniature.
    assert any(is_painted_alone(f"renamed {n} times") for n in range(1, 6))
