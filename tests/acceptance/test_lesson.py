"""Two lessons are played by keyboard alone: questions, a drawing, a table, and the way on."""

import pytest

from acceptance.accessibility import Node, Role, State
from acceptance.window import Window

pytestmark = pytest.mark.acceptance

_MOST_TABS = 60


def tab_to(window: Window, role: Role, called: str) -> Node:
    """Press Tab until a widget has the focus."""
    node = window.enabled(role, called=called)
    for _ in range(_MOST_TABS):
        if node.has(State.FOCUSED):
            return node
        window.hand.key("Tab")
    raise AssertionError(f"Tab does not lead to {called}")


def open_lesson(window: Window, title: str) -> None:
    window.hand.key("Ctrl+Shift+P")
    window.hand.type(title)
    window.hand.key("Enter")


def next_step(window: Window, title: str) -> None:
    window.hand.key("Next")
    window.wait_for_text("stepTitle", title)


def answer(window: Window, text: str) -> None:
    """Type a number or a text, or choose the button with this text."""
    nodes = window.all(Role.CHECK_BOX)
    buttons = [node for node in nodes if node.identifier.rpartition(".")[2].startswith("choice")]
    if not buttons:
        tab_to(window, Role.TEXT, "answerEdit")
        window.hand.type(text)
        window.hand.key("Enter")
    else:
        tab_to(window, Role.CHECK_BOX, "choice0Button")
        for _ in range([button.name for button in buttons].index(text)):
            window.hand.key("Down")
        window.hand.key("Space")
    window.wait(lambda: window.says("stepDone"), "the step to be done")


def steer(window: Window, *ways: tuple[str, int]) -> None:
    """Press keys as often as said."""
    for key, times in ways:
        for _ in range(times):
            window.hand.key(key)


def test_the_last_lesson_by_keyboard_alone(window):
    open_lesson(window, "Why does it take")
    window.wait_for_text("stepTitle", "A clear 4")
    answer(window, "a 9")
    next_step(window, "It takes it for a 9")
    answer(window, "a 4")
    next_step(window, "When did it get it?")
    timeline = window.see(Role.SLIDER, "Timeline")
    tab_to(window, Role.FILLER, "historyView")
    steer(window, ("Right", 3), ("Enter", 1))
    window.wait(lambda: not timeline.description.startswith("epoch 44"), "another epoch")
    answer(window, "a 9")
    next_step(window, "Why a 9?")
    answer(window, "nobody")
    next_step(window, "It learned from us")
    answer(window, "More closed 4s.")
    next_step(window, "Draw your own")
    tab_to(window, Role.FILLER, "digitCanvas")
    steer(window, ("Up", 7), ("Right", 4), ("Space", 1), ("Left", 8), ("Down", 6), ("Right", 8), ("Up", 6))
    steer(window, ("Down", 14), ("Space", 1))
    window.wait(lambda: window.says("stepDone"), "a 9 to be read")
    window.hand.key("Ctrl+Z")
    window.wait_for_text("predictionLabel", "No drawing yet.")
    next_step(window, "A few pixels")
    answer(window, "4")
    next_step(window, "Fool it")
    tab_to(window, Role.BUTTON, "foolButton")
    window.hand.key("Space")
    answer(window, "In a game; not in a hospital.")


def test_the_lesson_with_a_table_by_keyboard_alone(window):
    open_lesson(window, "A network that decides")
    window.wait_for_text("stepTitle", "Ten answers at once")
    answer(window, "100")
    for title, says in (
        ("Only so much certainty", "a 4"),
        ("Weights to look at", "0"),
        ("Multiply and add", "7840"),
        ("How wrong is wrong?", "0"),
        ("Before it has learned", "92"),
        ("One pass does nearly all", "3 as 5"),
    ):
        next_step(window, title)
        answer(window, says)
    next_step(window, "Look at the mistakes")
    tab_to(window, Role.FILLER, "confusionView")
    steer(window, ("Down", 5), ("Right", 5))
    window.wait(lambda: "3" in window.says("pointerLabel"), "the cell to be told")
    window.hand.key("Enter")
    window.wait(lambda: window.says("stepDone"), "the images to be shown in Data")
