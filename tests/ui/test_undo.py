"""Ctrl+Z undoes the last change, wherever it was made; real keys after real mouse events."""

from dataclasses import replace

import pytest
from fakes import FakeTraining
from hand import choose_unit
from planes import has_pin
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from trained import train
from weighted_fakes import WeightedInference

from cadl_gui.domain.presets import preset
from cadl_gui.ui.tabs import TABS

pytestmark = pytest.mark.gui
BACKENDS = FakeTraining, WeightedInference

VAE = preset("vae").config.replace(epochs=2)
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


class Hand:
    """Performs a user's actions in the window by keys and mouse, and returns what is visible."""

    def __init__(self, qtbot, window, find):
        self._qtbot = qtbot
        self._places = []
        self._window = window
        self.find = find

    def open(self, tab):
        """Show a tab by its shortcut."""
        number = [spec.id for spec in TABS].index(tab) + 1
        self.press(getattr(Qt.Key, f"Key_{number}"), CTRL)
        QApplication.processEvents()

    def press(self, key, modifiers=Qt.KeyboardModifier.NoModifier):
        QTest.keyClick(QApplication.focusWidget() or self._window, key, modifiers)

    def undo(self):
        self.press(Qt.Key.Key_Z, CTRL)

    def redo(self):
        self.press(Qt.Key.Key_Z, CTRL | SHIFT)

    def draw(self, y):
        """Draw a stroke from left to right, with several events."""
        canvas = self.find("digitCanvas")
        self._qtbot.mousePress(canvas, LEFT, pos=QPoint(40, y))
        for x in range(50, 120, 10):
            self._qtbot.mouseMove(canvas, QPoint(x, y))
        self._qtbot.mouseRelease(canvas, LEFT, pos=QPoint(120, y))

    def pin(self):
        self.find("latentPlane").setFocus()
        self._places.append([self.find(f"latentSpin{axis}").value() for axis in (0, 1)])
        self.press(Qt.Key.Key_P)
        self.press(Qt.Key.Key_Right, CTRL)

    def choose(self, unit):
        montage = self.find("weightsMontage")
        self._qtbot.waitUntil(lambda: montage.shown is not None)
        choose_unit(montage, unit)

    @property
    def ink(self):
        return float(self.find("digitCanvas").raster(50).sum())

    @property
    def n_pins(self):
        return sum(has_pin(self.find("latentPlane"), *place) for place in self._places)

    @property
    def bent(self):
        """Numbers of the units that the montage marks as bent."""
        return sorted(self.find("weightsMontage").bent)

    def can(self, *actions):
        """Which of these actions are enabled."""
        return [self._window.findChild(QAction, f"{each}Action").isEnabled() for each in actions]

    @property
    def says(self):
        """What the Edit menu offers to undo."""
        return self._window.findChild(QAction, "undoAction").text()


@pytest.fixture
def hand(qtbot, window, find):
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return Hand(qtbot, window, find)


def test_strokes_and_clearing_are_undone_one_by_one_and_named(hand, engine):
    """“Undo” below the drawing took back a label, and nothing said so."""
    told = []
    engine.view.turned.connect(told.append)
    hand.open("draw")
    assert hand.can("undo", "redo") == [False, False]
    steps = [hand.ink]
    for y in (40, 90):
        hand.draw(y)
        steps.append(hand.ink)
    hand.press(Qt.Key.Key_Delete)
    assert hand.ink == 0
    for ink in reversed(steps):
        assert hand.can("undo") == [True]
        hand.undo()
        assert hand.ink == ink
    assert told == ["Undone: clearing.", "Undone: stroke.", "Undone: stroke."]
    assert hand.can("undo", "redo") == [False, True]
    for ink in (*steps[1:], 0):
        hand.redo()
        assert hand.ink == ink
    assert hand.can("undo", "redo") == [True, False]


def test_a_stroke_that_is_undone_in_the_middle_comes_back_as_far_as_it_went(qtbot, hand):
    hand.open("draw")
    canvas = hand.find("digitCanvas")
    qtbot.mousePress(canvas, LEFT, pos=QPoint(40, 60))
    qtbot.mouseMove(canvas, QPoint(80, 60))
    half = hand.ink
    hand.undo()
    qtbot.mouseMove(canvas, QPoint(120, 60))
    qtbot.mouseRelease(canvas, LEFT, pos=QPoint(120, 60))
    assert hand.ink == 0
    hand.redo()
    assert hand.ink == half


def test_pins_and_their_clearing_are_undone_one_by_one(qtbot, hand, engine):
    train(qtbot, engine, VAE)
    hand.open("latent")
    for _ in range(2):
        hand.pin()
    hand.press(Qt.Key.Key_Delete, SHIFT)
    assert hand.n_pins == 0
    for n_pins in (2, 1, 0):
        assert hand.can("undo") == [True]
        hand.undo()
        assert hand.n_pins == n_pins
    assert hand.can("undo", "redo") == [False, True]
    hand.redo()
    hand.press(Qt.Key.Key_Y, CTRL)
    assert hand.n_pins == 2
    hand.pin()
    assert hand.can("undo", "redo") == [True, False]


def test_the_buttons_below_the_drawing_undo_the_drawing_whatever_was_done_elsewhere_since(
    qtbot, hand, engine
):
    """“Undo restores your drawing” stood beside them, and they took back a pin in another tab."""
    train(qtbot, engine, VAE)

    def flips():
        return engine.view.drawing.drawing.flips

    def seen():
        return flips(), hand.n_pins, engine.view.value.tab

    for n in range(2):
        hand.open("draw")
        hand.draw(40 + 50 * n)
        drawing = replace(engine.view.drawing.drawing, flips=frozenset({(n, 3), (4, 5)}))
        draw = engine.view.value.draw.with_sheet(engine.view.drawing.form, drawing)
        engine.view.change(draw=draw, undo="flipped pixels")
        hand.open("latent")
        hand.pin()
        hand.open("draw")
        hand.find("undoDrawingButton").click()
        assert seen() == (frozenset(), n + 1, "drawTab")
        hand.find("redoDrawingButton").click()
        assert seen() == ({(n, 3), (4, 5)}, n + 1, "drawTab")
    hand.find("undoDrawingButton").click()
    hand.undo()
    assert seen() == (frozenset(), 1, "latentTab"), "Ctrl+Z undoes what was done last anywhere"
    hand.open("draw")
    while hand.can("undoDrawing") == [True]:
        hand.find("undoDrawingButton").click()
    assert (hand.ink, hand.n_pins) == (0, 1)
    assert hand.says == "Undo pin"


def test_bends_are_undone_one_by_one_and_a_drag_of_the_factor_at_once(qtbot, hand, engine):
    train(qtbot, engine, VAE)
    hand.open("inspect")
    hand.choose(3)
    hand.press(Qt.Key.Key_M)
    hand.choose(5)
    for _ in range(4):
        hand.press(Qt.Key.Key_BracketRight)
    hand.press(Qt.Key.Key_M, CTRL | SHIFT)
    assert hand.bent == []
    for bent in ([3, 5], [3], []):
        assert hand.can("undo") == [True]
        hand.undo()
        assert hand.bent == bent
    assert hand.can("undo", "redo") == [False, True]
    for bent in ([3], [3, 5], []):
        hand.redo()
        assert hand.bent == bent
    assert hand.can("undo", "redo") == [True, False]


def test_a_factor_that_is_back_where_it_was_is_nothing_to_undo(qtbot, hand, engine):
    train(qtbot, engine, VAE)
    hand.open("inspect")
    hand.choose(3)
    hand.press(Qt.Key.Key_BracketRight)
    hand.choose(5)
    for key in (Qt.Key.Key_BracketRight, Qt.Key.Key_BracketLeft):
        hand.press(key)
    assert hand.bent == [3]
    hand.undo()
    assert hand.bent == []
    assert hand.can("undo", "redo") == [False, True]


def test_after_an_undo_a_factor_is_a_new_undo_step(qtbot, hand, engine):
    train(qtbot, engine, VAE)
    hand.open("inspect")
    hand.choose(3)
    hand.press(Qt.Key.Key_BracketRight)
    hand.press(Qt.Key.Key_M, CTRL | SHIFT)
    hand.undo()
    hand.press(Qt.Key.Key_BracketRight)
    assert hand.find("bendFactorSpin").value() == pytest.approx(1.2)
    assert hand.can("redo") == [False]
    hand.undo()
    assert hand.find("bendFactorSpin").value() == pytest.approx(1.1)


def test_what_was_done_in_several_tabs_is_undone_last_first_where_it_was_done(qtbot, hand, engine, find):
    train(qtbot, engine, VAE)
    messages = []
    engine.view.turned.connect(messages.append)
    hand.open("latent")
    hand.pin()
    hand.open("inspect")
    hand.choose(3)
    hand.press(Qt.Key.Key_M)
    hand.open("latent")
    hand.pin()

    def seen():
        tab = next(spec.id for spec in TABS if find(f"{spec.id}Tab").isVisible())
        return tab, hand.n_pins, hand.bent

    hand.open("data")
    assert hand.says == "Undo pin"
    hand.undo()
    assert seen() == ("latent", 1, [3])
    assert messages == ["Undone: pin."]
    hand.undo()
    assert seen() == ("inspect", 1, [])
    assert messages[1:] == [f"Undone: change to {engine.runs[0].description.name}."]
    hand.undo()
    assert seen() == ("latent", 0, [])
    assert hand.can("undo", "redo") == [False, True]
    for expected in (("latent", 1, []), ("inspect", 1, [3]), ("latent", 2, [3])):
        hand.redo()
        assert seen() == expected
    assert hand.can("undo", "redo") == [True, False]
    bend = f"change to {engine.runs[0].description.name}."
    assert messages[2:] == ["Undone: pin.", "Redone: pin.", f"Redone: {bend}", "Redone: pin."]


def test_what_was_done_for_another_run_shows_that_run(qtbot, hand, engine):
    first, second = (train(qtbot, engine, VAE) for _ in range(2))
    hand.open("inspect")
    hand.choose(5)
    hand.press(Qt.Key.Key_M)
    engine.view.show_run(first)
    hand.choose(3)
    hand.press(Qt.Key.Key_M)
    hand.undo()
    assert (engine.view.run, hand.bent) == (first, [])
    hand.undo()
    qtbot.waitUntil(lambda: hand.find("weightsMontage").shown is not None)
    assert (engine.view.run, hand.bent) == (second, [])
    hand.redo()
    assert hand.bent == [5]
    hand.redo()
    assert engine.view.run is first
    qtbot.waitUntil(lambda: hand.bent == [3])


def test_all_networks_are_restored_at_once_and_that_is_undone_at_once(qtbot, hand, engine):
    first, second = (train(qtbot, engine, VAE) for _ in range(2))
    hand.open("inspect")
    for run, unit in ((second, 5), (first, 3)):
        engine.view.show_run(run)
        hand.choose(unit)
        hand.press(Qt.Key.Key_M)
    hand.find("resetBendsButton").click()
    assert not engine.bending.of(first.run_id) + engine.bending.of(second.run_id)
    assert not hand.find("bentStrip").isVisible()
    hand.undo()
    assert [engine.bending.of(run.run_id)[0].part.unit for run in (first, second)] == [3, 5]
    assert hand.find("bentStrip").isVisible()


def test_a_removed_run_is_restored_where_it_was_shown_and_what_was_done_with_it_before(qtbot, hand, engine):
    others = [train(qtbot, engine, VAE) for _ in range(2)]
    run = train(qtbot, engine, VAE)
    hand.open("latent")
    hand.pin()
    for each in (run, others[0]):
        engine.view.compare(each, on=True)
    engine.view.show(run.recorded[1])
    hand.press(Qt.Key.Key_L, CTRL | SHIFT)
    assert (engine.view.run, engine.view.compared) == (others[1], (others[0],))
    assert hand.says == f"Undo removal of {run.description.name}"
    engine.view.show_run(others[0])
    hand.open("inspect")
    hand.undo()
    assert engine.view.chosen == (run, others[0])
    assert (engine.view.position, engine.view.value.tab) == (run.recorded[1], "inspectTab")
    hand.undo()
    hand.redo()
    qtbot.waitUntil(lambda: hand.n_pins == 1)
    hand.redo()
    assert run not in engine.runs
    assert engine.view.compared == (others[0],)
    hand.find("noticeAction").click()
    assert engine.view.run is run
    assert hand.says == "Undo pin", "restored once, the removal is nothing to undo"
    for each in (run, others[1]):
        engine.runs.remove(each)
    assert hand.can("undo", "redo") == [False, False], "its run can no longer be restored"
