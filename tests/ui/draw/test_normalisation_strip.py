"""The strip shows all stages, and animates the steps for a new drawing."""

import numpy as np
import pytest
from PySide6.QtGui import QImage
from seen import colours_of

from cadl_gui.imaging.drawing.normalisation import normalise, shrunk
from cadl_gui.ui.draw.normalisation_strip import NormalisationStrip
from cadl_gui.ui.theme.theme import Theme

pytestmark = pytest.mark.gui

IMAGE, STEP = 84, 116


@pytest.fixture
def theme():
    return Theme("light", reduce_motion=True)


@pytest.fixture
def strip(qtbot, theme):
    strip = NormalisationStrip(theme, empty_text="Nothing yet.")
    qtbot.addWidget(strip)
    strip.resize(strip.sizeHint())
    strip.show()
    qtbot.waitExposed(strip)
    return strip


def block(top, left, height, width):
    """A bright rectangle on a black canvas, normalised."""
    raw = np.zeros((224, 224), np.float32)
    raw[top : top + height, left : left + width] = 1
    return normalise(raw, widths=None)


def beds(strip):
    """The four images as shown, (4, 84, 84) in [0, 1]."""
    image = strip.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return np.stack([lines[:IMAGE, i * STEP : i * STEP + IMAGE] / 255 for i in range(4)])


def test_every_stage_is_shown(strip):
    stages = block(20, 150, 100, 50)
    strip.set_stages(stages)
    raw, cropped, fitted, centred = beds(strip)
    assert raw.mean() == pytest.approx(stages.raw.mean(), abs=0.01)
    # The block is twice as high as wide, so it fills half of the bed.
    assert cropped.mean() == pytest.approx(0.5, abs=0.01)
    # Pixels are shown as equal squares: four pixels each for 20×20, three for 28×28.
    np.testing.assert_allclose(fitted[2:82, 22:62], 1)
    np.testing.assert_allclose(centred, stages.centred.repeat(3, 0).repeat(3, 1), atol=1 / 255)


def test_the_bed_of_20_by_20_is_as_large_as_its_pixels(strip, theme):
    strip.set_stages(block(20, 150, 100, 50))
    grab = strip.grab().toImage()
    colours = [grab.pixelColor(2 * STEP + x, 40).name() for x in (1, 2, 81, 82)]
    window = grab.pixelColor(2 * STEP - 4, 2).name()
    assert colours == [window, "#000000", "#000000", window]


def test_in_less_room_pixels_stay_equal_squares(strip):
    stages = block(20, 150, 100, 50)
    strip.set_stages(stages)
    strip.resize(strip.minimumSizeHint().width() + 50, strip.height())
    image = strip.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    last = 3 * (2 * 28 + STEP - IMAGE)
    shown = lines[: 2 * 28, last : last + 2 * 28] / 255
    np.testing.assert_allclose(shown, stages.centred.repeat(2, 0).repeat(2, 1), atol=1 / 255)


def test_without_normalisation_the_steps_between_are_left_out(strip):
    stages = shrunk(block(20, 150, 100, 50).raw)
    strip.set_stages(stages, skipped=True)
    _, cropped, fitted, seen = beds(strip)
    assert np.ptp(cropped) == np.ptp(fitted) == 0
    np.testing.assert_allclose(seen, stages.centred.repeat(3, 0).repeat(3, 1), atol=1 / 255)


@pytest.mark.parametrize("nothing", [None, normalise(np.zeros((224, 224), np.float32))])
def test_without_ink_a_text_is_seen_and_nothing_black(strip, theme, nothing):
    empty = strip.grab().toImage()
    assert len(colours_of(empty)) > 1, "no text"
    strip.set_stages(block(20, 150, 100, 50))
    assert "#000000" in colours_of(strip.grab().toImage())
    strip.set_stages(nothing)
    assert strip.grab().toImage() == empty
    assert "#000000" not in colours_of(empty)


def test_ink_on_paper(strip, theme):
    strip.set_stages(block(20, 150, 100, 50))
    before = beds(strip)[:, 2:82, 2:82]
    theme.set_inverted(True)
    np.testing.assert_allclose(beds(strip)[:, 2:82, 2:82], 1 - before, atol=2.1 / 255)


def test_something_new_is_played_once_and_ends_where_it_should(qtbot, strip, theme):
    theme.set_reduce_motion(False)
    stages = block(20, 150, 100, 50)
    strip.set_stages(stages)
    assert strip.is_moving
    qtbot.waitUntil(lambda: not strip.is_moving)
    moved = beds(strip)
    theme.set_reduce_motion(True)
    strip.set_stages(None)
    strip.set_stages(stages)
    np.testing.assert_array_equal(moved, beds(strip))


def test_the_play_begins_with_the_ink_where_it_was_drawn(strip, theme):
    theme.set_reduce_motion(False)
    strip.set_stages(block(20, 150, 100, 50))
    raw, cropped, _, _ = beds(strip)
    np.testing.assert_allclose(cropped, raw, atol=0.6)
    assert np.abs(cropped - raw).mean() < 0.03


def test_small_changes_and_vanishing_do_not_move(strip, theme):
    strip.set_stages(block(20, 150, 100, 50))
    theme.set_reduce_motion(False)
    for stages in (block(20, 150, 101, 50), block(40, 10, 100, 50), None):
        strip.set_stages(stages)
        assert not strip.is_moving
    strip.set_stages(block(20, 20, 50, 100))
    assert strip.is_moving


def test_without_normalisation_there_are_no_steps_to_play(strip, theme):
    theme.set_reduce_motion(False)
    for stages in (block(20, 150, 100, 50), block(20, 20, 50, 100), block(120, 20, 100, 50)):
        strip.set_stages(stages, skipped=True)
        assert not strip.is_moving
    strip.set_stages(block(20, 20, 50, 100))
    assert strip.is_moving


def test_strip_does_not_move_when_motion_is_reduced(strip):
    strip.set_stages(block(20, 150, 100, 50))
    assert not strip.is_moving


def test_present_mode_needs_more_room(strip, theme):
    before = strip.sizeHint().height()
    theme.set_present(True)
    assert strip.sizeHint().height() == before + 15
    strip.set_stages(block(20, 150, 100, 50))
    for size, has_captions in ((strip.sizeHint(), True), (strip.minimumSizeHint(), False)):
        strip.resize(size)
        captions = strip.grab(strip.rect().adjusted(0, size.height() - 24, 0, 0)).toImage()
        assert (len(colours_of(captions)) > 1) is has_captions, "they would be cut off, and overlap"
