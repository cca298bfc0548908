"""Paths in files are used only for runs in the user's own folder; interrupted runs are looked for there."""

import pytest
from fakes import FakeInference, FakeTraining

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
    engine.load()
    qtbot.waitUntil(lambda: engine.is_ready)
    engine.runs.open(runs / "mine")
    engine.runs.open(tmp_path / "downloaded")
    engine.runs.open(runs / "mine" / "inside")
    qtbot.waitUntil(lambda: len(training.opened) == 3)
    assert training.opened == [("mine", True), ("downloaded", False), ("inside", False)]
    assert engine.shut_down(60_000)


@pytest.mark.parametrize(
    ("complaints", "message", "details"),
    [
        (["“a” has lost its history."], "“a” has lost its history.", ""),
        (
            ["“a” has lost its history.", "“b” too."],
            "2 interrupted runs cannot be resumed; nothing in them was changed.",
            "“a” has lost its history.\n“b” too.",
        ),
    ],
    ids=["one", "two"],
)
def test_interrupted_runs_that_cannot_be_resumed_are_reported(qtbot, tmp_path, complaints, message, details):
    training = FakeTraining()
    training.unreadable = complaints
    engine = Engine(lambda: training, FakeInference, runs_folder=tmp_path / "runs")
    with qtbot.waitSignal(engine.notifications.failed) as reported:
        engine.load()
    assert reported.args[:2] == [message, details]
    assert engine.shut_down(60_000)
