"""Quantile bands of a unit's weights over the epochs."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from seen import part_told, reported_at

from cadl_gui.domain.position import Position
from cadl_gui.ui.inspect.epochs_view import EpochsView

pytestmark = pytest.mark.gui

POSITIONS = [Position(epoch) for epoch in range(5)]


@pytest.fixture
def shown(qtbot, theme):
    view = EpochsView(theme, empty_text="Nothing yet.")
    qtbot.addWidget(view)
    view.resize(200, 120)
    view.show()
    qtbot.waitExposed(view)
    quantiles = np.linspace(-1, 1, 7) * np.arange(1, 6)[:, None]
    view.set_quantiles(POSITIONS, quantiles, 2 * quantiles)
    return view


def test_a_click_goes_to_the_position(qtbot, shown):
    with qtbot.waitSignal(shown.position_chosen) as chosen:
        qtbot.mouseClick(shown, Qt.MouseButton.LeftButton, pos=QPoint(100, 50))
    assert chosen.args == [Position(2)]
    parts = [part_told(shown, f"{position} ·") for position in POSITIONS]
    for part, share in zip(parts, (0.5, 1, 1, 1, 0.5), strict=True):
        assert part.width() == pytest.approx(share * parts[2].width(), abs=2), "the ends are at the edges"


def test_the_quantiles_under_the_pointer_are_reported(shown):
    text = "epoch 4 · from −5 to 5 · half within −1.67 … 1.67 · median 0"
    assert reported_at(shown, QPoint(199, 50)) == text


def test_the_bands_reach_from_the_smallest_to_the_largest_weight(shown):
    image = shown.render_image(1.0)
    plot = part_told(shown, "epoch")
    ground = image.pixelColor(round(plot.left()) + 1, round(plot.center().y()) - 20)
    y_of_the_largest = round(plot.center().y() - plot.height() / 4)  # 5 where the layer's limit is 10
    right = image.width() - 2
    assert image.pixelColor(right, y_of_the_largest + 3) != ground
    assert image.pixelColor(right, y_of_the_largest - 4) == ground
    assert image.pixelColor(right, plot.top()) != ground, "a line of the layer goes to its largest weight"


def test_single_position_is_no_curve(shown, theme):
    empty = EpochsView(theme, empty_text="Nothing yet.")
    empty.resize(shown.size())
    assert shown.render_image(1.0) != empty.render_image(1.0)
    shown.set_quantiles(POSITIONS[:1], np.zeros((1, 7)), np.zeros((1, 7)))
    assert shown.render_image(1.0) == empty.render_image(1.0)


def test_curves_go_through_what_is_finite(shown):
    quantiles = np.linspace(-1, 1, 7) * np.ones((5, 1))
    shown.set_quantiles(POSITIONS, quantiles, quantiles)
    whole = shown.render_image(1.0)
    quantiles[2] = np.nan
    shown.set_quantiles(POSITIONS, quantiles, quantiles)
    assert shown.render_image(1.0) == whole
    quantiles[:] = np.nan
    shown.set_quantiles(POSITIONS, quantiles, quantiles)
    assert shown.render_image(1.0) != whole


def test_a_line_marks_the_position_that_is_shown_everywhere_if_it_is_among_them(shown):
    without = shown.render_image(1.0)
    shown.set_shown(Position(9))
    assert shown.render_image(1.0) == without
    shown.set_shown(Position(2))
    marked = shown.render_image(1.0)
    (x,) = (x for x in range(200) if marked.pixelColor(x, 3) != without.pixelColor(x, 3))
    assert abs(x + 0.5 - part_told(shown, "epoch 2 ·").center().x()) <= 1


def test_the_limits_stand_beside_the_curves(shown):
    plot, image = part_told(shown, "epoch"), shown.render_image(1.0)
    window = image.pixelColor(0, image.height() - 1)
    beside = {
        image.pixelColor(x, y).name() for x in range(round(plot.left())) for y in range(round(plot.height()))
    }
    assert len(beside - {window.name()}) > 3, "they are written there"
    ground = image.pixelColor(round(plot.left()) + 2, 8).name()
    corner = {image.pixelColor(round(plot.left()) + x, y).name() for x in range(2, 20) for y in range(4, 14)}
    assert corner == {ground}


def test_larger_weights_are_higher_and_those_of_the_unit_darker_than_those_of_the_layer(shown):
    positive = np.linspace(0.5, 1, 7) * np.ones((5, 1))
    plot = part_told(shown, "epoch")
    for sign in (1, -1):
        unit = np.sort(sign * positive, axis=1)
        shown.set_quantiles(POSITIONS, unit, unit)
        image = shown.render_image(1.0)
        x, by = round(plot.center().x()) + 20, round(plot.height() * 0.38)
        inked, empty = (image.pixelColor(x, round(plot.center().y()) - side * by) for side in (sign, -sign))
        assert inked.lightness() + 15 < empty.lightness()
