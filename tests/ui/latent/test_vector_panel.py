"""The fields of a latent vector are reused for another latent space, but without their former texts."""

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel, QWidget

from cadl_gui.engine.view_state import ViewState
from cadl_gui.imaging.latent.latent_statistics import LatentStatistics
from cadl_gui.ui.latent.cursor import LatentCursor
from cadl_gui.ui.latent.vector_panel import LatentVectorPanel

pytestmark = pytest.mark.gui


@pytest.fixture
def cursor():
    return LatentCursor(ViewState())


@pytest.fixture
def panel(qtbot, cursor):
    panel = LatentVectorPanel(cursor)
    qtbot.addWidget(panel)
    panel.show()
    return panel


def named(panel, name):
    return [widget for widget in panel.findChildren(QWidget) if widget.objectName() == name]


def test_each_name_is_that_of_the_one_field_that_is_shown(panel):
    for n in (2, 5, 2, 5):
        panel.set_space(n)
        for i in range(n):
            (spin,) = named(panel, f"latentSpin{i}")
            assert spin.isVisible()
        assert len(named(panel, "latentSlider0")) == (n > 2)
        assert not named(panel, f"latentSpin{n}")


def test_fields_are_reused_without_their_former_texts(panel, cursor):
    panel.set_space(5)
    cursor.enter("id:five", 5)
    (spin,) = named(panel, "latentSpin4")
    panel.set_statistics(LatentStatistics.of(np.random.default_rng(1).normal(size=(50, 5))))
    cursor.move_to(np.arange(5))
    assert spin.value() == 4
    reported = [label.text() for label in panel.findChildren(QLabel) if "σ" in label.text()]
    assert len(reported) == 5
    for spaces in ((2, 5), (5,), (2, 5), (5,)):
        for n in spaces:
            panel.set_space(n)
        assert named(panel, "latentSpin4") == [spin]
        assert not [label.text() for label in panel.findChildren(QLabel) if "σ" in label.text()]
        panel.set_statistics(LatentStatistics.of(np.random.default_rng(2).normal(size=(50, 5))))


def test_what_is_typed_is_of_the_space_that_is_shown(panel, cursor):
    panel.set_space(5)
    panel.set_space(2)
    cursor.enter("id:two", 2)
    cursor.move_to([1, 2])
    named(panel, "latentSpin1")[0].setValue(3)
    assert cursor.latent.tolist() == [1, 3]
