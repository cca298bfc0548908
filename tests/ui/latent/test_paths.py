"""Pins, recorded drags, and their paths."""

import numpy as np
import pytest

from cadl_gui.domain.view import LatentView
from cadl_gui.imaging.latent.latent_path import LatentPath
from cadl_gui.ui.latent.paths import KINDS, LatentPaths


@pytest.fixture
def paths(engine):
    paths = LatentPaths(engine.view)
    engine.view.change(runs=("id:run", "id:first", "id:second"))
    paths.enter("id:run", 2)
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
    assert (path.epochs, path.n_frames) == ((), 109)
    np.testing.assert_array_equal(path.frames()[[0, -1]], [[0, 0], [2, 0]])


def test_pins_of_several_epochs_make_a_path_through_them(paths):
    paths.pin(at(0, 0), 0)
    paths.pin(at(0, 0), 8)
    assert paths.path().frame_epochs()[[0, -1]].tolist() == [0, 8]


def test_undo_and_redo_change_the_path(paths, engine):
    for number in range(3):
        paths.pin(at(number, 0), 1)
    assert paths.path().n_frames == 217
    engine.view.undo()
    assert paths.latents == [(0, 0), (1, 0)]
    engine.view.redo()
    assert len(paths.latents) == 3
    paths.clear()
    assert paths.latents == []
    engine.view.undo()
    assert len(paths.latents) == 3


def test_every_run_keeps_its_pins(paths, engine):
    paths.enter("id:first", 2)
    paths.pin(at(0, 0), 1)
    paths.pin(at(1, 0), 1)
    engine.view.undo()
    paths.record(at(3, 3))
    paths.leave()
    assert paths.latents == paths.movement == []
    paths.enter("id:second", 2)
    paths.pin(at(5, 5, 5), 2)
    engine.view.undo()
    assert paths.latents == []
    paths.leave()
    paths.enter("id:first", 2)
    assert paths.latents == [(0, 0)]
    for latents in ([], [(0, 0)]):
        (engine.view.redo if latents else engine.view.undo)()
        assert paths.latents == latents


def test_a_recorded_drag_is_a_path_too(paths, monkeypatch):
    """It may be longer than the rest that ends a drag."""
    times = (0.0, 0.5, 0.75, 1.5, 2.25)
    now = iter(times)
    monkeypatch.setattr("time.monotonic", lambda: next(now))
    for number in range(5):
        paths.record(at(number, 1))
    paths.set_kind("movement")
    path = paths.path()
    assert path.times == times
    np.testing.assert_allclose(path.frames()[[0, -1]], [[0, 1], [4, 1]])


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


def test_pins_kind_and_drag_are_those_of_the_run_entered_whatever_is_done_to_others(paths, engine):
    view, told = engine.view, []
    paths.changed.connect(lambda: told.append((paths.kind, paths.latents)))
    pins = {"id:first": ((1.0, 2.0, 3), (4.0, 5.0, 6)), "id:second": ((7.0, 8.0, 9),)}
    for key, chosen in pins.items():
        view.change(of_run=view.value.with_run(key, pins=chosen))
    assert told == [], "they are of other runs"
    for name, kind in (("first", "spherical"), ("second", "movement"), ("first", "smooth")):
        paths.leave()
        assert (paths.pins, paths.movement) == ((), [])
        paths.enter(f"id:{name}", 2)
        assert paths.pins == pins[f"id:{name}"]
        for n in range(2):
            paths.record(at(n, n))
        paths.set_kind(kind)
        assert told[-1] == (kind, paths.latents)
        assert view.value.latent.path_kind == kind
        n_told = len(told)
        paths.set_kind(kind)
        other = "id:second" if name == "first" else "id:first"
        view.change(of_run=view.value.with_run(other, z=(1.0, 1.0)))
        assert len(told) == n_told, "nothing of it has changed"
        view.change(of_run=view.value.with_run(f"id:{name}", pins=()))
        assert told[-1] == (kind, [])
        view.change(of_run=view.value.with_run(f"id:{name}", pins=pins[f"id:{name}"]))
        assert told[-1] == (kind, [pin[:-1] for pin in pins[f"id:{name}"]])
        assert len(paths.movement) == 2
    paths.clear_pins()
    assert (paths.pins, len(paths.movement)) == ((), 2), "a drag could not be taken back"
    paths.pin(at(0.5, 0.25), 4)
    paths.clear()
    assert (paths.pins, paths.movement) == ((), [])
    view.change(latent=LatentView(path_kind="of another version"))
    assert paths.kind == KINDS[0]
    for n_latents, expected in ((3, ()), (2, pins["id:second"]), (1, ()), (2, pins["id:second"])):
        paths.leave()
        paths.enter("id:second", n_latents)
        assert paths.pins == expected, "those of another space count as none"


def test_pins_of_a_saved_path_are_added_at_its_epochs_or_else_at_the_one_shown(paths, engine):
    paths.pin(at(9, 9), 2)
    paths.apply(LatentPath(pins=((0.0, 1.0), (2.0, 3.0)), kind="straight"), epoch=5)
    paths.apply(LatentPath(pins=((4.0, 5.0),) * 2, kind="smooth", epochs=(1, 4)), epoch=7)
    assert paths.pins == ((9, 9, 2), (0, 1, 5), (2, 3, 5), (4, 5, 1), (4, 5, 4))
    assert paths.path().epochs == (2, 5, 5, 1, 4)
    engine.view.undo()
    assert paths.path().epochs == (2, 5, 5)
    times = (0.0, 0.5, 2.0)
    for _ in range(2):
        paths.apply(LatentPath(pins=((0.0, 1.0),) * 3, kind="movement", times=times), epoch=5)
        assert (paths.kind, len(paths.pins), paths.path().times) == ("movement", 3, times)
    assert paths.unavailable_reason.startswith("Drag the handle")
    paths.set_kind("smooth")
    assert paths.unavailable_reason.startswith("Set two pins")
