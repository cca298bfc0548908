"""One image, its pixels, its label and where it can be sent."""

import numpy as np
import pytest
from hand import leave
from pairwise import pairs
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from cadl_gui.ui.data.image_panel import ImagePanel
from cadl_gui.ui.figures.figure_panel import FigurePanel

pytestmark = pytest.mark.gui

DIGITS = tuple("0123456789")


@pytest.fixture
def panel(show, theme, jobs):
    return show(ImagePanel(theme, jobs))


def set_image(panel, image, **others):
    about = {"number": 61, "label": 4, "class_names": DIGITS, "file_name": "", "part": "training"} | others
    panel.set_image(image, **about)
    QApplication.processEvents()


def noise(*shape):
    return np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)


def point_at_pixel(view, image, x, y):
    """The pointer moves into the middle of a pixel of an image that is enlarged by a whole number."""
    size = min(view.width() // image.shape[1], view.height() // image.shape[0])
    QTest.mouseMove(view, QPoint(x * size + size // 2, y * size + size // 2))


def texts(panel):
    """All that is written beside the images."""
    return [label.accessibleName() or label.text() for label in panel.findChildren(QLabel)]


def test_the_pointer_reads_the_byte_and_what_the_network_sees(panel, part_of):
    image = noise(28, 28, 1)
    image[7, 12] = 254
    set_image(panel, image)
    point_at_pixel(part_of(panel, "imageView"), image, 12, 7)
    assert part_of(panel, "pixelLabel").text() == "x 12, y 7 · 254 · 1.00"
    leave(part_of(panel, "imageView"))
    assert part_of(panel, "pixelLabel").text() == "Point at a pixel to read its values."


def test_of_a_pixel_in_colour_it_reads_three(panel, part_of):
    image = noise(32, 32, 3)
    set_image(panel, image)
    point_at_pixel(part_of(panel, "imageView"), image, 3, 30)
    red, green, blue = image[30, 3].tolist()
    words = f"x 3, y 30 · {red} {green} {blue} · {red / 255:.2f} {green / 255:.2f} {blue / 255:.2f}"
    assert part_of(panel, "pixelLabel").text() == words


def test_image_tells_label_number_part_and_file_and_why_one_hot(panel, part_of):
    set_image(panel, noise(8, 8, 1), label=1, class_names=("cat", "dog", "fox", "owl"), file_name="a/b.png")
    assert part_of(panel, "imageLabel").text() == "Label 1 · dog"
    assert part_of(panel, "imageFileLabel").text() == "a/b.png"
    assert "“dog” for “owl”" in part_of(panel, "oneHotReason").text()
    assert "number 61 · training" in texts(panel)
    assert part_of(panel, "oneHotView").accessibleDescription().startswith("class 1 of 4 · dog · 1")


def test_a_long_path_keeps_its_end_and_is_whole_in_the_tool_tip(panel, part_of):
    path = "photographs/" * 20 + "last.png"
    set_image(panel, noise(8, 8, 1), file_name=path)
    label = part_of(panel, "imageFileLabel")
    shown = label.fitting(label.width())
    assert shown.endswith("last.png")
    assert len(shown) < len(path) == len(label.text())
    assert label.toolTip() == path
    assert panel.width() == 320


@pytest.mark.parametrize("tab", ["draw", "latent", "inspect"])
def test_a_button_sends_it_only_where_it_is_taken(panel, part_of, tab):
    wanted = []
    panel.send_wanted.connect(wanted.append)
    button = part_of(panel, f"showIn{tab.capitalize()}Button")
    panel.set_targets({tab})
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.toolTip() == "Click an image first"
    set_image(panel, noise(8, 8, 1))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert wanted == [tab]
    assert button.accessibleName() == f"Show in {tab.capitalize()}"
    panel.set_targets(())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert wanted == [tab]
    assert button.toolTip() == f"{tab.capitalize()} shows no run that takes images of this dataset"


def test_one_hot_stands_there_without_details_and_in_present_mode_for_up_to_ten_classes(
    panel, theme, part_of
):
    """A class was to see the ten boxes, and nothing said that they were a detail."""
    theme.set_details(False)
    for n, is_there in ((10, True), (11, False), (2, True)):
        set_image(panel, noise(28, 28, 1), label=1, class_names=tuple(map(str, range(n))))
        for present in (True, False):
            theme.set_present(present)
            assert part_of(panel, "oneHotView").isVisible() is is_there
    assert not part_of(panel, "oneHotReason").isVisible()


def test_without_an_image_it_says_what_to_do_and_shows_no_label(panel, part_of):
    view, one_hot = part_of(panel, "imageView"), part_of(panel, "oneHotView")
    assert view.accessibleDescription() == "Click an image to see it here, pixel by pixel."
    assert not one_hot.isVisible()
    set_image(panel, noise(28, 28, 1), file_name="a.png")
    assert one_hot.isVisible()
    assert view.accessibleDescription() == "28 rows of 28 pixels, grey"
    set_image(panel, None)
    assert view.accessibleDescription() == "Click an image to see it here, pixel by pixel."
    names = "oneHotView", "imageLabel", "imageFileLabel", "oneHotReason"
    assert not any(part_of(panel, name).isVisible() for name in names)


def test_an_image_without_a_label_says_so(panel, part_of):
    set_image(panel, noise(28, 28, 1), label=None, class_names=())
    assert part_of(panel, "oneHotReason").text() == "The images of this dataset have no labels."
    assert not part_of(panel, "oneHotView").isVisible()


@pytest.mark.parametrize(
    ("present", "shape", "n_classes"),
    pairs([False, True], [(1, 1, 1), (512, 512, 3), (4, 300, 1), (300, 4, 3)], [1, 10, 1000]),
)
def test_any_size_and_number_of_classes_fits(show, panel, theme, part_of, present, shape, n_classes):
    theme.set_present(present)
    names = tuple(f"name of class {i}" for i in range(n_classes))
    set_image(panel, noise(*shape), label=n_classes - 1, class_names=names)
    assert panel.minimumSizeHint().width() <= panel.width() == 320
    assert part_of(panel, "imageView").height() >= 100
    pixel = part_of(panel, "imageView").grab().toImage().pixelColor(0, 0)
    assert pixel.getRgb()[:3] != (0xF5, 0xF5, 0xF4)


def test_present_mode_has_the_image_and_its_label_and_tells_the_pixel_in_the_title(panel, theme, part_of):
    image = noise(8, 8, 1)
    theme.set_present(True)
    set_image(panel, image)
    for name in ("pixelLabel", "oneHotReason", "showInDrawButton"):
        assert not part_of(panel, name).isVisible()
    assert part_of(panel, "imageLabel").isVisible()
    assert "number 61" in texts(panel)
    view = part_of(panel, "imageView")
    point_at_pixel(view, image, 0, 0)
    assert f"x 0, y 0 · {image[0, 0, 0]} · {image[0, 0, 0] / 255:.2f}" in texts(panel)
    label, titles = part_of(panel, "imageLabel").text(), panel.findChildren(QLabel, "stageTitle")
    for filling in (True, False, True):
        panel.findChild(FigurePanel).toggle_spotlight()
        assert (label in [title.text() for title in titles]) is filling, "what is below it is covered"


def test_image_is_copied_as_it_is(panel, part_of, qapp):
    image = noise(8, 8, 3)
    set_image(panel, image)
    view = part_of(panel, "imageView")
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = qapp.clipboard().image()
    assert copied.pixelColor(1, 1).getRgb()[:3] == tuple(image[0, 0].tolist())


def test_the_error_of_an_image_stands_beside_its_label_where_it_is_known(panel, part_of):
    """Strangest first, there was no measure of how much stranger one is than another."""
    name = part_of(panel, "imageLabel")
    for error, text in (
        ("error 1.8 × the average of all images", "Label 4 · error 1.8 × the average of all images"),
        ("", "Label 4"),
    ):
        set_image(panel, noise(28, 28, 1), error=error)
        assert name.text() == text
    set_image(panel, noise(28, 28, 1), label=None, error="error 2.0")
    assert name.text() == "error 2.0"
