"""A saved picture, read back by Pillow, is the picture."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from cadl_gui.pictures.png import save_png

shapes = st.tuples(st.integers(1, 6), st.integers(1, 6), st.sampled_from([1, 3]))


def read(path):
    with Image.open(path) as image:
        assert image.format == "PNG"
        array = np.asarray(image)
    return array if array.ndim == 3 else array[..., np.newaxis]


@given(picture=hnp.arrays(np.uint8, shapes), scale=st.integers(1, 4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bytes_come_back_each_as_a_square(tmp_path, picture, scale):
    save_png(tmp_path / "picture.png", picture, scale=scale)
    np.testing.assert_array_equal(
        read(tmp_path / "picture.png"), np.kron(picture, np.ones((scale, scale, 1), np.uint8))
    )


def test_floats_are_rounded_and_clipped(tmp_path):
    picture = np.array([-1.0, 0.0, 0.5, 1.0, 7.0], np.float32).reshape(1, 5, 1)
    save_png(tmp_path / "picture.png", picture)
    assert read(tmp_path / "picture.png").ravel().tolist() == [0, 0, 128, 255, 255]


def test_the_old_file_stays_where_the_new_one_cannot_be_made(tmp_path, monkeypatch):
    path = tmp_path / "picture.png"
    save_png(path, np.zeros((2, 2, 1), np.uint8))
    before = path.read_bytes()

    def full(_image, target, _kind):
        target.write_bytes(b"half a pic")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", full)
    with pytest.raises(OSError, match="No space left"):
        save_png(path, np.ones((2, 2, 1), np.uint8))
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["picture.png"]


@pytest.mark.parametrize(("shape", "scale"), [((2, 2), 1), ((2, 2, 2), 1), ((0, 2, 1), 1), ((2, 2, 1), 0)])
def test_what_is_no_picture_is_refused(tmp_path, shape, scale):
    with pytest.raises(ValueError, match="Expected"):
        save_png(tmp_path / "picture.png", np.zeros(shape, np.uint8), scale=scale)
