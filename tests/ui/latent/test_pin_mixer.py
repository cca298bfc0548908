"""The mixture of pins that sliders weigh."""

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel, QSlider

from cadl_gui.ui.latent.pin_mixer import PinMixer

pytestmark = pytest.mark.gui

PINS = ((0.0, 4.0), (2.0, 0.0), (-4.0, 2.0))


def test_sliders_weigh_the_pins_and_without_any_weight_they_share(qtbot):
    mixer, mixed = PinMixer(PINS), []
    qtbot.addWidget(mixer)
    mixer.mixed.connect(lambda latent: mixed.append(latent.tolist()))
    mixer.show()
    sliders = mixer.findChildren(QSlider)
    mean = np.float32(np.mean(PINS, axis=0)).tolist()
    assert mixed[-1] == mean
    for values, expected, shares in (
        ((3, 1, 0), [0.5, 3.0], ["75 %", "25 %", "0 %"]),
        ((0, 0, 0), mean, ["33 %", "33 %", "33 %"]),
        ((0, 0, 2), [-4.0, 2.0], ["0 %", "0 %", "100 %"]),
        ((0, 0, 0), mean, ["33 %", "33 %", "33 %"]),
    ):
        for slider, value in zip(sliders, values, strict=True):
            slider.setValue(value)
        assert mixed[-1] == pytest.approx(expected)
        assert [label.text() for label in mixer.findChildren(QLabel) if "%" in label.text()] == shares
