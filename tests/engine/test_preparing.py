"""One dataset is prepared after another, and never two at once."""

from itertools import count
from pathlib import Path
from queue import SimpleQueue
from types import SimpleNamespace
from weakref import ref

import pytest

from cadl_gui.domain.dataset_source import DatasetScan, PreparingProgress
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.presets import preset
from cadl_gui.engine.training_status import TrainingState


class Scan(DatasetScan):
    """Decodes an image for each word that it gets: "go", "fail" or "end"."""

    def __init__(self, name, n):
        self.path, self.preview = Path(name), SimpleNamespace(n=n)
        self.words, self.workers, self.is_closed = SimpleQueue(), [], False

    def prepare(self, workers=None):
        self.workers.append(workers)
        try:
            for done in range(1, self.preview.n):
                yield PreparingProgress(done, self.preview.n)
                word = self.words.get(timeout=60)
                if word == "fail":
                    raise DatasetError("The disk is full.")
                if word == "end":
                    break
            return f"report of {self.path}"
        finally:
            self.is_closed = True


@pytest.fixture
def heard(engine):
    """How each preparation ended, in order."""
    ends, preparing = [], engine.preparing
    preparing.finished.connect(lambda made: ends.append((made.scan.path.name, made.report)))
    preparing.failed.connect(lambda message, _: ends.append(message))
    preparing.cancelled.connect(lambda: ends.append("cancelled"))
    return ends


def test_each_begins_anew_whatever_became_of_the_one_before(qtbot, engine, heard):
    preparing = engine.preparing
    ends = ["The disk is full.", "cancelled", ("third", "report of third"), ("fourth", "report of fourth")]
    for n, (name, word) in enumerate(
        [("first", "fail"), ("second", "go"), ("third", "end"), ("fourth", "end")]
    ):
        scan, other = Scan(name, 5 + n), Scan("other", 3)
        assert preparing.scan is None
        preparing.start(scan)
        assert (preparing.progress, preparing.seconds_left) == ((0, 5 + n), None)
        preparing.start(other)  # is ignored: one is under way
        qtbot.waitUntil(lambda n=n: preparing.progress == (1, 5 + n))
        assert preparing.scan is scan
        assert preparing.seconds_left >= 0
        if ends[n] == "cancelled":
            preparing.cancel()
        scan.words.put(word)
        qtbot.waitUntil(lambda n=n: len(heard) == n + 1)
        assert heard == ends[: n + 1]
        assert (scan.is_closed, other.workers) == (True, [])
    preparing.cancel()
    assert heard == ends, "there was nothing to cancel"
    kept = ref(scan)
    del scan
    assert kept() is None, "of 200,000 files, it is large"


def test_preparing_takes_one_process_while_a_run_trains_and_all_afterwards(qtbot, engine, heard):
    def workers():
        scan = Scan("photos", 4)
        engine.preparing.start(scan)
        scan.words.put("end")
        qtbot.waitUntil(lambda: engine.preparing.scan is None)
        return scan.workers

    assert workers() == [None]
    engine.training.train(preset("lecture-autoencoder").config.replace(epochs=1000), paused=True)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.PAUSED)
    assert workers() == [1]
    engine.training.stop()
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE)
    assert workers() == [None]


class Endless(Scan):
    """Prepares until it is stopped."""

    def prepare(self, workers=None):
        try:
            for done in count(1):
                yield PreparingProgress(done, self.preview.n)
        finally:
            self.is_closed = True


def test_preparation_ends_with_the_engine(qtbot, engine, heard):
    scan = Endless("photos", 10**12)
    engine.preparing.start(scan)
    qtbot.waitUntil(lambda: engine.preparing.progress.done > 0)
    assert engine.shut_down(60_000)
    assert scan.is_closed
