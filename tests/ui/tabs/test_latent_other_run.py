"""Over the plane of another run than the one shown it is always said which one, whatever becomes of both."""

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from trained import train

from cadl_gui.domain.presets import preset
from cadl_gui.ui.latent.tab import LatentTab

pytestmark = pytest.mark.gui

VAE, SOFTMAX = (preset(name).config.replace(epochs=1) for name in ("vae", "softmax"))


@pytest.fixture
def tab(shown):
    return shown(LatentTab)


@pytest.fixture
def note(tab, find):
    """What is said over the plane, and the run that is offered; None while nothing is."""

    def note():
        if not find("otherRunNote").isVisible():
            return None
        sentences = (find(name, QLabel) for name in ("otherRunSentence", "planeOwner"))
        said = " ".join(label.text() for label in sentences if label.isVisible())
        return said, find("showPlaneRunButton", QPushButton).text()

    return note


def test_the_note_is_about_the_run_shown_and_the_one_whose_plane_it_is_by_now(
    qtbot, tab, find, engine, theme, note
):
    """It named a removed run, and its button showed another."""
    first, second, softmax = (train(qtbot, engine, config) for config in (VAE, VAE, SOFTMAX))
    other = train(qtbot, engine, SOFTMAX)
    said = "{} has no latent plane. This is that of {}."
    for classifier, name in ((other, "softmax 2"), (softmax, "softmax"), (other, "softmax 2")):
        engine.view.show_run(classifier)
        assert note() == (said.format(name, "B · vae 2"), "Show vae 2")
    engine.runs.rename(second, "R & D")
    engine.runs.rename(other, "which")
    assert note() == (said.format("which", "B · R & D"), "Show R && D")
    engine.runs.remove(second)
    assert engine.view.run is other
    assert note() == (said.format("which", "A · vae"), "Show vae")
    find("showPlaneRunButton").click()
    assert (engine.view.run, note()) == (first, None)
    engine.runs.restore_removed()
    engine.view.show_run(second)
    assert note() is None
    engine.view.show_run(first)
    engine.view.show_run(softmax)
    assert note() == (said.format("softmax", "A · vae"), "Show vae"), "that of the plane seen last"
    tab.hide()
    engine.view.show_run(second)
    engine.view.show_run(other)
    tab.show()
    assert note() == (said.format("which", "B · R & D"), "Show R && D")
    for present, words in ((True, "which has no latent plane."), (False, said.format("which", "B · R & D"))):
        theme.set_present(present)
        assert note() == (words, "Show R && D")
    find("showPlaneRunButton").click()
    assert (engine.view.run, note()) == (second, None)


def test_without_a_plane_it_is_said_of_the_run_shown_and_the_page_comes_and_goes_with_planes(
    qtbot, tab, find, engine, note
):
    sentence, plane = find("noPlaneSentence", QLabel), find("latentPlane")

    def said():
        return sentence.text() if sentence.isVisible() else None

    assert said() == "There is no run yet."
    first, second = train(qtbot, engine, SOFTMAX), train(qtbot, engine, SOFTMAX)
    assert said() == "softmax 2 has no latent plane."
    engine.view.show_run(first)
    assert said() == "softmax has no latent plane."
    engine.runs.rename(second, "not this")
    engine.runs.rename(first, "one")
    assert said() == "one has no latent plane."
    for _ in range(2):
        vae = train(qtbot, engine, VAE)
        assert (said(), plane.isVisible(), note()) == (None, True, None)
        engine.view.show_run(second)
        assert (said(), plane.isVisible()) == (None, True)
        engine.runs.remove(vae)
        assert (said(), plane.isVisible(), note()) == ("not this has no latent plane.", False, None)
    engine.runs.remove(second)
    engine.runs.remove(first)
    assert said() == "There is no run yet."
