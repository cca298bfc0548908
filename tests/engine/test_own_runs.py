"""Paths in files are used only for runs in the user's own folder; interrupted runs are looked for there."""

import pytest
from fakes import FakeInference, FakeTraining

from cadl_gui.domain.run import InterruptedRun
from cadl_gui.engine.engine import Engine

pytestmark = pytest.mark.gui


class Noting(FakeTraining):
    """Records which files it is requested to open."""

    def __init__(self):
        super().__init__()
        self.opened = []

    def open(self, request):
        self.opened.append((request.path.name, request.is_own))
        return super().open(request)


def test_runs_in_the_runs_folder_are_the_users_own(qtbot, tmp_path):
    training, runs = Noting(), tmp_path / "runs"
    for folder in (runs / "mine", tmp_path / "downloaded", runs / "mine" / "inside"):
        folder.mkdir(parents=True)
    engine = Engine(lambda: training, FakeInference, runs_folder=runs)
    with qtbot.waitSignal(engine.training.state_changed):
        engine.load()
    engine.runs.open(runs / "mine")
    engine.runs.open(tmp_path / "downloaded")
    engine.runs.open(runs / "mine" / "inside")
    qtbot.waitUntil(lambda: len(training.opened) == 3)
    assert training.opened == [("mine", True), ("downloaded", False), ("inside", False)]
    assert engine.shut_down(60_000)


def test_interrupted_runs_that_cannot_be_resumed_are_reported_after_the_others(qtbot, tmp_path):
    training, runs = FakeTraining(), tmp_path / "runs"
    training.died = [InterruptedRun(runs / "vae", "vae", 1, 3)]
    training.unreadable = ["“a” has lost its history.", "“b” has lost its history."]
    engine = Engine(lambda: training, FakeInference, runs_folder=runs)
    reported = []
    engine.runs.interrupted.connect(lambda found: reported.extend(run.name for run in found))
    engine.notifications.failed.connect(lambda message, _: reported.append(message))
    engine.load()
    qtbot.waitUntil(lambda: len(reported) == 3)
    assert reported == ["vae", *training.unreadable]
    assert engine.shut_down(60_000)
