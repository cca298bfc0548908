"""Any text can be typed into a number field; only valid numbers become its value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from cadl_gui.ui.controls.number_spin import IntegerSpin, NumberSpin

pytestmark = pytest.mark.gui


@pytest.fixture
def integer(qtbot):
    spin = IntegerSpin()
    qtbot.addWidget(spin)
    spin.setRange(1, 10_000)
    spin.setValue(5)
    return spin


@pytest.fixture
def number(qtbot):
    spin = NumberSpin()
    qtbot.addWidget(spin)
    spin.setRange(1e-9, 1e9)
    spin.setValue(1e-3)
    return spin


def retype(spin, text):
    spin.lineEdit().selectAll()
    if text:
        QTest.keyClicks(spin, text)
    else:
        QTest.keyClick(spin, Qt.Key.Key_Delete)


@pytest.mark.parametrize("text", ["0", "-1", "abc", "", "10001", "1.5", "99999999999999"])
def test_bad_text_is_typed_reported_and_leaves_the_value(integer, text, qtbot):
    reported = []
    integer.text_edited.connect(reported.append)
    retype(integer, text)
    assert integer.text() == text
    assert reported[-1] == text
    assert integer.has_error()
    assert 1 <= integer.value() <= 10_000


def test_good_text_becomes_the_value_while_it_is_typed(integer, qtbot):
    retype(integer, "123")
    assert integer.value() == 123
    assert not integer.has_error()


@pytest.mark.parametrize("spin_name", ["integer", "number"])
def test_bad_text_stays_on_enter_and_after_leaving_the_field(spin_name, request, qtbot):
    spin = request.getfixturevalue(spin_name)
    other = QLineEdit()
    qtbot.addWidget(other)
    for widget in (other, spin):
        widget.show()
        qtbot.waitExposed(widget)
    before = spin.value()
    spin.setFocus()
    retype(spin, "-1x")
    QTest.keyClick(spin, Qt.Key.Key_Return)
    assert spin.text() == "-1x"
    other.activateWindow()
    other.setFocus()
    QApplication.processEvents()
    spin.hide()
    spin.show()
    assert spin.text() == "-1x"
    assert spin.has_error()
    assert spin.value() == before


@pytest.mark.parametrize("spin_name", ["integer", "number"])
def test_setting_the_very_same_value_replaces_bad_text_and_says_so(spin_name, request):
    spin = request.getfixturevalue(spin_name)
    good = spin.text()
    retype(spin, "abc")
    reported = []
    spin.text_edited.connect(reported.append)
    spin.setValue(spin.value())
    assert spin.text() == good
    assert reported == [good]
    assert not spin.has_error()


def test_arrow_keys_count_from_the_last_good_value(integer):
    QTest.keyClick(integer, Qt.Key.Key_Up)
    assert integer.value() == 6
    retype(integer, "abc")
    QTest.keyClick(integer, Qt.Key.Key_Down)
    assert (integer.value(), integer.text()) == (5, "5")


def test_stepping_ends_at_the_range_even_at_the_largest_integer(integer):
    integer.setRange(0, 2**31 - 1)
    integer.setValue(2**31 - 2)
    integer.stepBy(10)
    assert integer.value() == 2**31 - 1


@pytest.mark.parametrize(
    ("value", "text"), [(1e-3, "0.001"), (1e-9, "1e-09"), (1e9, "1000000000"), (0.1, "0.1"), (3e-4, "0.0003")]
)
def test_numbers_are_written_briefly(number, value, text):
    number.setValue(value)
    assert number.text() == text


@pytest.mark.parametrize("text", ["1e-3", "0.001", ".001", "1E-3", "0.0010"])
def test_every_notation_of_a_number_is_read_exactly(number, text):
    number.setValue(1)
    retype(number, text)
    assert number.value() == 1e-3
    assert number.text() == text


@pytest.mark.parametrize("text", ["0", "-1", "abc", "", "0,001", "nan", "inf", "1e10", "1e-10", "1e-"])
def test_bad_numbers_are_errors(number, text):
    retype(number, text)
    assert number.text() == text
    assert number.has_error()


def test_arrow_keys_step_through_1_2_5_also_from_between_them(number):
    seen = []
    for key in [Qt.Key.Key_Up] * 4 + [Qt.Key.Key_Down] * 5:
        QTest.keyClick(number, key)
        seen.append(number.value())
    assert seen == [0.002, 0.005, 0.01, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005]
    number.setValue(0.003)
    number.stepUp()
    assert number.value() == 0.005
    number.setValue(0.003)
    number.stepDown()
    assert number.value() == 0.002


def test_a_share_goes_up_from_zero_by_a_tenth_then_along_the_series(number):
    number.setRange(0, 1)
    number.setValue(0)
    seen = []
    for _ in range(4):
        number.stepUp()
        seen.append(number.value())
    assert seen == [0.1, 0.2, 0.5, 1]


@given(st.floats(1e-9, 1e9))
def test_any_value_in_range_is_kept_to_ten_digits(qapp, value):
    spin = NumberSpin()
    spin.setRange(1e-9, 1e9)
    spin.setValue(value)
    assert spin.value() == pytest.approx(value, rel=1e-12)
    assert float(spin.text()) == pytest.approx(value, rel=1e-9)
    assert not spin.has_error() or value in {1e-9, 1e9}


def test_the_wheel_turns_only_a_field_that_has_the_focus(integer, qtbot):
    integer.show()
    qtbot.waitExposed(integer)
    integer.clearFocus()
    turn_wheel(integer)
    assert integer.value() == 5
    integer.activateWindow()
    integer.setFocus()
    qtbot.waitUntil(integer.hasFocus)
    turn_wheel(integer)
    assert integer.value() == 6


def turn_wheel(widget):
    centre = QPointF(widget.rect().center())
    event = QWheelEvent(
        centre,
        widget.mapToGlobal(centre),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
