"""What is said of a drawing is of it and the run that answers, not of the drawing or run before."""

from dataclasses import replace

import numpy as np
import pytest
import trained
from hand import draw_stroke
from PySide6.QtWidgets import QLabel, QToolButton

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import Classify, FindNearest
from cadl_gui.ui.draw.tab import DrawTab

pytestmark = pytest.mark.gui


@pytest.fixture
def tab(shown):
    return shown(DrawTab)


def test_until_the_nearest_images_are_known_a_drawing_is_not_doubted_for_those_of_the_one_before(
    qtbot, engine, tab, find, facts, monkeypatch
):
    def value_of(request, snapshot, answer=facts.value_of):
        value = answer(request, snapshot)
        return replace(value, distances=value.distances + 20) if isinstance(request, FindNearest) else value

    facts.value_of = value_of
    runs = [trained.train(qtbot, engine, preset("softmax").config.replace(epochs=1)) for _ in range(2)]
    hint, bars, send = find("noDigitHint", QLabel), find("probabilityBars"), engine.inference.send
    waiting = []

    def hold(ticket):
        waiting.append(ticket) if isinstance(ticket.request, FindNearest) else send(ticket)

    def release():
        monkeypatch.setattr(engine.inference, "send", send)
        while waiting:
            send(waiting.pop(0))

    draw_stroke(find("digitCanvas"))
    for change in ("drawing", "run", "drawing", "run"):
        qtbot.waitUntil(hint.isVisible)
        monkeypatch.setattr(engine.inference, "send", hold)
        if change == "run":
            engine.view.show_run(runs[0] if engine.view.run is runs[1] else runs[1])
        else:
            find("clearButton", QToolButton).click()
            draw_stroke(find("digitCanvas"))
        qtbot.waitUntil(lambda: bars.answer is not None)
        assert not hint.isVisible()
        release()


@pytest.mark.parametrize("is_hidden", [False, True])
def test_until_another_run_has_answered_nothing_of_the_one_before_stands_beside_its_name(
    qtbot, engine, tab, find, facts, monkeypatch, is_hidden
):
    """“3 · 58.4 %” stood there for seconds, with the name of a network that saw a 7."""
    runs = [trained.train(qtbot, engine, preset("softmax").config.replace(epochs=1)) for _ in range(2)]

    def value_of(request, snapshot, answer=facts.value_of):
        p = np.full((1, 10), 0.05, np.float32)
        p[0, 3 if request.run_id == runs[0].run_id else 7] = 0.55
        return p if isinstance(request, Classify) else answer(request, snapshot)

    facts.value_of = value_of
    labels = [find(name, QLabel) for name in ("predictionLabel", "confidenceLabel", "runnerUpLabel")]
    send, waiting = engine.inference.send, []
    draw_stroke(find("digitCanvas"))
    qtbot.waitUntil(lambda: labels[0].text() == "7")
    for run, digit in ((runs[0], "3"), (runs[1], "7"), (runs[0], "3")):
        monkeypatch.setattr(engine.inference, "send", waiting.append)
        tab.setVisible(not is_hidden)
        engine.view.show_run(run)
        engine.bending.bend(run.run_id, scaled((), Part("logits", int(digit)), 0.5))
        tab.show()
        assert f">{run.letter}<" in find("answeringRunLabel", QLabel).text()
        assert [label.text() for label in labels] == ["Computing…", "", ""]
        monkeypatch.setattr(engine.inference, "send", send)
        while waiting:
            send(waiting.pop(0))
        qtbot.waitUntil(lambda digit=digit: labels[0].text() == digit)
        assert labels[1].text() == "Not sure · 55.0\N{NO-BREAK SPACE}%"


def test_what_a_modified_classifier_answers_stands_beside_what_it_was_for_each_drawing(
    qtbot, engine, tab, find, facts, monkeypatch
):
    """After Mute, the answer was another one or the same, and nothing said what it had been."""
    run, other = (trained.train(qtbot, engine, preset("softmax").config.replace(epochs=1)) for _ in range(2))

    def value_of(request, snapshot, answer=facts.value_of):
        p = np.full((1, 10), 0.02, np.float32)
        p[0, (9 if request.bends else 7) if request.run_id == run.run_id else 3] = 0.82
        return p if isinstance(request, Classify) else answer(request, snapshot)

    facts.value_of = value_of
    answer, below, source = (
        find(name, QLabel) for name in ("predictionLabel", "runnerUpLabel", "answeringRunLabel")
    )
    engine.view.show_run(run)
    send, waiting = engine.inference.send, []
    for n, bends in enumerate(
        ((), scaled((), Part("logits", 4), 0.0), (), scaled((), Part("logits", 5), 2.0))
    ):
        if n % 2 == 0:
            find("clearButton", QToolButton).click()
            draw_stroke(find("digitCanvas"))
            qtbot.waitUntil(lambda: answer.text() in {"7", "9"})
        if n:
            monkeypatch.setattr(engine.inference, "send", waiting.append)
            engine.bending.bend(run.run_id, bends)
            assert answer.text() == "79"[n % 2 == 0], "the old answer stays"
            assert source.text().endswith(" · computing…")
            monkeypatch.setattr(engine.inference, "send", send)
            while waiting:
                send(waiting.pop(0))
        qtbot.waitUntil(lambda bends=bends: answer.text() == ("9" if bends else "7"))
        qtbot.waitUntil(lambda bends=bends: ("was 7 · 82.0 %" in below.text()) == bool(bends))
        assert not source.text().endswith("computing…")
    engine.view.show_run(other)
    qtbot.waitUntil(lambda: answer.text() == "3")
    assert "was" not in below.text()


def test_an_answer_to_what_was_drawn_before_looks_old_once_the_next_one_is_late(
    qtbot, engine, tab, find, monkeypatch
):
    trained.train(qtbot, engine, preset("softmax").config.replace(epochs=1))
    labels = [find(name, QLabel) for name in ("confidenceLabel", "runnerUpLabel")]
    send, waiting = engine.inference.send, []

    def looks_old():
        return [label.property("secondary") is True for label in labels]

    for _ in range(2):
        draw_stroke(find("digitCanvas"))
        qtbot.waitUntil(lambda: labels[0].isVisible() and looks_old() == [False, False])
        monkeypatch.setattr(engine.inference, "send", waiting.append)
        draw_stroke(find("digitCanvas"))
        assert looks_old() == [False, False], "most answers come at once"
        qtbot.waitUntil(lambda: looks_old() == [True, True])
        monkeypatch.setattr(engine.inference, "send", send)
        while waiting:
            send(waiting.pop(0))
        qtbot.waitUntil(lambda: looks_old() == [False, False])
        find("clearButton", QToolButton).click()
