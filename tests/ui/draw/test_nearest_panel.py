"""The nearest images are by pixels or by the latent vectors of a run that is offered by its name of now."""

import pytest
from fakes import nearest_of_part
from PySide6.QtWidgets import QComboBox, QLabel
from trained import train

from cadl_gui.domain.drawing_form import DrawingForm
from cadl_gui.domain.presets import preset
from cadl_gui.imaging.drawing.seen import Seen
from cadl_gui.ui.draw.nearest_panel import NearestPanel
from cadl_gui.ui.draw.nearest_search import Found, coder_of

pytestmark = pytest.mark.gui


@pytest.fixture
def runs(qtbot, engine):
    engine.load()
    qtbot.waitUntil(lambda: engine.is_ready)
    return [
        train(qtbot, engine, preset(name).config.replace(epochs=1))
        for name in ("vae", "softmax", "autoencoder")
    ]


@pytest.fixture
def panel(qtbot, theme, engine, runs):
    panel = NearestPanel(engine, theme)
    qtbot.addWidget(panel)
    panel.show()
    return panel


def test_the_runs_offered_are_those_that_encode_the_drawing_by_their_names_of_now(engine, runs, panel):
    vae, _, autoencoder = runs
    combo = panel.findChild(QComboBox, "nearestCombo")

    def offered():
        return [combo.itemText(i).removeprefix("Latent space of ") for i in range(combo.count())]

    assert offered() == ["Pixels", "A · vae", "C · autoencoder"]
    combo.setCurrentIndex(2)
    for name in ("R & D", "other"):
        engine.runs.rename(autoencoder, name)
        assert (offered(), combo.currentIndex()) == (["Pixels", "A · vae", f"C · {name}"], 2)
        engine.runs.remove(vae)
        assert (offered(), combo.currentIndex(), coder_of(engine)) == (
            ["Pixels", f"C · {name}"],
            1,
            autoencoder,
        )
        engine.runs.restore_removed()
        engine.view.show_drawing(Seen(form=DrawingForm((8, 8, 3), is_dark=False)))
        assert (offered(), coder_of(engine)) == (["Pixels"], None)
        engine.view.show_drawing(Seen())
        assert (combo.currentText(), coder_of(engine)) == (f"Latent space of C · {name}", autoencoder)


def test_what_was_found_by_another_distance_than_is_chosen_is_not_shown(engine, runs, panel):
    vae, cards = runs[0], panel.findChild(type(panel.panel.focusProxy()), "nearestCards")
    combo = panel.findChild(QComboBox, "nearestCombo")
    by_pixels, by_latent = (nearest_of_part(0, by_latent=by_latent) for by_latent in (False, True))

    def note():
        return panel.findChild(QLabel, "stageNote").accessibleName()

    for _ in range(2):
        panel.clear()
        panel.show_found(Found(vae, by_latent), ())
        assert not cards.cards
        panel.show_found(Found(None, by_pixels), ())
        assert (len(cards.cards), note()) == (len(by_pixels.images), "distance over pixels")
        combo.setCurrentIndex(1)
        first = cards.cards[0].lines
        panel.show_found(Found(None, by_pixels), ())
        panel.show_found(Found(runs[2], by_latent), ())
        assert (cards.cards[0].lines, note()) == (first, "distance over pixels")
        panel.show_found(Found(vae, by_latent), ())
        assert (cards.cards[0].lines, note()) == (("", "0.50"), "distance in latent space")
        combo.setCurrentIndex(0)


def test_on_a_projector_the_images_have_the_whole_width(qtbot, panel, theme):
    """Of ten, five and a half were seen, and their distances were cut to “3.…”."""
    panel.resize(740, 240)
    for present in (True, False, True):
        theme.set_present(present)
        qtbot.waitUntil(lambda: (panel.panel.width() == panel.width()) is present)  # noqa: B023
        assert panel.findChild(QComboBox, "nearestCombo").isVisible() is not present
