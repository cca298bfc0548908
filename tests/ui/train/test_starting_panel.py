"""While a training starts, what happens is said where its images will be, and can be cancelled."""

from threading import Event

import pytest
from fakes import FakeInference, FakeTraining
from PySide6.QtWidgets import QLabel, QWidget

from cadl_gui.domain.presets import preset
from cadl_gui.engine.training_status import TrainingState

pytestmark = pytest.mark.gui

CONFIGURATION = preset("lecture-autoencoder").config.replace(epochs=1)


class SlowStart(FakeTraining):
    """A start with two stages, the second of which waits for the test."""

    def __init__(self):
        super().__init__()
        self.may_go_on = Event()

    def train(self, request):
        request.on_stage("Preparing the images")
        request.on_stage("Compiling the training step")
        assert self.may_go_on.wait(60)
        request.on_stage("Measuring the network before the first batch")
        yield from super().train(request)


@pytest.fixture
def backends():
    return SlowStart(), FakeInference()


@pytest.fixture
def starting(qtbot, window, engine, find, backends):
    """A training that is starting, as the user sees it."""
    engine.training.train(CONFIGURATION)
    panel = find("startingPanel")
    qtbot.waitUntil(panel.isVisible)
    yield panel
    backends[0].may_go_on.set()


def test_panel_says_what_happens_over_the_figures(qtbot, window, find, starting, backends):
    qtbot.waitUntil(lambda: find("startingStage", QLabel).text() == "Compiling the training step…")
    qtbot.waitUntil(lambda: find("statusLabel").text() == "Compiling the training step…")
    montage = find("reconstructionMontage")
    centre = starting.mapFromGlobal(montage.mapToGlobal(montage.rect().center()))
    assert starting.rect().contains(centre), "the images of before can be seen"
    window.resize(window.width() - 99, window.height())
    qtbot.waitUntil(lambda: starting.geometry() == starting.parentWidget().rect())
    backends[0].may_go_on.set()
    qtbot.waitUntil(lambda: not starting.isVisible())


def test_a_cancelled_start_gives_the_window_back_at_once_and_adds_no_run(
    qtbot, engine, find, starting, backends
):
    assert find("trainButton", QWidget).isEnabled() is False
    find("cancelStartButton").click()
    assert engine.training.state is TrainingState.IDLE
    assert not starting.isVisible()
    backends[0].may_go_on.set()
    engine.training.train(CONFIGURATION)
    qtbot.waitUntil(lambda: len(engine.runs) == 1)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE)
    assert len(engine.runs) == 1
    assert find("noticeStrip").message() == ""
