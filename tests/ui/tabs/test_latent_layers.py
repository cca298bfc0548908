"""The layers of the plane: on, off, on the grid and back; each chip and each layer as it was chosen last."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QComboBox
from trained import train

from cadl_gui.domain.presets import preset
from cadl_gui.domain.view import LatentView
from cadl_gui.ui.latent.plane.layer import LatentLayer

pytestmark = pytest.mark.gui

ON_GRIDS = {LatentLayer.POINTS, LatentLayer.THUMBNAILS}
OTHERS = {LatentLayer.MANIFOLD, LatentLayer.CLASSIFIER, LatentLayer.PRIOR, LatentLayer.DENSITY}
LAYERS = (*sorted(ON_GRIDS), *sorted(OTHERS))


@pytest.fixture
def tab(vae_tab):
    return vae_tab


@pytest.fixture
def layers(find):
    """The layers whose chips are on, and those that the plane has."""

    def layers():
        return {layer for layer in LAYERS if find(f"{layer}Chip").isChecked()}, set(
            find("latentPlane").layers
        ) & set(LAYERS)

    return layers


@pytest.mark.parametrize("chosen", [OTHERS, {LatentLayer.PRIOR, LatentLayer.THUMBNAILS}, set()], ids=len)
def test_on_the_grid_layers_without_a_meaning_there_rest_and_only_those_that_are_on_come_back(
    qtbot, tab, find, engine, chosen, layers
):
    """Back from the grid, prior, predictions and fading appeared, while their chips were off."""
    train(qtbot, engine, preset("softmax").config.replace(epochs=1))
    engine.view.change(latent=LatentView(tuple(chosen)))
    assert layers() == (chosen, chosen)
    for _ in range(2):
        find("gridButton").click()
        assert layers() == (chosen, chosen & ON_GRIDS)
        assert {layer for layer in LAYERS if find(f"{layer}Chip").isEnabled()} == ON_GRIDS
        find("gridButton").click()
        assert layers() == (chosen, chosen)
        assert all(find(f"{layer}Chip").isEnabled() for layer in LAYERS)
    find("gridButton").click()
    other = LatentLayer.DENSITY, LatentLayer.POINTS
    engine.view.change(latent=LatentView(other))
    assert layers()[0] == set(other)
    find("gridButton").click()
    assert layers() == (set(other), set(other))


def test_each_chip_is_one_layer_there_and_in_the_view_and_stays_for_another_run(
    qtbot, tab, find, engine, layers
):
    wished = {LatentLayer.POINTS, LatentLayer.MANIFOLD}
    assert layers() == (wished, wished)
    for layer in (*LAYERS, *reversed(LAYERS), LatentLayer.PRIOR):
        find(f"{layer}Chip").click()
        wished ^= {layer}
        assert layers() == (wished, wished)
        assert set(engine.view.value.latent.layers) == wished
    assert LatentLayer.PRIOR in wished
    first = engine.view.run
    train(qtbot, engine, preset("vae").config.replace(epochs=1, latent_dim=3))
    for run in (None, first, engine.runs[1]):
        if run is not None:
            engine.view.show_run(run)
        assert layers() == (wished, wished)
    tab.hide()
    engine.view.change(latent=LatentView((LatentLayer.DENSITY,)))
    tab.show()
    assert layers() == ({LatentLayer.DENSITY}, {LatentLayer.DENSITY})
    engine.view.change(latent=LatentView())
    usual = {LatentLayer.POINTS, LatentLayer.MANIFOLD}
    assert layers() == (usual, usual)


def test_samples_are_offered_for_the_runs_that_have_posteriors(qtbot, tab, find, engine):
    vae = engine.view.run
    plain = train(qtbot, engine, preset("autoencoder").config.replace(epochs=1, variational=False))
    for run, offered in ((vae, True), (plain, False), (vae, True), (plain, False)):
        engine.view.show_run(run)
        assert find("sampledButton").isEnabled() == offered
    assert find("pathKindCombo", QComboBox).count() > 1


def test_zoom_and_fit_act_on_the_plane_shown_each_time(tab, find):
    plane = find("latentPlane")
    home = plane.view.height
    for name, factor in (("zoomInButton", 1 / 1.5), ("zoomOutButton", 1.5)):
        for n in (1, 2):
            find(name).click()
            assert plane.view.height == pytest.approx(home * factor**n, rel=0.01)
        find("fitButton").click()
        assert plane.view.height == pytest.approx(home)


def test_where_nothing_is_encoded_reset_and_random_go_nowhere_rather_than_to_another_runs_mean(
    qtbot, tab, find, engine, facts
):
    """Until the points had arrived, and for good without any, they went to the mean of the run before."""
    known = facts.artifacts

    def artifacts(config, done):
        found = known(config, done)
        return replace(found, latents=np.full_like(found.latents, np.nan if config.training.seed == 3 else 5))

    facts.artifacts = artifacts
    config = preset("vae").config.replace(epochs=1, latent_dim=4)
    first, other = (train(qtbot, engine, config.replace(seed=seed)) for seed in (2, 3))
    typed = [0.5, 0.25, -0.5, 2]
    for run in (other, first, other, first):
        engine.view.show_run(run)
        qtbot.waitUntil(lambda run=run: len(find("latentPlane").points) == (50 if run is first else 0))
        for i, number in enumerate(typed):
            find(f"latentSpin{i}").setValue(number)
        for name in ("randomLatentsButton", "resetLatentsButton"):
            find(name).click()
            z = [find(f"latentSpin{i}").value() for i in range(4)]
            assert z == pytest.approx(typed if run is other else 4 * [5], abs=1e-3)
