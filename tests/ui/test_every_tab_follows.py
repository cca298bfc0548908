"""One slider moves everything: each tab asks about the epoch at which the timeline stands, and no other."""

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from trained import train

from cadl_gui.core.position import Position
from cadl_gui.core.presets import preset

pytestmark = pytest.mark.gui

AHEAD = {"reconstructions kept"}
"""Who asks about every kept position, one after the other, to have them when they are wanted."""


def draw_a_stroke(qtbot, canvas):
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    qtbot.mouseMove(canvas, QPoint(120, 150))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(120, 150))


def is_at_rest(window, engine):
    """Whether nothing is asked, nor will be as soon as the timeline has rested for a moment."""
    delays = [timer for timer in window.findChildren(QTimer) if timer.isSingleShot()]
    return not engine._latest._in_flight and not any(timer.isActive() for timer in delays)


@pytest.fixture
def asked(engine, monkeypatch):
    """(channel, position) of every question about the run that is shown, from the next move on."""
    questions = set()
    ask = engine.ask

    def listen(request):
        run = engine.view.run
        if run is not None and request.run_id == run.run_id and request.channel not in AHEAD:
            questions.add((request.channel, request.position))
        return ask(request)

    monkeypatch.setattr(engine, "ask", listen)
    return questions


@pytest.mark.parametrize(
    ("name", "tabs"),
    [("vae", ("Latent", "Inspect")), ("conv-classifier", ("Train", "Draw", "Inspect"))],
)
def test_every_tab_asks_about_the_epoch_that_is_shown(qtbot, window, find, engine, asked, name, tabs):
    train(qtbot, engine, preset(name).config.replace(epochs=3))
    titles = [find("tabs").tabText(index) for index in range(find("tabs").count())]
    engine.view.show(Position(3))
    find("tabs").setCurrentIndex(titles.index("Draw"))
    draw_a_stroke(qtbot, find("digitCanvas"))
    for title in tabs:
        find("tabs").setCurrentIndex(titles.index(title))
        for position in (Position(1), Position(0, 2), Position(2)):
            qtbot.waitUntil(lambda: is_at_rest(window, engine))
            asked.clear()
            engine.view.show(position)
            qtbot.waitUntil(lambda: bool(asked) and not engine._latest._in_flight)
            assert {place for _, place in asked} == {position}, (title, asked)
    assert find("lossPlot")._marker == 2


def test_reconstructions_are_those_of_the_epoch_that_is_shown(qtbot, window, find, engine):
    """They are remembered, so nobody is asked; the fake network's brightness tells its epoch."""
    train(qtbot, engine, preset("vae").config.replace(epochs=4))
    for epoch in (1, 3, 2):
        engine.view.show(Position(epoch))
        qtbot.waitUntil(lambda epoch=epoch: _brightness(find) == pytest.approx(epoch / 4, abs=0.004))


def _brightness(find):
    pictures = find("reconstructionMontage").pictures
    return -1.0 if pictures is None else float(pictures[99].mean() / 255 / 0.99)


def test_early_batches_stand_where_they_were_in_the_curves(qtbot, window, find, engine):
    train(qtbot, engine, preset("lecture-autoencoder").config.replace(epochs=1))
    engine.view.show(Position(0, 5))
    assert find("lossPlot")._marker == 0.5
    engine.view.follow()
    assert find("lossPlot")._marker is None
