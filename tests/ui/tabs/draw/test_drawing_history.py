"""Since when: of the drawing there is now, by the networks as they are bent now, the answering one first."""

import fakes
import numpy as np
import pytest
import trained
from hand import draw_stroke
from idle import wait_until_idle
from PySide6.QtWidgets import QPushButton

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import Classify
from cadl_gui.ui.draw.tab import DrawTab

pytestmark = pytest.mark.gui


@pytest.fixture
def tab(shown):
    return shown(DrawTab)


def test_the_answers_are_about_the_drawing_and_the_bends_of_now_and_known_ones_come_back(
    qtbot, monkeypatch, engine, tab, find, facts
):
    told = {"n": 0}

    def value_of(request, snapshot, answer=facts.value_of):
        value = answer(request, snapshot)
        if not isinstance(request, Classify):
            return value
        n = told["n"] if snapshot.position > Position(1) else 9
        return np.roll(np.eye(10, dtype=np.float32)[:1], n + 3 * len(request.bends), axis=1)

    facts.value_of = value_of
    first, second = (
        trained.train(qtbot, engine, preset(name).config.replace(epochs=3)) for name in ("softmax",) * 2
    )
    with monkeypatch.context() as patch:
        patch.setattr(fakes, "SHAPE", (20, 20, 1))  # it takes no drawing of this size, and is not asked
        trained.train(qtbot, engine, preset("softmax").config.replace(epochs=3))
        engine.view.show_run(second)
    find("historyPanelButton", QPushButton).click()
    canvas, view, bent = find("digitCanvas"), find("historyView"), scaled((), Part("logits", 3), 0.0)

    def says(*rows):
        words = "; ".join(f"{row} since epoch 2" for row in rows)
        qtbot.waitUntil(lambda: view.accessibleDescription() == words)
        return True

    for n in (4, 1, 4):
        told["n"] = n
        draw_stroke(canvas)
        assert says(f"B · softmax 2 · {n}", f"A · softmax · {n}")
        engine.view.show_run(first)
        assert says(f"A · softmax · {n}", f"B · softmax 2 · {n}")
        for bends, more in ((bent, 3), ((), 0), (bent, 3), ((), 0)):
            engine.bending.bend(first.run_id, bends)
            assert says(f"A · softmax · {n + more}", f"B · softmax 2 · {n}")
        engine.view.show_run(second)
        assert says(f"B · softmax 2 · {n}", f"A · softmax · {n}")
        wait_until_idle(engine, tab)
    engine.runs.rename(second, "mine")
    assert says("B · mine · 4", "A · softmax · 4")
