"""One film of what a network makes of a dataset is written at a time, and given up with the window."""

import numpy as np
import pytest
from fakes import FakeInference, FakeTraining
from trained import train

from cadl_gui.datasets.dataset_service import DatasetService
from cadl_gui.datasets.library import LIBRARY
from cadl_gui.datasets.sources import SOURCES
from cadl_gui.domain.moving_images import ImageOrder
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import Reconstruct
from cadl_gui.engine.engine import Engine


@pytest.fixture
def engine(qtbot):
    training, inference = FakeTraining(), FakeInference()
    engine = Engine(lambda: training, lambda: inference, None, SOURCES, DatasetService, library=LIBRARY)
    engine.load()
    qtbot.waitUntil(lambda: engine.is_ready)
    yield engine
    engine.reinterpreting.cancel()
    engine.shut_down(60_000)
    assert engine.jobs.join(60)


def test_a_film_that_waits_for_the_network_is_cancelled_or_given_up_when_the_engine_ends(
    qtbot, engine, tmp_path, monkeypatch
):
    """The program went on after its window had closed."""
    run = train(qtbot, engine, preset("lecture-autoencoder").config.replace(epochs=1))
    np.savez(tmp_path / "x.npz", images=np.zeros((20, 28, 28, 1), np.uint8))
    films, send, held = engine.reinterpreting, engine.inference.send, []

    def hold(ticket):
        (held.append if isinstance(ticket.request, Reconstruct) else send)(ticket)

    monkeypatch.setattr(engine.inference, "send", hold)
    for name in ("first", "second"):
        for path in (tmp_path / f"{name}.mp4", tmp_path / "other.mp4"):  # the other is ignored
            films.start(run, Position(1), str(tmp_path / "x.npz"), ImageOrder(), path)
            assert (films.name, films.progress) == (f"{name}.mp4", (0, 0))
        qtbot.waitUntil(lambda: films.progress == (0, 20))
        if name == "first":
            films.cancel()
            qtbot.waitUntil(lambda: films.name == "")
            assert [ticket.is_open for ticket in held] == [False], "nobody waits for it any more"
    assert engine.shut_down(5_000)
    assert not engine.jobs.is_busy
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".mp4"] == []
