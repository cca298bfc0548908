"""Panels of the Data tab, each alone in a window."""

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget


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
