"""The lessons that ship, played on the real window with the networks that ship."""

import random
import re

import pytest
from idle import wait_until_idle
from menus import entry
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton

from cadl_gui.domain.lesson import SUFFIX, read_lesson
from cadl_gui.inference.inference_service import InferenceService
from cadl_gui.saved.backend import Training
from cadl_gui.system.resources import shipped_lessons
from cadl_gui.ui.draw.sections import Sections
from cadl_gui.ui.inspect.layer_list import LayerList
from cadl_gui.ui.window.lesson_actions import LessonActions
from cadl_gui.ui.window.lesson_names import names_beside

pytestmark = [pytest.mark.gui, pytest.mark.slow]


@pytest.fixture
def backends():
    return Training(), InferenceService(has_tensorflow=False)


def check_shown(show, engine, find):
    """Check what the window shows, and not only what it wishes to show."""
    value, view = engine.view.value, engine.view
    run = view.run.description
    assert show.run in {"", run.name}
    assert show.at in {None, view.position}
    assert view.is_live is (show.at is None)
    assert find("tabs").currentWidget().objectName() == (show.tab or value.tab)
    for name, wished in show.members:
        part, member = name.split(".")
        assert getattr(getattr(value, part), member) == wished, name
        if name == "inspect.layer":
            assert find("layerList", LayerList).layer.name == wished
        if name == "draw.section" and wished:
            assert find(f"{wished}PanelButton", QPushButton).isChecked()
            assert find("drawTab").findChild(Sections).shows(wished)
        if name in {"figure.filling", "figure.covered"}:
            assert all(find(figure.rpartition("/")[2]).isVisible() for figure in wished)
    if len(show.z) and show.tab == "latentTab":
        assert value.chosen(value.run).z == show.z


WORDS = re.compile(r"(?<!\*)\*([A-Z][^*]*)\*(?!\*)")
"""Words of the window, as steps write them."""


def check_in_sight(step, window):
    """Check that the class sees what a step names."""
    widgets = (each for kind in (QLabel, QAbstractButton) for each in window.findChildren(kind))
    texts = [each.accessibleName() or each.text() for each in widgets if not each.visibleRegion().isEmpty()]
    for words in WORDS.findall(f"{step.prose}\n{step.hint}"):
        assert any(text.startswith(words) for text in texts), words


WAYS = {
    "forwards": lambda n: [*range(n)],
    "forwards in present mode": lambda n: [*range(n)],
    "backwards": lambda n: [*reversed(range(n))],
    "at random": lambda n: random.Random(n).choices(range(n), k=n),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("path", shipped_lessons(), ids=lambda path: path.name.removesuffix(SUFFIX))
def test_every_step_shows_what_it_declares_and_nothing_is_done_on_entering(
    qtbot, window, engine, find, theme, path, way
):
    theme.set_present(way.endswith("present mode"))
    lesson = read_lesson(path, names_beside(path))
    name = path.name.removesuffix(SUFFIX)
    entry(window, f"lesson_{name.replace('-', '_')}").trigger()
    qtbot.waitUntil(lambda: find("lessonPanel").isVisible())
    lessons, before = window.findChild(LessonActions), 0
    for number in WAYS[way](len(lesson.steps)):
        if number - before == 1:
            while lessons.has_more:  # it reads on first, as far as there is no room for the step
                entry(window, "nextStep").trigger()
            entry(window, "nextStep").trigger()
        elif number - before == -1:
            entry(window, "previousStep").trigger()
        elif number != before:
            lessons.enter(number)
        before, step = number, lesson.steps[number]
        assert find("stepTitle", QLabel).text() == step.title
        qtbot.waitUntil(lambda: engine.view.run is not None)
        qtbot.waitUntil(lambda step=step: step.show.run in {"", engine.view.run.description.name})
        if step.show.tab == "drawTab":  # its answers count; elsewhere, a search takes minutes
            wait_until_idle(engine, window)
        qtbot.waitUntil(lambda step=step: check_shown(step.show, engine, find))
        qtbot.waitUntil(lambda step=step: check_in_sight(step, window))
        facts = lessons.facts()
        is_done = step.check and all(condition.holds(facts) for condition in step.check)
        assert not is_done, f"“{step.title}” is done before anything was done"
        if step.show.drawing:
            assert (engine.view.drawing.image is None) is lesson.drawings[step.show.drawing].is_blank
        assert engine.view.value.lesson.done == ()
        assert engine.view.value.lesson.steps == {name: number}
        is_last = number + 1 == len(lesson.steps)
        is_at_end = is_last and not lessons.has_more
        assert entry(window, "finishLesson").isEnabled() is is_at_end
