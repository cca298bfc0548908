"""The colours are legible, and switching the theme affects everything on the screen."""

import re
import warnings
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QPalette, QStyleHints
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QWidget,
)

from cadl_gui.pictures.label_colours import LABEL_COLOURS
from cadl_gui.system.resources import resource_path
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.stylesheet import mixed, stylesheet
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import DARK, LIGHT, NORMAL, PRESENT, RUN_COLOURS

pytestmark = pytest.mark.gui

_SCHEMES = [("light", LIGHT), ("dark", DARK)]


@pytest.fixture
def theme(qapp):
    before = (qapp.styleSheet(), QPalette(qapp.palette()), qapp.font(), qapp.style().name())
    with warnings.catch_warnings(action="ignore", category=RuntimeWarning):  # there may be none
        # Themes of windows that earlier tests closed may go on following the system.
        qapp.styleHints().colorSchemeChanged.disconnect()
    theme = Theme("light")
    theme.prepare(qapp)
    theme.apply(qapp)
    yield theme
    theme.deleteLater()
    QApplication.sendPostedEvents(theme, QEvent.Type.DeferredDelete)  # else it goes on following the system
    qapp.styleHints().unsetColorScheme()
    qapp.setStyle(before[3])
    qapp.setPalette(before[1])
    qapp.setFont(before[2])
    qapp.setStyleSheet(before[0])


def linear(colour):
    """Linear red, green and blue in [0, 1] of a colour in sRGB."""
    parts = np.array(QColor(colour).getRgbF()[:3])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(first, second):
    """WCAG 2.2 contrast ratio of two colours."""
    lighter, darker = sorted(
        (float(linear(c) @ (0.2126, 0.7152, 0.0722)) for c in (first, second)), reverse=True
    )
    return (lighter + 0.05) / (darker + 0.05)


SIGHTS = {
    "all": np.eye(3),
    "no red": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "no green": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "no blue": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}
"""What is left of linear colours without a kind of cone: Machado, Oliveira and Fernandes (2009)."""


def distance(first, second, sight="all"):
    """How different two colours look: in OKLab (Ottosson, 2020), times 100."""
    cones = [[0.4122, 0.5363, 0.0514], [0.2119, 0.6807, 0.1074], [0.0883, 0.2817, 0.6300]]
    lab = [[0.2105, 0.7936, -0.0041], [1.9780, -2.4286, 0.4506], [0.0259, 0.7828, -0.8087]]

    def seen(colour):
        return np.array(lab) @ np.cbrt(np.array(cones) @ np.clip(SIGHTS[sight] @ linear(colour), 0, 1))

    return 100 * float(np.linalg.norm(seen(first) - seen(second)))


@pytest.mark.parametrize(("_", "colours"), _SCHEMES)
def test_text_and_edges_stand_out_from_every_surface(_, colours):
    for surface in (colours.window, colours.raised, colours.plot):
        assert contrast(colours.text, surface) >= 12.6
        assert contrast(colours.secondary, surface) >= 5.95
        assert contrast(colours.accent, surface) >= 5.3
        assert contrast(colours.field_edge, surface) >= 3.2
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    assert contrast(colours.text, colours.selected) >= 4.5
    assert contrast(colours.caution, colours.caution_surface) >= 4.5
    assert contrast(colours.error, colours.error_surface) >= 4.5


@pytest.mark.parametrize(("bed", "colours"), _SCHEMES)
def test_runs_are_told_apart_with_whatever_sight_and_have_the_colour_of_no_class(bed, colours):
    """Orange was both A and 3."""
    for run in RUN_COLOURS[bed]:
        assert min(contrast(run, surface) for surface in (colours.window, colours.plot)) >= 3
        assert min(distance(run, label) for label in LABEL_COLOURS[bed]) >= 11
    for sight in SIGHTS:
        assert min(distance(*two, sight) for two in combinations(RUN_COLOURS[bed], 2)) >= 14
        assert min(distance(*two, sight) for two in combinations(LABEL_COLOURS[bed], 2)) >= 6


@pytest.mark.parametrize("sizes", [NORMAL, PRESENT])
@pytest.mark.parametrize(("_", "colours"), _SCHEMES)
def test_the_style_sheet_is_complete(_, colours, sizes, tmp_path):
    written = stylesheet(colours, sizes, tmp_path)
    assert "$" not in written
    assert written.count("{") == written.count("}")
    assert set(re.findall(r"-\d+px", written)) <= {f"-{sizes.control // 4 - 2}px"}


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        (QPushButton, "primary", True),
        (QPushButton, "flat", True),
        (QPushButton, "highlighted", True),
        (QLineEdit, "invalid", True),
        (QLabel, "invalid", True),
        (QLabel, "secondary", True),
        (QLabel, "textRole", "value"),
        (QFrame, "notice", "error"),
        (QLabel, "noticeText", "error"),
    ],
)
def test_style_properties_change_what_a_widget_looks_like(theme, qtbot, kind, name, value):
    widget = kind()
    qtbot.addWidget(widget)
    if isinstance(widget, QLabel | QPushButton):
        widget.setText("Text")
    widget.resize(200, 60)
    plain = widget.grab().toImage()
    set_style_property(widget, name, value)
    assert widget.grab().toImage() != plain
    if name == "primary":
        widget.setDisabled(True)
        assert widget.grab().toImage().pixelColor(9, 30) != QColor(theme.colours.accent), "it looks disabled"


def test_a_flat_button_has_an_edge_and_a_ground_only_when_it_is_checked(theme, qtbot):
    window, button = QWidget(), QPushButton(checkable=True)
    qtbot.addWidget(window)
    button.setParent(window)
    set_style_property(button, "flat", value=True)
    button.resize(60, 40)
    window.show()

    def ground():
        return window.grab().toImage().pixelColor(30, 20).name()

    assert ground() == QColor(LIGHT.window).name()
    button.setChecked(True)
    assert ground() == QColor(LIGHT.selected).name()


@pytest.mark.parametrize(("scheme", "colours"), _SCHEMES)
def test_the_arrows_and_the_tick_of_the_style_sheet_wear_the_tokens(scheme, colours):
    for name, colour in {
        "chevron-up": colours.secondary,
        "chevron-down": colours.secondary,
        "check": colours.on_accent,
    }.items():
        assert f'stroke="{colour}"' in resource_path(f"icons/{scheme}/{name}.svg").read_text("utf-8")


def test_a_switch_restyles_the_application_and_reports(theme, qtbot):
    with qtbot.waitSignal(theme.changed):
        theme.set_mode("dark")
    palette = QApplication.palette()
    assert palette.color(QPalette.ColorRole.Window) == QColor(DARK.window)
    assert theme.is_dark
    assert theme.colours is DARK
    with qtbot.assertNotEmitted(theme.changed):
        theme.set_mode("dark")


def test_widgets_on_the_screen_take_the_new_colours_and_sizes(theme, qtbot):
    button = QPushButton("Train")
    button.setProperty("primary", True)
    qtbot.addWidget(button)
    button.show()
    light = button.grab().toImage().pixelColor(6, button.height() // 2)
    height = button.sizeHint().height()
    theme.set_mode("dark")
    theme.set_present(True)
    button.adjustSize()
    dark = button.grab().toImage().pixelColor(8, button.height() // 2)
    assert (light, dark) == (QColor(LIGHT.accent), QColor(DARK.accent))
    assert (height, button.sizeHint().height()) == (NORMAL.control, PRESENT.control)


def test_type_is_inter_in_two_weights_with_figures_of_equal_width(theme, qtbot):
    for role in ("caption", "body", "section", "value", "hero"):
        font = theme.font(role)
        metrics = QFontMetricsF(font)
        assert QFontInfo(font).family() == "Inter"
        assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("0000")
        assert QFontMetricsF(theme.font(role, 600)).horizontalAdvance("wide") > metrics.horizontalAdvance(
            "wide"
        )
    label = QLabel("0")
    label.setProperty("textRole", "value")
    qtbot.addWidget(label)
    label.ensurePolished()
    assert QFontInfo(label.font()).pixelSize() == NORMAL.value
    metrics = QFontMetricsF(label.font())
    assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("0000")


@pytest.fixture
def switch_system(qapp, monkeypatch):
    """Changes the system's colour scheme, which the offscreen platform cannot do by itself."""

    def switch_system(scheme):
        monkeypatch.setattr(QStyleHints, "colorScheme", lambda hints: scheme)
        qapp.styleHints().colorSchemeChanged.emit(scheme)

    return switch_system


def test_the_type_of_the_application_is_that_of_the_theme(theme):
    for present, sizes in ((False, NORMAL), (True, PRESENT)):
        theme.set_present(present)
        font = QFontInfo(QApplication.font())
        assert (font.family(), font.pixelSize()) == ("Inter", sizes.body)


def window_colour():
    return QApplication.palette().color(QPalette.ColorRole.Window)


def test_a_theme_that_follows_the_system_changes_with_it(theme, qtbot, switch_system):
    theme.set_mode("system")
    for scheme, colours in ((Qt.ColorScheme.Dark, DARK), (Qt.ColorScheme.Light, LIGHT)):
        with qtbot.waitSignal(theme.changed):
            switch_system(scheme)
        assert theme.is_dark == (colours is DARK)
        assert window_colour() == QColor(colours.window)


@pytest.mark.parametrize(("mode", "colours"), _SCHEMES)
def test_a_theme_that_was_chosen_stays_whatever_the_system_does(theme, qtbot, switch_system, mode, colours):
    theme.set_mode(mode)
    for scheme in (Qt.ColorScheme.Dark, Qt.ColorScheme.Light):
        with qtbot.assertNotEmitted(theme.changed):
            switch_system(scheme)
        assert window_colour() == QColor(colours.window)


def test_the_colours_of_runs_repeat_after_six_and_follow_the_theme(theme):
    assert [theme.run_colour(letter) for letter in "AF"] == [RUN_COLOURS["light"][i] for i in (0, 5)]
    assert theme.run_colour("G") == theme.run_colour("AA") == theme.run_colour("A")
    theme.set_mode("dark")
    assert theme.run_colour("A") == RUN_COLOURS["dark"][0]


def test_the_curves_of_eighteen_runs_differ_in_colour_or_dashes(theme):
    assert not any(theme.run_dashes(letter) for letter in "ABCDEF")
    assert all(theme.run_dashes(letter) for letter in "GHJKLMNPQRST")
    looks = {(theme.run_colour(letter), theme.run_dashes(letter)) for letter in "ABCDEFGHJKLMNPQRST"}
    assert len(looks) == 18
    assert theme.run_dashes("AA") == theme.run_dashes("J")


def test_reduced_motion_takes_no_time(theme, qtbot):
    assert theme.duration_ms(300) == 300
    with qtbot.waitSignal(theme.changed):
        theme.set_reduce_motion(True)
    assert theme.duration_ms(300) == 0


@given(st.integers(0, 0xFFFFFF), st.integers(0, 0xFFFFFF))
def test_mixing_goes_from_one_colour_to_the_other(first, second):
    first, second = f"#{first:06X}", f"#{second:06X}"
    assert mixed(first, second, 0.0) == first
    assert mixed(first, second, 1.0) == second
    middle = QColor(mixed(first, second, 0.5))
    assert abs(middle.red() - (QColor(first).red() + QColor(second).red()) / 2) <= 0.5


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_list_in_a_window_of_its_own_has_a_ground_to_read_it_on(qtbot, theme, mode):
    """Such as completions in Qt's file dialog."""
    theme.set_mode(mode)
    completions = QListView()
    qtbot.addWidget(completions)
    completions.setWindowFlags(Qt.WindowType.Popup)
    completions.show()
    qtbot.waitExposed(completions)
    ground = completions.grab().toImage().pixelColor(20, 20)
    assert contrast(ground.name(), theme.colours.text) >= 7
