"""What a drag costs: one change of the view, each part shows it once, one question and one answer."""

from collections import Counter

import pytest
from asking import watch
from hand import choose_entry
from idle import wait_until_idle
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from trained import train

from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import Classify, Decode, Encode, FetchSnapshot

pytestmark = [pytest.mark.gui, pytest.mark.slow]


class Paints(QObject):
    """Counts how often widgets are painted, by objectName."""

    def __init__(self, *widgets):
        super().__init__()
        self.counted = Counter()
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.Paint:
            self.counted[watched.objectName()] += 1
        return False


def counted(asked):
    """What was asked since, by the class of who asks and that of the request."""
    counts = Counter((type(ticket.client.parent()).__name__, type(ticket.request)) for ticket in asked)
    asked.clear()
    return counts


def drag_to(plane, x, y):
    left = Qt.MouseButton.LeftButton
    at = QPointF(x, y)
    kind, none = QEvent.Type.MouseMove, Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(kind, at, plane.mapToGlobal(at), Qt.MouseButton.NoButton, left, none)
    QApplication.sendEvent(plane, event)


@pytest.fixture
def latent(qtbot, window, engine, find):
    """The Latent tab of a window, with a classifier and an autoencoder at rest."""
    train(qtbot, engine, preset("softmax").config.replace(epochs=1))
    train(qtbot, engine, preset("vae").config.replace(epochs=2, latent_dim=3))
    find("tabs").setCurrentWidget(find("latentTab"))
    qtbot.waitUntil(lambda: find("answerLabel").text() != "")
    wait_until_idle(engine, window)
    return find("latentTab")


def test_each_event_of_a_drag_is_changed_shown_asked_and_answered_once(
    qtbot, window, engine, find, latent, monkeypatch
):
    asked, changes = watch(engine, monkeypatch), []
    window.resize(1440, 1200)  # all fields beside the plane are in sight
    plane = find("latentPlane")
    parts = "latentPlane", "decodedImage", "latentSpin0", "latentSpin2", "pointerLabel"
    paints = Paints(*map(find, (*parts, "statusLabel")))
    engine.view.bind(plane, lambda: engine.view.value, lambda: changes.append(engine.view.value))
    qtbot.mousePress(plane, Qt.MouseButton.LeftButton)
    for step in range(3):
        wait_until_idle(engine, window)
        for each in (changes, asked, paints.counted):
            each.clear()
        drag_to(plane, plane.width() // 3 + 23 * step, plane.height() // 4 + 9 * step)
        wait_until_idle(engine, window)
        assert len(changes) == 1
        assert counted(asked) == {("DecodedCard", Decode): 1, ("DecodedCard", Classify): 1}
        assert paints.counted == dict.fromkeys(parts, 1)


def test_latents_are_fetched_once_a_position_and_hidden_layers_ask_nothing(
    qtbot, window, engine, find, latent, monkeypatch
):
    asked, layers = watch(engine, monkeypatch), {"Manifold", "ClassifierMap", "PlaneController"}

    def asked_now():
        """Which layers have asked, and how often latents were asked for."""
        wait_until_idle(engine, window)
        counts = counted(asked)
        n = sum(n for (_, kind), n in counts.items() if kind in {FetchSnapshot, Encode})
        return layers & {name for name, kind in counts if kind in {Decode, Classify}}, n

    for layer in ("points", "manifold"):
        find(f"{layer}Chip").click()
    find("latentPlane").zoom(1.5)
    for _ in range(2):
        find("gridButton").click()
        find("sampledButton").click()
    choose_entry(find("secondAxisCombo"), find("secondAxisCombo").itemText(2))
    assert asked_now() == (set(), 0)
    engine.view.show(Position(1))
    assert asked_now() == (set(), 1)
    for layer in ("manifold", "classifier", "thumbnails"):
        find(f"{layer}Chip").click()
    assert asked_now() == (layers, 0)
    find("tabs").setCurrentWidget(find("trainTab"))
    asked_now()
    engine.view.show(Position(2))
    assert asked_now()[0] == set()
