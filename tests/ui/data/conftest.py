"""Panels of the Data tab, each alone in a window."""

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget

from cadl_gui.engine.background_jobs import BackgroundJobs


@pytest.fixture
def jobs():
    jobs = BackgroundJobs()
    yield jobs
    assert jobs.join(60)


@pytest.fixture
def show(qtbot):
    """Show a widget in a size, as wide as the tab would."""

    def show(widget, width=320, height=640):
        qtbot.addWidget(widget)
        widget.resize(width, height)
        widget.show()
        qtbot.waitExposed(widget)
        return widget

    return show


@pytest.fixture
def part_of():
    """Finds a part of a panel by its stable name."""

    def part_of(panel, name):
        part = panel.findChild(QWidget, name)
        assert part is not None, name
        return part

    return part_of


@pytest.fixture
def images():
    """(40, 28, 28, 1) uint8, each of one grey, its number."""
    return np.arange(40, dtype=np.uint8)[:, None, None, None].repeat(28, 1).repeat(28, 2)
