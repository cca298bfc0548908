"""Trains a run in an engine, for a tab to show."""

import numpy as np
from PySide6.QtWidgets import QWidget

from cadl_gui.engine.training_status import TrainingState


def train(qtbot, engine, config):
    """Train a new run with a configuration, and wait for its end."""
    n = len(engine.runs) + 1
    engine.training.train(config)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE and len(engine.runs) == n)
    return engine.runs[-1]


def knows_the_end(latent_tab):
    """Whether the tab shows the latents of a fake run’s last epoch, from (−2, −2) to (2, 2)."""
    places = latent_tab.findChild(QWidget, "latentPlane").points.places
    return len(places) > 0 and np.isclose(np.hypot(*np.ptp(places, axis=0)), 4 * 2**0.5, rtol=1e-3)
