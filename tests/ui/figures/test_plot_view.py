"""The plot draws only on refresh, shows exact values, uses the theme and imports pyqtgraph late."""

import subprocess
import sys
import time

import numpy as np
import plots
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyqtgraph import ScatterPlotItem
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from seen import hover_texts

from cadl_gui.ui.figures.plot_curve import PlotCurve
from cadl_gui.ui.figures.plot_limits import Limits
from cadl_gui.ui.figures.plot_names import most_apart, spread
from cadl_gui.ui.figures.plot_view import PlotView
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import DARK, LIGHT, NORMAL, PRESENT

pytestmark = pytest.mark.gui

EPOCHS = np.arange(1.0, 6.0)
LOSSES = np.array([0.5, 0.2, 0.1, 0.05, 0.034])


def add(plot, key, x, y, colour="#865A48", *, thick=True, **look):
    plot.set_curve(key, PlotCurve(x, y, colour=colour, thick=thick, **look))


@pytest.fixture
def theme():
    return Theme("light", reduce_motion=True)


@pytest.fixture
def plot(show, theme):
    return show(PlotView(theme, empty_text="The loss appears with the first batch."), 600, 300)


@pytest.fixture
def drawn(plot):
    add(plot, "val", EPOCHS, LOSSES, points=True, name="validation")
    add(plot, "train", EPOCHS, 1.5 * LOSSES, colour="#E35600", thick=False, name="train")
    plot.refresh()
    return plot


def texts_under(plot, x_share):
    """Move the pointer there, at half height, and return the hover texts of the plot."""
    reported = hover_texts(plot)
    position = QPointF(round(x_share * plot.width()), plot.height() // 2)
    QApplication.sendEvent(plot, _move(position))
    return reported


def colours_in(image):
    image = image.convertToFormat(image.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)[:, : image.width()]
    return {int(value) & 0xFFFFFF for value in np.unique(pixels)}


def rgb(colour):
    return QColor(colour).rgb() & 0xFFFFFF


def test_pyqtgraph_is_imported_by_load_and_not_before():
    code = """
import sys
from PySide6.QtWidgets import QApplication
application = QApplication([])
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.figures.plot_view import PlotView
plot = PlotView(Theme("light"), empty_text="Empty")
plot.show()
plot.grab()
plot.refresh()
assert "pyqtgraph" not in sys.modules
plot.load()
assert "pyqtgraph" in sys.modules
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_first_refresh_with_data_loads_the_plot_and_clearing_brings_the_message_back(plot):
    empty = plot.grab().toImage()
    add(plot, "val", EPOCHS, LOSSES, points=True)
    plot.refresh()
    assert rgb("#865A48") in colours_in(plot.grab().toImage())
    plot.clear()
    plot.refresh()
    assert plot.grab().toImage() == empty


def test_setters_draw_nothing_until_refresh(drawn):
    before = drawn.grab().toImage()
    add(drawn, "val", EPOCHS, 3 * LOSSES, colour="#0168FF")
    assert drawn.grab().toImage() == before
    drawn.refresh()
    assert rgb("#0168FF") in colours_in(drawn.grab().toImage())


def test_refresh_without_a_change_does_nothing(drawn, monkeypatch):
    monkeypatch.setattr(plots.canvas(drawn), "show_curves", lambda *_, **__: pytest.fail("drawn again"))
    monkeypatch.setattr(plots.canvas(drawn), "show_limits", lambda limits: pytest.fail("moved"))
    drawn.set_log(False)
    drawn.set_marker(None)
    drawn.refresh()


def test_what_was_cleared_is_gone_while_a_new_curve_is_drawn(drawn):
    drawn.clear()
    add(drawn, "train", EPOCHS, LOSSES, colour="#0168FF", thick=False)
    drawn.refresh()
    assert rgb("#865A48") not in colours_in(drawn.grab().toImage())
    assert not plots.names(drawn), "with its name"


def test_pointer_reports_exact_values_of_the_nearest_points(drawn):
    left = plots.canvas(drawn).x_at(QPointF(200, 150))
    expected = int(np.argmin(np.abs(EPOCHS - left)))
    reported = texts_under(drawn, 1 / 3)
    value, train = LOSSES[expected], 1.5 * LOSSES[expected]
    assert reported[-1] == f"epoch {left:.2f} · validation {value:#.4g} · train {train:#.4g}"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0341, "0.03410"), (0.25, "0.2500"), (134.44, "134.4"), (12345.6, "12350"), (1e-5, "0.00001000")],
)
def test_pointer_reports_four_digits_of_every_value(drawn, value, text):
    """Of some, NumPy left out the last zero."""
    add(drawn, "val", EPOCHS, np.full(5, value), name="validation")
    drawn.refresh()
    assert f" · validation {text} · " in texts_under(drawn, 0.5)[-1]


def test_a_shorter_run_is_not_read_where_only_the_longer_one_has_been_trained(drawn):
    """At the 15th epoch of a comparison, the other run was said to have its value of the fifth."""
    add(drawn, "longer", np.arange(21.0), np.full(21, 0.25), colour="#E35600", name="longer")
    drawn.refresh()
    reported = texts_under(drawn, 0.5)
    assert 6 < plots.canvas(drawn).x_at(QPointF(300, 150)) < 19
    assert " · longer 0.2500" in reported[-1]
    assert "validation" not in reported[-1]


def test_pointer_text_is_empty_after_leaving(drawn, theme):
    reported = texts_under(drawn, 0.5)
    assert len(plots.crosshair(drawn, theme)) == 2
    QApplication.sendEvent(drawn, QEvent(QEvent.Type.Leave))
    assert reported[-1] == ""
    assert not plots.crosshair(drawn, theme)


@pytest.mark.parametrize("x_share", [1 / 3, 2 / 3])
def test_the_crosshair_meets_under_the_pointer(drawn, theme, x_share):
    texts_under(drawn, x_share)
    pointer = round(x_share * drawn.width()), drawn.height() // 2
    upright, level = sorted(plots.crosshair(drawn, theme), key=lambda line: -line.angle)
    view, canvas = plots.view(drawn), plots.canvas(drawn)
    meeting = canvas.mapFromScene(view.mapViewToScene(QPointF(upright.value(), level.value())))
    assert (meeting.x(), meeting.y()) == pytest.approx(pointer, abs=1)


def test_pointer_text_follows_new_data_under_a_still_pointer(drawn):
    reported = texts_under(drawn, 0.5)
    add(drawn, "val", EPOCHS, np.full(5, 134.4), name="validation")
    drawn.refresh()
    assert "validation 134.4" in reported[-1]


@pytest.mark.parametrize("is_log", [False, True])
def test_axes_have_at_most_five_plain_ticks(drawn, is_log):
    drawn.set_log(is_log)
    drawn.refresh()
    for axis in (plots.axis(drawn, side) for side in ("left", "bottom")):
        ((_, ticks),) = axis.tickValues(*axis.range, 500)
        texts = axis.tickStrings(ticks, 1.0, 1.0)
        assert 2 <= len(ticks) <= 5
        assert all(text.replace(".", "").replace(",", "").isdigit() for text in texts)


def test_log_axis_leaves_out_what_is_not_positive(drawn):
    add(drawn, "val", EPOCHS, [0.5, 0.0, -1.0, np.nan, 0.05])
    drawn.set_log(True)
    drawn.refresh()
    x, y = plots.lines(drawn)[0].getData()
    np.testing.assert_array_equal(x, [1, 5])
    np.testing.assert_allclose(y, np.log10([0.5, 0.05]))


def test_all_points_and_the_names_are_within_the_axes(drawn):
    view = plots.view(drawn)
    (x_low, x_high), (y_low, y_high) = view.viewRange()
    assert x_low == 0
    assert y_low < LOSSES.min()
    assert y_high > 1.5 * LOSSES.max()
    assert len(plots.names(drawn)) == 2
    for name in plots.names(drawn).values():
        text = name.sceneBoundingRect().adjusted(0, 4, 0, -4)  # less the margin of its document
        assert view.sceneBoundingRect().contains(text)
    assert x_high > EPOCHS[-1]


def test_axes_ease(qtbot, monkeypatch):
    now = [10.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    plot = PlotView(Theme("light"), empty_text="")
    qtbot.addWidget(plot)
    plot.resize(600, 300)
    plot.show()
    add(plot, "val", EPOCHS, LOSSES)
    plot.refresh()
    tops = []
    add(plot, "val", EPOCHS, 10 * LOSSES)
    for _ in range(11):
        plot.refresh()
        tops.append(plots.view(plot).viewRange()[1][1])
        now[0] += 0.033
    add(plot, "val", EPOCHS, LOSSES)
    plot.refresh()
    assert plots.view(plot).viewRange()[1][1] == tops[-1]
    plot.render_image(1.0)
    assert plots.view(plot).viewRange()[1][1] == pytest.approx(tops[0]), "a picture is of axes at rest"
    assert tops[0] < 1
    assert tops == sorted(tops)
    assert 1 < tops[3] < 5
    assert tops[-1] > 5


def test_theme_changes_colours_widths_and_type(drawn, theme):
    thick, thin = plots.lines(drawn)
    assert rgb(LIGHT.plot) in colours_in(drawn.grab().toImage())
    before = thin.opts["pen"].color()
    theme.set_mode("dark")
    drawn.refresh()
    image = colours_in(drawn.grab().toImage())
    assert rgb(DARK.plot) in image
    assert rgb(LIGHT.plot) not in image
    assert thin.opts["pen"].color() != before
    assert thick.opts["pen"].widthF() == NORMAL.validation_line
    theme.set_present(True)
    drawn.refresh()
    assert thick.opts["pen"].widthF() == PRESENT.validation_line
    assert plots.axis(drawn, "left").style["tickFont"].pixelSize() == PRESENT.caption


def test_plot_does_not_pan_zoom_or_pop_up(drawn):
    before = plots.view(drawn).viewRange()
    QTest.mousePress(drawn, Qt.MouseButton.LeftButton, pos=QPoint(200, 100))
    QTest.mouseMove(drawn, QPoint(350, 180))
    QTest.mouseRelease(drawn, Qt.MouseButton.LeftButton, pos=QPoint(350, 180))
    QTest.mouseClick(drawn, Qt.MouseButton.RightButton, pos=QPoint(300, 150))
    QApplication.sendEvent(drawn, _wheel(QPointF(300, 150)))
    drawn.refresh()
    assert plots.view(drawn).viewRange() == before
    assert QApplication.activePopupWidget() is None


def test_the_image_has_the_requested_scale_and_no_crosshair(drawn):
    clean = drawn.render_image(2)
    texts_under(drawn, 0.5)
    assert clean.size() == drawn.size() * 2
    assert clean.devicePixelRatio() == 2
    assert drawn.render_image(2) == clean


def test_the_marker_is_at_its_epoch(drawn, theme):
    drawn.set_marker(3)
    drawn.refresh()
    assert plots.upright_line(drawn, theme) == 3
    drawn.set_marker(None)
    drawn.refresh()
    assert plots.upright_line(drawn, theme) is None


def test_of_a_hundred_thousand_points_no_more_are_drawn_than_the_plot_has_room_for(drawn):
    """Two per column of pixels, the lowest and the highest; more would take longer than a frame."""
    x = np.linspace(0, 7, 100_000)
    y = np.random.default_rng(1).uniform(0.1, 0.2, x.size)
    y[55_555] = 0.4
    add(drawn, "train", x, y, colour="#E35600", thick=False, name="train")
    drawn.refresh()
    shown_x, shown_y = plots.lines(drawn)[1].getData()
    assert shown_x.size <= 2 * plots.canvas(drawn).plot_width_px
    assert shown_y.max() == pytest.approx(0.4), "a peak is seen, however short"
    assert shown_y.min() == pytest.approx(y.min())


def test_the_vertical_axis_says_what_it_measures(drawn):
    drawn.set_y_label("accuracy")
    drawn.refresh()
    assert "accuracy" in plots.axis(drawn, "left").labelText


def test_names_move_apart_and_stay_within_the_plot():
    assert spread([10, 90], 12, 100) == [10, 90]
    assert spread([50, 52, 51], 12, 100) == [39, 63, 51], "about their middle"
    assert spread([20, 20, 20, 55], 12, 100) == [8, 20, 32, 55], "who has room stays"
    assert spread([99, 98], 12, 100) == [94, 82]
    assert spread([1, 2], 12, 100) == [6, 18]


@given(st.lists(st.floats(-50, 150), min_size=1, max_size=6))
def test_spread_names_keep_their_order_and_overlap_nowhere(centres):
    placed = spread(centres, 12, 100)
    order = sorted(range(len(centres)), key=centres.__getitem__)
    assert min(placed) >= 6 - 1e-9
    assert max(placed) <= 94 + 1e-9
    assert np.all(np.diff([placed[index] for index in order]) >= 12 - 1e-9)


def test_a_name_is_at_the_height_of_its_curves_last_point(plot):
    """During the first epoch, only the untrained network's validation is known."""
    add(plot, "val", [0.0], [0.5], points=True, name="validation")
    x = np.linspace(0.01, 0.3, 30)
    add(plot, "train", x, 0.5 - x, thick=False, name="train")
    plot.refresh()
    for words, end in (("validation", 0.5), ("train", 0.2)):
        name = plots.names(plot)[words].pos()
        assert abs(name.x() - 0.3) < 0.03
        assert abs(name.y() - end) < 0.03


def test_names_have_the_colours_of_their_curves_and_lie_over_none(plot):
    """That of a curve that ended early lay over another one, and cut it in two."""
    add(plot, "a", EPOCHS, LOSSES, name="A rate 0.1")
    add(plot, "b", [1.0, 2.0], [0.04, 0.035], colour="#E35600", name="B a long name")
    plot.refresh()
    found = plots.names(plot)
    assert found["A rate 0.1"].color == QColor("#865A48")
    assert found["B a long name"].color == QColor("#E35600")
    assert found["B a long name"].pos().x() == found["A rate 0.1"].pos().x() == pytest.approx(5.0, abs=0.2)
    assert found["A rate 0.1"].pos().x() > 5.0


def test_of_two_curves_no_line_rises_from_below_the_axis(plot):
    """One rose at epoch 1, the other, which is worse, did not: that looked like a fast start."""
    epochs = np.arange(6.0)
    add(plot, "a", epochs, [0.1, 0.9, 0.91, 0.915, 0.918, 0.92])
    add(plot, "b", epochs, [0.1, 0.83, 0.86, 0.88, 0.885, 0.89], colour="#E35600")
    plot.refresh()
    assert [line.getData()[0][0] for line in plots.lines(plot)] == [1.0, 1.0]
    add(plot, "b", epochs[:3], [0.1, 0.83, 0.86], colour="#E35600")
    plot.refresh()
    assert [line.getData()[0][0] for line in plots.lines(plot)] == [1.0, 1.0], "also of a shorter one"
    add(plot, "a", epochs[:3], [0.1, 0.9, 0.91])
    plot.refresh()
    assert [line.getData()[0][0] for line in plots.lines(plot)] == [0.0, 0.0], "of a few epochs all is seen"


def test_the_bed_of_a_name_covers_no_other_name(drawn):
    add(drawn, "train", EPOCHS, LOSSES, colour="#E35600", thick=False, name="train")
    drawn.refresh()
    first, second = (name.sceneBoundingRect().adjusted(0, 1, 0, -1) for name in plots.names(drawn).values())
    assert not first.intersects(second)


def test_a_name_is_whole_while_the_axis_is_on_its_way(drawn):
    """Curves, and with them their names, used to grow beyond the limits."""
    view = plots.view(drawn)
    (x_low, _), y_limits = view.viewRange()
    plots.canvas(drawn).show_limits(Limits(x_low, EPOCHS[-1] + 0.1, *y_limits))
    assert len(plots.names(drawn)) == 2
    for name in plots.names(drawn).values():
        text = name.sceneBoundingRect().adjusted(1, 4, -1, -4)
        assert view.sceneBoundingRect().contains(text)


def test_on_its_way_no_axis_leaves_the_end_of_a_curve_under_its_name(drawn):
    """In the first seconds of a training, the curve ran through “validation”."""
    (x_low, _), y_limits = plots.view(drawn).viewRange()
    for behind in (1.0, 3.0, 0.2):
        plots.canvas(drawn).show_limits(Limits(x_low, EPOCHS[-1] - behind, *y_limits))
        assert {name.pos().x() > EPOCHS[-1] for name in plots.names(drawn).values()} == {True}


def test_where_not_all_names_fit_those_farthest_apart_are_shown():
    assert most_apart([10, 90, 50], 3) == [0, 1, 2]
    assert most_apart([50, 51, 49, 90], 2) == [0, 3]
    assert most_apart([50], 2) == [0]


def test_a_low_plot_names_as_many_curves_as_fit(drawn, theme):
    """Present mode's font is large: two whole names are better than four that are cut off."""
    add(drawn, "kl", EPOCHS, 0.01 * LOSSES, colour="#E35600", thick=False, name="KL")
    theme.set_present(True)
    drawn.resize(400, 148)
    drawn.refresh()
    assert plots.names(drawn).keys() == {"validation", "KL"}


def test_a_name_that_is_too_long_keeps_both_its_ends(drawn):
    add(drawn, "other", EPOCHS, LOSSES, colour="#E35600", name=f"C {'very ' * 20}long")
    drawn.grab()  # with the new limits
    drawn.refresh()
    drawn.grab()
    (name,) = (name for name in plots.names(drawn) if name.startswith("C very"))
    assert "…" in name
    assert name.endswith("long")
    view = plots.view(drawn)
    text = plots.names(drawn)[name].sceneBoundingRect().adjusted(0, 4, 0, -4)
    assert view.sceneBoundingRect().contains(text)


def _move(position):
    return QMouseEvent(
        QEvent.Type.MouseMove,
        position,
        position,
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )


def _wheel(position):
    return QWheelEvent(
        position,
        position,
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )


def test_a_curve_that_began_as_a_single_dot_loses_it(plot):
    """A single point is a dot, so that it is visible; once there is a line, the dot would be misleading."""
    add(plot, "train", [0.1], [0.05], thick=False)
    plot.refresh()
    (dots,) = plots.drawn(plot, ScatterPlotItem)
    assert len(dots.points()) == 1
    add(plot, "train", [0.1, 0.2], [0.05, 0.04], thick=False)
    plot.refresh()
    assert len(dots.points()) == 0


def test_the_axis_is_scaled_without_the_noise_of_training(plot):
    """A few bad batches made the curve that matters a flat line."""
    noise = np.array([100.0, *LOSSES, 0.001])
    add(plot, "val", EPOCHS, LOSSES)
    add(plot, "noise", np.linspace(0, 5, 7), noise, thick=False, is_noise=True)
    plot.refresh()
    _, (low, high) = plots.view(plot).viewRange()
    assert low > -0.1
    assert LOSSES.max() <= high < 1


def test_the_noise_is_a_thin_pale_line(plot, theme):
    """It was a solid block of colour, on which the eye fell first."""
    add(plot, "val", EPOCHS, LOSSES)
    add(plot, "noise", np.linspace(0, 5, 7), [LOSSES[0]] * 7, thick=False, is_noise=True)
    plot.refresh()
    _, noise = plots.lines(plot)
    pen = noise.opts["pen"]
    assert pen.widthF() <= 1 < theme.sizes.validation_line
    lightness = [QColor(colour).lightness() for colour in ("#865A48", pen.color(), theme.colours.plot)]
    assert lightness[1] > 0.15 * lightness[0] + 0.85 * lightness[2]


def test_of_a_first_epoch_the_noise_scales_the_axis(plot):
    add(plot, "val", [0.0], [0.5])
    add(plot, "noise", [0.1, 0.2], [0.4, 3.0], thick=False, is_noise=True)
    plot.refresh()
    assert plots.view(plot).viewRange()[1][1] >= 3


def test_of_a_first_epoch_the_noise_is_seen_for_nothing_else_moves(plot, theme):
    """A slow training was taken for frozen."""
    for epochs, is_pale in (([0.0], False), ([0.0, 1.0], True), ([0.0], False)):
        add(plot, "val", epochs, [0.5] * len(epochs))
        add(plot, "noise", [0.1, 0.2], [0.4, 3.0], thick=False, is_noise=True)
        plot.refresh()
        pen = plots.lines(plot)[-1].opts["pen"]
        noise = pen.color()
        assert (pen.widthF() == theme.sizes.train_line) is not is_pale
        between = (QColor("#865A48").lightness() + QColor(theme.colours.plot).lightness()) / 2
        assert (noise.lightness() > between + 20) == is_pale


def test_the_untrained_network_does_not_press_what_was_learned_against_an_edge(plot):
    add(plot, "val", np.arange(6.0), [500.0, *LOSSES])
    plot.refresh()
    assert plots.view(plot).viewRange()[1][1] < 1
    add(plot, "val", [0.0, 1.0], [500.0, 0.5])
    plot.refresh()
    assert plots.view(plot).viewRange()[1][1] >= 500, "of the first epochs it is what matters"


def test_a_logarithmic_axis_keeps_the_untrained_network(plot):
    """It went after the fourth epoch, when it was just compared with; there, it presses nothing."""
    plot.set_log(True)
    for n in (2, 3, 6, 2):
        add(plot, "val", np.arange(n), [0.9, *LOSSES][:n], points=True)
        plot.refresh()
        assert plots.lines(plot)[0].getData()[0].tolist() == list(range(n))
        assert plots.view(plot).viewRange()[1][1] >= np.log10(0.9)


def test_an_axis_ends_where_no_value_can_lie_above(plot):
    add(plot, "val", EPOCHS, [0.98, 0.99, 0.991, 0.993, 1.0])
    plot.set_highest(1.0)
    plot.refresh()
    low, high = plots.view(plot).viewRange()[1]
    assert 1 <= high < 1.005
    assert low > 0.95, "and shows what differs"


def test_a_line_with_an_end_far_outside_runs_through_its_dots(qtbot, theme, plot):
    """What Qt kept of a line that had become many times as high as the plot was a few pixels off."""
    other = PlotView(theme, empty_text="")
    qtbot.addWidget(other)
    other.resize(plot.size())
    other.show()
    qtbot.waitExposed(other)
    losses = [500.0, *LOSSES]
    for n in (1, 2, 3, 4, 5, 6):
        add(plot, "val", np.arange(n), losses[:n], points=True, name="validation")
        plot.refresh()
        plot.grab()
    add(other, "val", np.arange(6), losses, points=True, name="validation")
    other.refresh()
    assert plot.grab().toImage() == other.grab().toImage()


CURVES = {
    "loss": (np.array([0.5, 0.2, 0.1, 0.05, 0.034]), True),
    "high": (np.array([234_567.0, 91_000, 40_000, 39_000, 38_500]), False),
    "long": (np.geomspace(0.9951, 0.98, 70), False),
    "flat": (np.array([0.99731, 0.99732, 0.99733]), False),
}
"""Losses, and whether their axis is logarithmic; their numbers have one to seven characters."""


@pytest.mark.parametrize("name", sorted(CURVES))
def test_curves_look_the_same_whatever_was_shown_before(qtbot, theme, plot, name):
    """The margin for the numbers was that of wider ones before, and dots and names were sized for it.

    Of two runs that learned the same, the one added last lay over the other, also when that was shown.
    """
    colours = {"A": "#865A48", "B": "#1B3A73"}

    def show(plot, name, runs="AB"):
        losses, is_log = CURVES[name]
        plot.clear()
        plot.set_log(is_log)
        for run in runs:
            curve = {"colour": colours[run], "points": True, "name": f"{run} of {name}"}
            add(plot, run, 1.0 + np.arange(losses.size), losses, **curve)

    for before in (*CURVES, name):
        show(plot, before, "BA")
        plot.render_image(1.0)
    show(plot, name)
    fresh = PlotView(theme, empty_text="")
    qtbot.addWidget(fresh)
    fresh.resize(plot.size())
    fresh.show()
    qtbot.waitExposed(fresh)
    show(fresh, name)
    assert fresh.render_image(1.0) == plot.render_image(1.0)
