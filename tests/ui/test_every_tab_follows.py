"""The timeline controls all tabs: each sends requests for its position, and no other."""

import pytest
from asking import watch
from plots import upright_line
from PySide6.QtCore import QPoint, Qt, QTimer
from trained import train

from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.ui.train.reconstruction_cache import ReconstructionCache

pytestmark = [pytest.mark.gui, pytest.mark.slow]

AHEAD = (ReconstructionCache,)
"""Classes that request all recorded positions in advance."""


def draw_a_stroke(qtbot, canvas):
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    qtbot.mouseMove(canvas, QPoint(120, 150))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(120, 150))


def is_at_rest(window, asked):
    """Whether no requests are pending, nor will be once the timeline has rested for a moment."""
    delays = [timer for timer in window.findChildren(QTimer) if timer.isSingleShot()]
    return not is_asking(asked) and not any(timer.isActive() for timer in delays)


def is_asking(asked):
    return any(ticket.is_open for ticket in asked)


@pytest.fixture
def asked(engine, monkeypatch):
    """The tickets of all requests."""
    return watch(engine, monkeypatch)


def positions(engine, asked):
    """Requested positions of the run shown, without those fetched in advance."""
    questions = [ticket for ticket in asked if not isinstance(ticket.client.parent(), AHEAD)]
    return {q.request.position for q in questions if q.request.run_id == engine.view.run.run_id}


@pytest.mark.parametrize(
    ("name", "tabs"),
    [("vae", ("Latent", "Inspect")), ("conv-classifier", ("Train", "Draw", "Inspect"))],
)
def test_every_tab_requests_the_epoch_shown(qtbot, window, find, engine, theme, asked, name, tabs):
    train(qtbot, engine, preset(name).config.replace(epochs=3))
    titles = [find("tabs").tabText(index) for index in range(find("tabs").count())]
    engine.view.show(Position(3))
    find("tabs").setCurrentIndex(titles.index("Draw"))
    draw_a_stroke(qtbot, find("digitCanvas"))
    for title in tabs:
        find("tabs").setCurrentIndex(titles.index(title))
        for position in (Position(1), Position(0, 2), Position(2)):
            qtbot.waitUntil(lambda: is_at_rest(window, asked))
            asked.clear()
            engine.view.show(position)
            qtbot.waitUntil(lambda: bool(positions(engine, asked)) and not is_asking(asked))
            assert positions(engine, asked) == {position}, title
    find("tabs").setCurrentIndex(titles.index("Train"))
    assert upright_line(find("lossPlot"), theme) == 2


def test_reconstructions_are_those_of_the_epoch_that_is_shown(qtbot, window, find, engine):
    """They are cached, so there is no request; the fake network's brightness identifies its epoch."""
    train(qtbot, engine, preset("vae").config.replace(epochs=4))
    for epoch in (1, 3, 2):
        engine.view.show(Position(epoch))
        qtbot.waitUntil(lambda epoch=epoch: _brightness(find) == pytest.approx(epoch / 4, abs=0.004))


def _brightness(find):
    images = find("reconstructionMontage").images
    return -1.0 if images is None else float(images[99].mean() / 255 / 0.99)


def test_early_batches_stand_where_they_were_in_the_curves(qtbot, window, find, engine, theme):
    train(qtbot, engine, preset("lecture-autoencoder").config.replace(epochs=1))
    engine.view.show(Position(0, 5))
    assert upright_line(find("lossPlot"), theme) == 0.5
    engine.view.go_live()
    assert upright_line(find("lossPlot"), theme) is None
