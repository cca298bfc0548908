"""A path from a text file gives the same frames again; a file that is not a path is refused."""

import json
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadl_gui.domain.errors import UserError
from cadl_gui.imaging.latent.latent_path import LatentPath
from cadl_gui.imaging.latent.path import PATH_KINDS, path_through

PINS = ((0.1, -2.0), (1.0, 0.3), (2.5, 1.0))
PATH = LatentPath(pins=PINS)

numbers = st.floats(-1e6, 1e6)


@st.composite
def paths(draw):
    d = draw(st.integers(1, 4))
    pins = tuple(draw(st.lists(st.tuples(*[numbers] * d), min_size=1, max_size=5)))
    kind = draw(st.sampled_from((*PATH_KINDS, "movement")))
    every = st.lists(st.integers(0, 30), min_size=len(pins), max_size=len(pins))
    times = tuple(map(float, sorted(draw(every)))) if kind == "movement" else ()
    epochs = tuple(draw(every)) if kind != "movement" and draw(st.booleans()) else ()
    return LatentPath(pins=pins, kind=kind, n_frames=draw(st.integers(2, 40)), times=times, epochs=epochs)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(paths())
def test_a_saved_path_is_the_same_path(tmp_path, path):
    path.save(tmp_path / "walk.json")
    loaded = LatentPath.load(tmp_path / "walk.json")
    assert loaded == path
    np.testing.assert_array_equal(loaded.frames(), path.frames())
    assert loaded.frames().shape == (path.n_frames, path.latent_dim)


def test_frames_are_those_of_the_path_through_the_pins():
    path = LatentPath(pins=PINS, kind="smooth", n_frames=33)
    np.testing.assert_array_equal(path.frames(), path_through(PINS, "smooth", 33))
    assert path.frame_epochs() is None


def test_a_path_can_stay_while_epochs_pass():
    path = LatentPath(pins=((1.0, 1.0), (1.0, 1.0), (3.0, 1.0)), epochs=(0, 4, 4), n_frames=9)
    assert path.frame_epochs().tolist() == [0, 1, 2, 3, 4, 4, 4, 4, 4]
    np.testing.assert_allclose(path.frames()[:, 0], [1, 1, 1, 1, 1, 1.5, 2, 2.5, 3])


def test_a_frame_between_two_epochs_is_of_the_nearer_one():
    path = LatentPath(pins=((0.0,), (1.0,)), epochs=(0, 3), n_frames=11)
    assert path.frame_epochs().tolist() == [0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3]


def test_a_movement_is_played_as_it_was_made():
    path = LatentPath(pins=PINS, kind="movement", times=(0.0, 3.0, 4.0), n_frames=5)
    np.testing.assert_allclose(path.frames()[[0, 3, 4]], PINS, rtol=1e-6)


def test_the_file_reads_as_text(tmp_path):
    PATH.save(tmp_path / "walk.json")
    lines = (tmp_path / "walk.json").read_text(encoding="utf-8").splitlines()
    assert '  "kind": "straight",' in lines


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pins": ()}, "between 1 and"),
        ({"pins": ((1.0,), (1.0, 2.0))}, "equally many numbers"),
        ({"pins": ((),)}, "between 1 and"),
        ({"pins": ((float("nan"),),)}, "finite"),
        ({"n_frames": 1}, "frames"),
        ({"frames_per_second": 0.0}, "frames a second"),
        ({"kind": "zigzag"}, "“zigzag” is not a kind of path"),
        ({"times": (1.0, 2.0, 3.0)}, "Only a recorded drag"),
        ({"kind": "movement", "times": (1.0, 3.0, 2.0)}, "must not decrease"),
        ({"epochs": (1,)}, "Either each pin"),
        ({"epochs": (1, -1, 2)}, "counted from 0"),
        ({"epochs": (1, 10**21, 2)}, "at most 10,000"),
        ({"frames_per_second": 1e-300}, r"0\.01 to 1000 frames a second"),
        ({"pins": ((1e300, 0.0),)}, "at most 1,000,000,000"),
        ({"pins": ((0.0,),) * 501}, "between 1 and 500 pins"),
        ({"pins": ((0.0,) * 4000,) * 88}, "at most 350,000 numbers together"),
        ({"n_frames": 100_001}, "between 2 and 100,000 frames"),
        ({"pins": ((0.0,) * 4000,) * 2, "n_frames": 501}, "between 2 and 500 frames"),
        ({"kind": "movement", "times": (0.0, 1.0, 1e300)}, "at most 5,000 seconds"),
        ({"kind": "movement", "times": (1.0, 2.0, 3.0), "epochs": (1, 1, 1)}, "has no epochs"),
    ],
)
def test_values_that_do_not_fit_together_are_refused(changes, message):
    with pytest.raises(UserError, match=message):
        replace(PATH, **changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 2}, r"newer CADL \(format 2\)"),
        ({"pins": 7}, "a number is missing or invalid"),
        ({"pins": [["a"]]}, "a number is missing or invalid"),
        ({"pins": [[True]]}, "a number is missing or invalid"),
        ({"pins": [[10**400]]}, "a number is missing or invalid"),
        ({"n_frames": 2.5}, "a number is missing or invalid"),
        ({"frames_per_second": None}, "a number is missing or invalid"),
        ({"kind": ["straight"]}, "not a kind"),
        ({"epochs": [1.5, 1, 1]}, "a number is missing or invalid"),
        ({"n_frames": 0}, "frames"),
    ],
)
def test_a_file_with_other_values_is_refused_in_a_message(tmp_path, changes, message):
    file = tmp_path / "walk.json"
    PATH.save(file)
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | changes), encoding="utf-8")
    with pytest.raises(UserError, match=message):
        LatentPath.load(file)


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"null", b"\xff\xfe", b"[" * 100_000])
def test_another_file_is_no_path(tmp_path, content):
    file = tmp_path / "walk.json"
    file.write_bytes(content)
    with pytest.raises(UserError, match="is not a latent path"):
        LatentPath.load(file)


def test_a_missing_file_is_reported(tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        LatentPath.load(tmp_path / "nowhere.json")


def test_very_many_values_are_refused_before_they_are_made(tmp_path):
    file = tmp_path / "walk.json"
    file.write_bytes(b'{"format": 1, "pins": [' + b"[0]," * 600_000 + b"[0]]}")
    with pytest.raises(UserError, match="holds more than 400,000 values"):
        LatentPath.load(file)


@pytest.mark.parametrize("kind", PATH_KINDS)
@pytest.mark.parametrize("latent_dim", [2, 700])
def test_the_longest_paths_are_made_in_bounded_memory(kind, latent_dim):
    pins = np.random.default_rng(0).normal(size=(500, latent_dim))
    path = LatentPath(pins=tuple(map(tuple, pins.tolist())), kind=kind, n_frames=2000)
    tracemalloc.start()
    frames = path.frames()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 300e6
    np.testing.assert_allclose(frames[[0, -1]], pins[[0, -1]], rtol=1e-6)
