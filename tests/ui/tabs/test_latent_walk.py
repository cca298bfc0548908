"""From plane to plane and back, Latent has the handle, pins and numbers of the run whose plane it is."""

from dataclasses import replace

import numpy as np
import pytest
from hand import place_on
from idle import wait_until_idle
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel
from trained import train

from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.ui.latent.tab import LatentTab

pytestmark = pytest.mark.gui

VAE = preset("vae").config.replace(epochs=2)
PLAIN = preset("autoencoder").config.replace(epochs=2, variational=False)
CONFIGS = {
    "flat": VAE,
    "deep": VAE.replace(latent_dim=5, seed=3),
    "plain": PLAIN.replace(latent_dim=5, seed=2),
}
Z = {"flat": (0.25, -0.5), "deep": (0.5, 1, -2, 0, 3), "plain": (0.75, -1, 0.125, 2, 1)}
N_PINS = {"flat": 0, "deep": 1, "plain": 2}


@pytest.fixture
def tab(shown, facts):
    """Latents spread as widely as the seed of the run says."""
    known = facts.artifacts

    def artifacts(config, done):
        found = known(config, done)
        return replace(found, latents=found.latents * np.float16(config.training.seed))

    facts.artifacts = artifacts
    return shown(LatentTab)


@pytest.fixture
def notes(tab, find):
    """The note of the plane, and what a held copy of the decoded image is called."""

    def notes():
        panel = find("decodedCard").panel
        for _ in range(2):
            panel.toggle_hold()
        held = panel.findChild(QLabel, "stageHeld").accessibleName()
        note = next(note for note in tab.findChildren(QLabel, "stageNote") if not panel.isAncestorOf(note))
        return note.accessibleName(), held

    return notes


def entries(combo):
    return [combo.itemText(i) for i in range(combo.count())]


def test_every_walk_through_planes_shows_what_is_of_the_run(qtbot, tab, engine, find, notes):
    runs, plane = {}, find("latentPlane")
    for name, config in CONFIGS.items():
        runs[name] = train(qtbot, engine, config)
        for i, number in enumerate(Z[name]):
            find(f"latentSpin{i}").setValue(number)
        for _ in range(N_PINS[name]):
            find("pinButton").click()
        wait_until_idle(engine, tab)
    kinds, epoch = ("straight", "smooth"), 2
    for step, name in enumerate(("deep", "flat", "plain", "deep", "flat")):
        run, n_latents = runs[name], len(Z[name])
        engine.view.show_run(run)
        assert not find("clearPinsButton").isEnabled() or N_PINS[name] > 0, "no trail of another run"
        epoch = 1 + step % 2
        engine.view.show(Position(epoch))
        wait_until_idle(engine, tab)
        seed = run.description.config.training.seed
        about = f"{run.letter} · {run.description.name} · epoch {epoch} · 50 test images"
        assert notes() == (
            about + (f" · a slice through {n_latents} latents" if n_latents > 2 else ""),
            f"Held: {run.letter} · epoch {epoch}",
        )
        assert [find(f"latentSpin{i}").value() for i in range(n_latents)] == pytest.approx(Z[name])
        assert float(find("decodedImage").images.mean()) == pytest.approx(Z[name][0])
        assert np.ptp(plane.points.places) == pytest.approx(_spread(n_latents, seed, epoch / 2), rel=0.01)
        assert find("sampledButton").isEnabled() == (name != "plain")
        assert find("mixPinsButton").isEnabled() == (N_PINS[name] == 2)
        assert (find("pathStrip").images is None) == (N_PINS[name] < 2)
        engine.view.change(latent=replace(engine.view.value.latent, path_kind=kinds[step % 2]))
        assert find("pathKindCombo", QComboBox).currentData() == kinds[step % 2]
        if n_latents > 2:
            _check_vector(tab, find, name, seed, epoch / 2)
        qtbot.mousePress(plane, Qt.MouseButton.LeftButton, pos=place_on(plane, *plane.handle))
        qtbot.mouseRelease(plane, Qt.MouseButton.LeftButton, pos=place_on(plane, *plane.handle))
        assert find("clearPinsButton").isEnabled(), "there is a trail"
        for i, number in enumerate(Z[name]):
            for each in (2.5, number):  # the field may show it rounded already
                find(f"latentSpin{i}").setValue(each)
    run = runs["flat"]
    engine.runs.rename(run, "other")
    assert notes() == (f"A · other · epoch {epoch} · 50 test images", f"Held: A · epoch {epoch}")


def _spread(n_latents, seed, done):
    """Extent of the points, which lie on a line, in two latents or along the first component of many."""
    return 4 * seed * (np.hypot(1, done) if n_latents > 2 else 1)


def _check_vector(tab, find, name, seed, done):
    """The fields of many latents show their values between the limits of the data, and how these spread."""
    grid = np.linspace(-2, 2, 50).std() * seed
    deviations = [grid, done * grid, 0, 0, 0]
    spreads = [label for label in tab.findChildren(QLabel) if label.text().startswith(("σ ", "KL "))]
    assert len([label for label in spreads if label.isVisible()]) == 5
    if name == "plain":
        assert [label.text() for label in spreads if label.isVisible()] == [f"σ {x:.2f}" for x in deviations]
    for i, number in enumerate(Z[name]):
        share = number / max(3 * deviations[i], 0.5)
        assert find(f"latentSlider{i}").value() == pytest.approx(200 * min(max(share, -1), 1), abs=1.5)
    assert find("varianceShare").text().endswith("2 of 5 latents are active.")
    assert entries(find("firstAxisCombo")) == ["1", "2", "3", "4", "5"]
