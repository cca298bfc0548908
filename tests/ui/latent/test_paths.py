"""Pins, recorded drags, and their paths."""

import numpy as np
import pytest

from cadl_gui.imaging.latent.latent_path import LatentPath
from cadl_gui.ui.latent.paths import LatentPaths


@pytest.fixture
def paths(engine):
    paths = LatentPaths(engine.view)
    engine.view.change(runs=("id:run", "id:first", "id:second"))
    paths.enter("run", "id:run", 2)
    return paths


def at(*numbers):
    return np.array(numbers, np.float32)


def test_single_pin_makes_no_path(paths):
    paths.pin(at(0, 0), 3)
    assert paths.path() is None


def test_pins_of_one_epoch_make_a_path_that_stays_there(paths):
    paths.pin(at(0, 0), 3)
    paths.pin(at(2, 0), 3)
    path = paths.path()
    assert path.epochs == ()
    np.testing.assert_array_equal(path.frames()[[0, -1]], [[0, 0], [2, 0]])


def test_pins_of_several_epochs_make_a_path_through_them(paths):
    paths.pin(at(0, 0), 0)
    paths.pin(at(0, 0), 8)
    assert paths.path().frame_epochs()[[0, -1]].tolist() == [0, 8]


def test_undo_and_redo_change_the_path(paths, engine):
    for number in range(3):
        paths.pin(at(number, 0), 1)
    engine.view.undo()
    assert paths.latents == [(0, 0), (1, 0)]
    engine.view.redo()
    assert len(paths.latents) == 3
    paths.clear()
    assert paths.latents == []
    engine.view.undo()
    assert len(paths.latents) == 3


def test_every_run_keeps_its_pins(paths, engine):
    paths.enter("first", "id:first", 2)
    paths.pin(at(0, 0), 1)
    paths.pin(at(1, 0), 1)
    engine.view.undo()
    paths.record(at(3, 3))
    paths.leave()
    assert paths.latents == paths.movement == []
    paths.enter("second", "id:second", 2)
    paths.pin(at(5, 5, 5), 2)
    engine.view.undo()
    assert paths.latents == []
    paths.leave()
    paths.enter("first", "id:first", 2)
    assert paths.latents == [(0, 0)]
    for latents in ([], [(0, 0)]):
        (engine.view.redo if latents else engine.view.undo)()
        assert paths.latents == latents


def test_a_recorded_drag_is_a_path_too(paths, monkeypatch):
    now = iter((0.0, 0.5, 0.75))
    monkeypatch.setattr("time.monotonic", lambda: next(now))
    for number in range(3):
        paths.record(at(number, 1))
    paths.set_kind("movement")
    path = paths.path()
    assert path.times == (0, 0.5, 0.75)
    np.testing.assert_allclose(path.frames()[[0, -1]], [[0, 1], [2, 1]])


def test_after_a_pause_a_new_drag_is_recorded(paths, monkeypatch):
    now = iter((0.0, 0.5, 2.0))
    monkeypatch.setattr("time.monotonic", lambda: next(now))
    for number in range(3):
        paths.record(at(number, 1))
    assert [latent.tolist() for latent in paths.movement] == [[2, 1]]


def test_a_saved_path_sets_its_pins(paths):
    paths.apply(LatentPath(pins=((0.0, 1.0), (2.0, 3.0)), kind="smooth", epochs=(1, 4)), epoch=9)
    again = paths.path()
    assert (again.pins, again.kind, again.epochs) == (((0, 1), (2, 3)), "smooth", (1, 4))
