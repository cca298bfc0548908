"""Before TensorFlow is loaded, runs are read and their networks answer; what needs it waits."""

import time

import numpy as np
import pytest
from fakes import SHAPE, FakeInference, FakeTraining

from cadl_gui.domain.requests import Reconstruct
from cadl_gui.engine import file_worker
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.engine.training_status import TrainingState

pytestmark = pytest.mark.gui


@pytest.fixture
def training():
    return FakeTraining()


@pytest.fixture
def engine(training, tmp_path):
    """An engine whose threads run, and which can read folders early, but no files."""

    def read_early(request):
        return training.open(request) if request.path.is_dir() else None

    engine = Engine(lambda: training, FakeInference, tmp_path / "runs", read_early=read_early)
    engine.start()
    yield engine
    assert engine.shut_down(60_000)


def names(engine):
    return [run.description.source.name for run in engine.runs]


def made(tmp_path, name):
    (tmp_path / name).mkdir()
    return tmp_path / name


def test_a_run_folder_is_read_and_answers(qtbot, engine, tmp_path):
    engine.runs.open(made(tmp_path, "run"))
    qtbot.waitUntil(lambda: names(engine) == ["run"])
    answers = []
    request = Reconstruct(engine.runs[0].run_id, None, np.ones((1, *SHAPE), np.float32))
    InferenceClient(engine.inference, engine).ask(request, lambda answer, _: answers.append(answer))
    qtbot.waitUntil(lambda: bool(answers))
    assert answers[0].max() == 0.5
    assert not engine.is_ready


def test_a_file_is_read_and_a_name_written_once_tensorflow_is_there(qtbot, engine, training, tmp_path):
    file = tmp_path / "file.keras"
    file.touch()
    engine.runs.open(file)
    engine.runs.open(made(tmp_path, "run"))
    qtbot.waitUntil(lambda: names(engine) == ["run"])
    engine.runs.rename(engine.runs[0], "mine")
    engine.load()
    qtbot.waitUntil(lambda: names(engine) == ["file.keras", "run"])
    qtbot.waitUntil(lambda: [request.name for request in training.renamed] == ["mine"])


def test_the_first_runs_are_read_at_once_and_the_others_before_tensorflow(qtbot, training, engine, tmp_path):
    for number in range(file_worker.AT_ONCE + 1):
        engine.runs.open(made(tmp_path, str(number)))
    qtbot.waitUntil(lambda: len(engine.runs) == file_worker.AT_ONCE)
    read = []
    engine.runs.added.connect(lambda run: read.append(engine.is_ready))
    engine.load()
    qtbot.waitUntil(lambda: len(engine.runs) == file_worker.AT_ONCE + 1)
    assert read == [False]


def test_a_run_that_is_opened_when_tensorflow_could_not_be_loaded_is_read(qtbot, training, tmp_path):
    """Nothing is about to begin for which it could wait."""
    engine = Engine(lambda: 1 / 0, FakeInference, None, read_early=training.open)
    for number in range(file_worker.AT_ONCE):
        engine.runs.open(made(tmp_path, str(number)))
    with qtbot.waitSignal(engine.notifications.failed):
        engine.load()
    engine.runs.open(made(tmp_path, "later"))
    qtbot.waitUntil(lambda: names(engine)[-1] == "later")
    assert engine.shut_down(60_000)


def test_a_name_that_is_not_written_without_tensorflow_is_reported(qtbot, training, tmp_path):
    """The window shows the new name, and had the old one again at the next start."""
    engine = Engine(lambda: 1 / 0, FakeInference, None, read_early=training.open)
    engine.runs.open(made(tmp_path, "run"))
    engine.start()
    qtbot.waitUntil(lambda: names(engine) == ["run"])
    failures = []
    engine.notifications.failed.connect(lambda message, *_: failures.append(message))
    engine.runs.rename(engine.runs[0], "before")
    engine.load()
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.UNAVAILABLE)
    engine.runs.rename(engine.runs[0], "after")
    qtbot.waitUntil(lambda: len(failures) == 3)
    reason = "TensorFlow could not be loaded: division by zero"
    assert {*failures} == {
        reason,
        f"before could not be written as a name: {reason}",
        f"after could not be written as a name: {reason}",
    }
    assert engine.shut_down(60_000)


def test_tensorflow_does_not_wait_for_ever_for_runs_to_be_read(qtbot, engine, training, tmp_path):
    read = training.open

    def read_slowly(request):
        began = time.thread_time()
        while time.thread_time() - began <= file_worker.EARLY_S:
            pass
        return read(request)

    training.open = read_slowly
    for name in ("first", "second"):
        engine.runs.open(made(tmp_path, name))
    qtbot.waitUntil(lambda: names(engine) == ["first"])
    engine.load()
    qtbot.waitUntil(lambda: names(engine) == ["first", "second"])
    assert engine.is_ready


def test_a_folder_that_is_damaged_is_reported_at_once(qtbot, engine, training, tmp_path):
    folder = made(tmp_path, "run")
    training.open = lambda *_: 1 / 0
    with qtbot.waitSignal(engine.notifications.failed) as failed:
        engine.runs.open(folder)
    assert failed.args[0].startswith("run could not be opened")
    assert not engine.runs.listed
