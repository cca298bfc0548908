"""Mean and deviation of all images and of each class, per channel, and how many there are."""

from dataclasses import replace

import numpy as np
import pytest
from geometry import cut_off, texts
from hand import choose_entry
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from seen import part_told, reported_at

from cadl_gui.domain.dataset_answers import DatasetStatistics
from cadl_gui.engine.view_state import ViewState
from cadl_gui.ui.data.statistics_panel import StatisticsPanel

pytestmark = pytest.mark.gui

ANIMALS = ("bird", "cat", "dog")


def statistics(n_classes=3, shape=(4, 4, 3), counts=None):
    """Means are 0.1, 0.2, … by class and darker by channel; deviations half of that."""
    by_channel = np.broadcast_to(1 - np.arange(shape[2]) / 10, shape)
    means = np.stack([(label + 1) / 10 * by_channel for label in range(9)])
    means = means[np.arange(n_classes) % len(means)]
    counts = np.full(n_classes, 100) if counts is None else np.array(counts)
    return DatasetStatistics(
        0.5 * by_channel, 0.25 * by_channel, means, means / 2, counts, (1000, 200, int(counts.sum()) + 34)
    )


@pytest.fixture
def view():
    return ViewState()


@pytest.fixture
def panel(show, theme, jobs, view):
    return show(StatisticsPanel(theme, jobs, view), 320, 640)


@pytest.fixture
def choose(view):
    """Choose a class of the montage's filter; None for all."""

    def choose(name, dataset=""):
        label = None if name is None else ANIMALS.index(name)
        view.change(data=replace(view.value.data.about(dataset), label=label))

    return choose


@pytest.fixture
def values(panel, part_of):
    """What the pointer reads on the mean and on the deviation image."""

    def values():
        QApplication.processEvents()
        texts = (reported_at(part_of(panel, name), QPoint(2, 2)) for name in ("meanImage", "stdImage"))
        return tuple(text.removeprefix("x 0, y 0 · ") for text in texts)

    return values


def test_of_all_images_it_tells_mean_and_deviation_of_each_channel(panel, values, part_of):
    panel.set_statistics(statistics(), ANIMALS)
    assert values() == ("0.50 0.45 0.40", "0.25 0.23 0.20")
    label = part_of(panel, "statisticsLabel")
    assert label.text() == "1,534 images"


def test_the_statistics_are_of_the_class_in_the_montage_and_of_a_channel_too(
    panel, values, part_of, view, choose
):
    panel.set_statistics(statistics(), ANIMALS)
    choose("cat")
    assert values() == ("0.20 0.18 0.16", "0.10 0.09 0.08")
    label = part_of(panel, "statisticsLabel")
    assert label.text() == "100 images of class cat"
    view.change(data=replace(view.value.data, part=1))  # which the montage shows alone
    assert label.text() == "100 images of class cat in all parts"
    choose_entry(part_of(panel, "statisticsChannelCombo"), "Blue")
    assert values() == ("0.16", "0.08")
    choose(None)
    assert values() == ("0.40", "0.20")


def test_a_chosen_class_is_that_of_its_dataset_and_comes_back_with_it(panel, part_of, choose):
    for dataset, expected in (("animals", "1,534"), ("others", "1,534"), ("animals", "100")):
        panel.set_statistics(None, ())
        panel.set_statistics(statistics(), ANIMALS, dataset)
        assert part_of(panel, "statisticsLabel").text().startswith(f"{expected} images")
        choose("cat", "animals")


def test_a_class_that_there_is_not_chooses_none(panel, part_of, choose):
    choose("dog")
    panel.set_statistics(statistics(2), ANIMALS[:2])
    assert part_of(panel, "statisticsLabel").text().startswith("1,434 images")


def test_a_class_is_chosen_by_its_bar_and_by_keys(panel, values, part_of, view):
    panel.set_statistics(statistics(shape=(4, 4, 1)), ANIMALS)
    QApplication.processEvents()
    counts = part_of(panel, "classCounts")
    place = part_told(counts, "dog")
    QTest.mouseClick(counts, Qt.MouseButton.LeftButton, pos=place.center())
    assert view.value.data.label == 2
    assert values() == ("0.30", "0.15")
    QTest.keyClick(counts, Qt.Key.Key_Up)
    assert values() == ("0.20", "0.10")


def test_the_chosen_class_is_marked(panel, part_of, theme, choose):
    panel.set_statistics(statistics(), ANIMALS)
    QApplication.processEvents()
    counts = part_of(panel, "classCounts")
    place = part_told(counts, "cat").topRight() + QPoint(-1, 1)
    assert counts.grab().toImage().pixelColor(place).name() == theme.colours.window.lower()
    choose("cat")
    assert counts.grab().toImage().pixelColor(place).name() == theme.colours.selected.lower()


def test_the_largest_deviation_is_white_and_its_number_is_told(panel, part_of):
    panel.set_statistics(statistics(shape=(4, 4, 1)), ANIMALS)
    QApplication.processEvents()
    pixel = [
        part_of(panel, name).grab().toImage().pixelColor(2, 2).red() for name in ("meanImage", "stdImage")
    ]
    assert pixel == [128, 255]


def test_grey_images_have_no_choice_of_a_channel_and_unlabelled_ones_none_of_a_class(panel, part_of):
    chosen = [part_of(panel, name) for name in ("classCounts", "statisticsChannelCombo")]
    panel.set_statistics(statistics(), ANIMALS)
    assert [each.isVisible() for each in chosen] == [True, True]
    panel.set_statistics(statistics(shape=(4, 4, 1)), ANIMALS)
    assert [each.isVisible() for each in chosen] == [True, False]
    panel.set_statistics(statistics(0), ())
    assert [each.isVisible() for each in chosen] == [False, True]


def test_counts_are_told_in_numbers_and_shares(panel, part_of):
    panel.set_statistics(statistics(counts=(10, 30, 0)), ANIMALS)
    assert part_of(panel, "classCounts").accessibleDescription() == (
        "bird · 10 images, 25.0 %; cat · 30 images, 75.0 %; dog · 0 images, 0 %"
    )
    assert part_of(panel, "partCounts").accessibleDescription() == (
        "Training · 1,000 images, 78.5 %; Validation · 200 images, 15.7 %; Test · 74 images, 5.8 %"
    )


def test_classes_too_many_and_too_large_to_be_shown_are_counted(panel, values, part_of):
    """Their bars choose the images of the montage alone."""
    of_all = statistics()
    panel.set_statistics(replace(of_all, class_means=of_all.class_means[:0]), ANIMALS)
    assert part_of(panel, "classCounts").accessibleDescription().count("100 images") == 3
    about = "1,534 images · too many large classes to show"
    for _ in range(2):
        assert part_of(panel, "statisticsLabel").text() == about
        assert values() == ("0.50 0.45 0.40", "0.25 0.23 0.20")
        bars = part_of(panel, "classCounts")
        QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(bars.width() // 2, bars.height() // 2))


def test_a_bar_is_as_long_as_its_count(panel, part_of, theme):
    panel.set_statistics(statistics(counts=(10, 40, 20)), ANIMALS)
    QApplication.processEvents()
    counts, lengths = part_of(panel, "classCounts"), []
    image = counts.grab().toImage()
    for label, name in enumerate(ANIMALS):
        y = part_told(counts, name).center().y()
        colour = theme.label_colours("light")[label].lower()
        lengths.append(sum(image.pixelColor(x, y).name() == colour for x in range(60, image.width())))
    assert lengths[1] > image.width() / 2
    assert [round(4 * length / lengths[1], 1) for length in lengths] == pytest.approx([1, 4, 2], abs=0.15)


def test_a_class_without_images_has_none(panel, part_of, choose):
    panel.set_statistics(statistics(counts=(10, 30, 0)), ANIMALS)
    choose("dog")
    label = part_of(panel, "statisticsLabel")
    assert label.text() == "No images"
    assert part_of(panel, "meanImage").images is None


@pytest.mark.parametrize("present", [False, True])
@pytest.mark.parametrize("n_classes", [1, 10, 51, 1000])
def test_any_number_of_classes_fits_and_each_is_told(panel, part_of, theme, present, n_classes):
    theme.set_present(present)
    names = tuple(f"class-{i}" for i in range(n_classes))
    panel.set_statistics(statistics(n_classes), names)
    QApplication.processEvents()
    counts = part_of(panel, "classCounts")
    assert panel.minimumSizeHint().width() <= panel.width() == 320
    assert counts.height() >= 60
    if n_classes > 50:  # columns, at last several in a pixel
        ends = (reported_at(counts, place) for place in (QPoint(0, 9), QPoint(counts.width() - 1, 9)))
        first, last = (int(text.split()[0].removeprefix("class-")) for text in ends)
        assert first == 0
        assert last >= 0.99 * (n_classes - 1)


def test_columns_that_replace_rows_have_their_names_below(panel, part_of, theme):
    theme.set_present(True)
    panel.resize(490, 420)
    panel.set_statistics(statistics(6), ("Animals", "Buildings", "Food", "People", "Plants", "Sky"))
    QApplication.processEvents()
    image = part_of(panel, "classCounts").grab().toImage()
    ground = image.pixelColor(image.width() - 1, image.height() - 1)
    below = range(image.height() - theme.sizes.caption, image.height())
    for number in range(6):
        columns = range(number * image.width() // 6, (number + 1) * image.width() // 6)
        assert any(image.pixelColor(x, y) != ground for x in columns for y in below), (
            f"no name below {number}"
        )


@pytest.mark.parametrize(("present", "size"), [(False, (292, 345)), (True, (482, 267))])
def test_in_a_low_panel_the_images_can_be_made_out(panel, part_of, theme, present, size):
    theme.set_present(present)
    panel.resize(*size)
    panel.set_statistics(statistics(n_classes=10), tuple("0123456789"))
    QApplication.processEvents()
    mean = part_of(panel, "meanImage")
    assert min(mean.width(), mean.height()) >= 3 * theme.sizes.control
    assert not cut_off(texts(panel), panel)


def test_without_statistics_it_says_so(panel, part_of):
    panel.set_statistics(statistics(), ANIMALS)
    panel.set_statistics(None, ())
    assert (
        part_of(panel, "meanImage").accessibleDescription() == "Statistics appear once the images are there."
    )
    for name in ("stdImage", "classCounts", "partCounts", "statisticsChannelCombo"):
        assert not part_of(panel, name).isVisible()


def test_channels_that_are_no_colours_are_shown_one_by_one(panel, values, part_of):
    of_two = statistics(shape=(4, 4, 2))
    rows = []
    for class_means in (of_two.class_means, of_two.class_means[:0]):
        panel.set_statistics(replace(of_two, class_means=class_means), ANIMALS)
        QApplication.processEvents()
        rows.append(part_of(panel, "classCounts").grab().toImage())
    assert rows[0] == rows[1], "there are images of classes"
    panel.set_statistics(of_two, ANIMALS)
    assert values() == ("0.50", "0.25")
    choose_entry(part_of(panel, "statisticsChannelCombo"), "Channel 2")
    assert values() == ("0.45", "0.23")


def test_of_hundreds_of_columns_the_first_and_the_last_are_named(panel, part_of):
    """Other names at the ends are other pixels: they are not the numbers 0 and 299."""
    seen = []
    for first, last in (("acorn", "windmill"), ("apple", "windmill"), ("acorn", "wardrobe")):
        panel.set_statistics(statistics(300), (first, *(f"class-{i}" for i in range(298)), last))
        QApplication.processEvents()
        seen.append(part_of(panel, "classCounts").grab().toImage())
    assert seen[0] != seen[1]
    assert seen[0] != seen[2]


@pytest.mark.parametrize("largest", [0, 70, 140, 299])
def test_over_columns_the_largest_count_stands_over_its_own(panel, part_of, theme, largest):
    counts = np.ones(300, int)
    counts[largest] = 5000
    panel.set_statistics(statistics(300, counts=tuple(counts)), tuple(f"class-{i}" for i in range(300)))
    QApplication.processEvents()
    image = part_of(panel, "classCounts").grab().toImage()
    ground = image.pixelColor(image.width() // 2, image.height() - 1)
    above = range(theme.sizes.caption)
    written = [x for x in range(image.width()) if any(image.pixelColor(x, y) != ground for y in above)]
    column = (largest + 0.5) / 300 * image.width()
    assert written[0] - 2 <= column <= written[-1] + 2
