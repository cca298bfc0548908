"""The fields of a latent vector are reused for another latent space, but without their former texts."""

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel, QWidget

from cadl_gui.imaging.latent.latent_statistics import LatentStatistics
from cadl_gui.ui.latent.vector_panel import LatentVectorPanel

pytestmark = pytest.mark.gui


@pytest.fixture
def panel(qtbot):
    panel = LatentVectorPanel()
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


def test_fields_are_reused_without_their_former_texts(panel):
    panel.set_space(5)
    (spin,) = named(panel, "latentSpin4")
    panel.set_statistics(LatentStatistics.of(np.random.default_rng(1).normal(size=(50, 5))))
    panel.show_latent(np.arange(5, dtype=np.float32))
    assert spin.value() == 4
    reported = [label.text() for label in panel.findChildren(QLabel) if "σ" in label.text()]
    assert len(reported) == 5
    panel.set_space(2)
    panel.set_space(5)
    assert named(panel, "latentSpin4") == [spin]
    assert not [label.text() for label in panel.findChildren(QLabel) if "σ" in label.text()]


def test_what_is_typed_is_of_the_space_that_is_shown(panel, qtbot):
    panel.set_space(5)
    panel.set_space(2)
    panel.show_latent(np.array([1, 2], np.float32))
    with qtbot.waitSignal(panel.latent_edited) as edited:
        named(panel, "latentSpin1")[0].setValue(3)
    np.testing.assert_array_equal(edited.args[0], [1, 3])
