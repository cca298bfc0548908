"""Ctrl+Z undoes the last change in the visible tab; real keys after real mouse events."""

import pytest
from fakes import FakeTraining
from hand import choose_unit
from planes import has_pin
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from trained import train
from weighted_fakes import WeightedInference

from cadl_gui.domain.presets import preset
from cadl_gui.ui.tabs import TABS
from cadl_gui.ui.undo import UndoStacks

pytestmark = pytest.mark.gui

VAE = preset("vae").config.replace(epochs=2)
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def backends():
    return FakeTraining(), WeightedInference()


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

    def can(self, *buttons):
        """The enabled ones of these buttons."""
        return [self.find(f"{button}Button").isEnabled() for button in buttons]


@pytest.fixture
def hand(qtbot, window, find):
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return Hand(qtbot, window, find)


def test_strokes_and_clearing_are_undone_one_by_one(hand):
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
        assert hand.can("undoPin") == [True]
        hand.undo()
        assert hand.n_pins == n_pins
    assert hand.can("undoPin", "redoPin") == [False, True]
    hand.redo()
    hand.press(Qt.Key.Key_Y, CTRL)
    assert hand.n_pins == 2
    hand.pin()
    assert hand.can("undoPin", "redoPin") == [True, False]


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
        assert hand.can("undoBend") == [True]
        hand.undo()
        assert hand.bent == bent
    assert hand.can("undoBend", "redoBend") == [False, True]
    for bent in ([3], [3, 5], []):
        hand.redo()
        assert hand.bent == bent
    assert hand.can("undoBend", "redoBend") == [True, False]


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
    assert hand.can("undoBend", "redoBend") == [False, True]


def test_after_an_undo_a_factor_is_a_new_undo_step(qtbot, hand, engine):
    train(qtbot, engine, VAE)
    hand.open("inspect")
    hand.choose(3)
    hand.press(Qt.Key.Key_BracketRight)
    hand.press(Qt.Key.Key_M, CTRL | SHIFT)
    hand.undo()
    hand.press(Qt.Key.Key_BracketRight)
    assert hand.find("bendFactorSpin").value() == pytest.approx(1.2)
    assert hand.can("redoBend") == [False]
    hand.undo()
    assert hand.find("bendFactorSpin").value() == pytest.approx(1.1)


def test_each_tab_undoes_its_own(qtbot, hand, engine):
    train(qtbot, engine, VAE)
    hand.open("draw")
    hand.draw(60)
    ink = hand.ink
    hand.open("latent")
    hand.pin()
    hand.open("inspect")
    hand.choose(3)
    hand.press(Qt.Key.Key_M)

    def seen():
        return hand.ink, hand.n_pins, hand.bent

    hand.open("train")
    hand.undo()
    assert seen() == (ink, 1, [3]), "there is nothing to undo in Train"
    hand.open("latent")
    hand.undo()
    assert seen() == (ink, 0, [3])
    hand.undo()
    assert seen() == (ink, 0, [3]), "the pin was all"
    hand.open("draw")
    hand.undo()
    assert seen() == (0, 0, [3])
    hand.open("inspect")
    hand.undo()
    assert seen() == (0, 0, [])
    hand.open("draw")
    hand.redo()
    assert seen() == (ink, 0, [])


def test_each_run_undoes_its_own_bends(qtbot, hand, engine):
    first, second = (train(qtbot, engine, VAE) for _ in range(2))
    hand.open("inspect")
    hand.choose(5)
    hand.press(Qt.Key.Key_M)
    engine.view.show_run(first)
    hand.choose(3)
    assert hand.can("undoBend", "redoBend") == [False, False]
    hand.press(Qt.Key.Key_M)
    hand.undo()
    assert hand.bent == []
    engine.view.show_run(second)
    qtbot.waitUntil(lambda: hand.bent == [5])
    assert hand.can("undoBend", "redoBend") == [True, False]
    hand.undo()
    assert hand.bent == []


def test_the_palette_undoes_in_the_tab_that_it_shows(qtbot, hand, window):
    hand.open("draw")
    hand.draw(60)
    hand.open("train")
    hand.press(Qt.Key.Key_P, CTRL | SHIFT)
    search = hand.find("paletteSearch")
    QTest.keyClicks(search, "undo draw")
    QTest.keyClick(search, Qt.Key.Key_Return)
    assert hand.find("drawTab").isVisible()
    assert hand.ink == 0


def test_undo_goes_with_its_run_and_comes_back_with_it(qtbot, hand, engine):
    first = train(qtbot, engine, VAE)
    hand.open("inspect")
    hand.choose(3)
    hand.press(Qt.Key.Key_M)
    hand.open("latent")
    hand.pin()
    engine.runs.remove(first)
    assert hand.can("undoPin", "undoBend", "undoBendStrip") == [False, False, False]
    hand.undo()
    engine.runs.restore_removed()
    qtbot.waitUntil(lambda: hand.n_pins == 1)
    assert hand.can("undoPin", "undoBend", "undoBendStrip") == [True, True, True]
    hand.undo()
    qtbot.waitUntil(lambda: hand.n_pins == 0)


def test_undo_stacks_of_a_run_that_cannot_be_restored_are_deleted(qtbot, hand, window, engine):
    stacks = window.findChild(UndoStacks)
    first, second = (train(qtbot, engine, VAE) for _ in range(2))
    n_stacks = len(stacks.stacks())
    engine.view.show_run(first)
    hand.open("inspect")
    hand.choose(3)
    hand.press(Qt.Key.Key_M)
    hand.open("latent")
    hand.pin()
    assert len(stacks.stacks()) > n_stacks
    engine.runs.remove(first)
    engine.runs.remove(second)
    qtbot.waitUntil(lambda: len(stacks.stacks()) <= n_stacks)
