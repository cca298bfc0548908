"""Which parts of the window render for one change of the view: those that it concerns, each once."""

from collections import Counter
from dataclasses import replace

import pytest
from asking import watch
from idle import wait_until_idle
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from trained import train

from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset

pytestmark = pytest.mark.gui


@pytest.fixture
def rendering(engine):
    """Counts what renders, by the class whose method it is; asked for before the window is built."""
    counted, bind = Counter(), engine.view.bind

    def counting(owner, select, render):
        def count():
            counted[type(getattr(render, "__self__", owner)).__name__] += 1
            render()

        bind(owner, select, count)

    engine.view.bind = counting
    return counted


ANSWERS = {
    "ConfusionFetcher": 1, "Inspection": 2, "Question": 1,
    "ReconstructionCache": 1, "ReinterpretPanel": 1, "TabRun": 4, "TopActivationsSearch": 1,
}  # fmt: skip
"""What asks the networks anew, for other weights."""
NEWER = ANSWERS | {"DataTab": 1, "Timeline": 1, "TrainTab": 1}
"""Weights that have changed; Data notes that what it sorts by error is outdated, also while it is hidden."""
PLACE = NEWER | {"DataTab": 2, "LazyWindow": 1, "ViewStore": 1}
"""Another position, recorded instead of live or live again; Data has a binding for each."""
WITHOUT_TRAIN = {name: n for name, n in PLACE.items() if name not in {"ConfusionFetcher", "TrainTab"}}
RUN = PLACE | {
    "ConfusionFetcher": 1, "EpochSlider": 1, "InferenceClient": 2, "InputPicker": 1, "InspectBar": 1,
    "InspectTab": 1, "KeptAnswers": 2,
    "NotificationPresenter": 1, "QuantileHistory": 1, "ReinterpretPanel": 2, "Replay": 1,
    "RunList": 1, "ShownDataset": 1, "StartingPanel": 1,
    "Timeline": 2, "TrainTab": 2, "TrainingBar": 1,
}  # fmt: skip
"""Some have one binding for the run and one for its weights."""


def test_a_change_renders_the_parts_that_it_concerns_and_each_once(rendering, qtbot, window, engine, find):
    first = train(qtbot, engine, preset("vae").config.replace(epochs=2))
    train(qtbot, engine, preset("lecture-softmax").config.replace(epochs=3))
    view, tabs = engine.view, find("tabs")

    def choose(**chosen):
        view.change(inspect=replace(view.value.inspect, **chosen))

    for change, expected in (
        (lambda: view.change(tab="nowhere"), {"LazyWindow": 1, "ViewStore": 1}),
        (lambda: view.compare(first, on=True), {"RunListModel": 1, "ViewStore": 1}),
        (lambda: view.show(Position(1)), PLACE),
        (lambda: view.show(Position(1)), {}),
        (lambda: view.show_run(first), RUN),
        (lambda: view.show_run(first), NEWER),
        (
            lambda: view.change(next=view.value.next.replace(epochs="7")),
            {"ActionSet": 1, "NewRunBar": 1, "TrainTab": 1, "ViewStore": 1},
        ),
        (lambda: tabs.setCurrentWidget(find("dataTab")), {"DataTab": 1, "LazyWindow": 1, "ViewStore": 1}),
        (lambda: view.show(Position(1)), WITHOUT_TRAIN),
        (
            lambda: tabs.setCurrentWidget(find("trainTab")),
            {"ConfusionFetcher": 1, "LazyWindow": 1, "TrainTab": 1, "ViewStore": 1},
        ),
        (view.go_live, PLACE),
        (lambda: choose(number=7, layer="logits", unit=3), {"InputPicker": 1, "ViewStore": 1}),
        (
            lambda: tabs.setCurrentWidget(find("inspectTab")),
            {"Chosen": 1, "InspectTab": 2, "LayerList": 1, "LazyWindow": 1, "ViewStore": 1},
        ),
        (lambda: choose(unit=4), {"InspectTab": 1, "ViewStore": 1}),
        (lambda: choose(range="unit"), {"Chosen": 1, "InspectTab": 1, "ViewStore": 1}),
    ):
        rendering.clear()
        change()
        assert rendering == expected


PEN = {
    "ActionSet": 1, "AnswerArea": 1, "DrawTab": 1, "DrawingAnalyses": 1, "DrawingAnswers": 1,
    "DrawingCanvas": 1, "FoolPanel": 1, "Fooling": 1,
    "InputPicker": 1,
    "PreprocessingPanel": 1, "ViewStore": 1,
}  # fmt: skip
"""A movement of the pen: the parts of Draw that are visible or ask, the store, and Inspect's picker."""


def test_a_movement_of_the_pen_is_one_change_that_each_part_renders_once_and_one_question(
    rendering, qtbot, window, engine, find, monkeypatch
):
    train(qtbot, engine, preset("vae").config.replace(epochs=2))
    train(qtbot, engine, preset("lecture-softmax").config.replace(epochs=3))
    find("tabs").setCurrentWidget(find("drawTab"))
    asked, canvas = watch(engine, monkeypatch), find("digitCanvas")
    hidden = {name: n for name, n in PEN.items() if name != "PreprocessingPanel"}
    for section, expected in (("seen", PEN), ("evidence", hidden)):
        find(f"{section}PanelButton").click()
        for y in (40, 80):
            QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(40, y))
            wait_until_idle(engine, window)
            asked.clear()
            rendering.clear()
            QTest.mouseMove(canvas, QPoint(90, y + 5))
            assert [type(ticket.request).__name__ for ticket in asked] == ["Classify"]
            wait_until_idle(engine, window)
            assert rendering == expected
            QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(90, y + 5))
