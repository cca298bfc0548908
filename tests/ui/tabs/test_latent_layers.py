"""The layers of the plane: on, off, on the grid and back; each chip and each layer as it was chosen last."""

from dataclasses import replace

import numpy as np
import pytest
from asking import watch
from idle import wait_until_idle
from PySide6.QtWidgets import QComboBox, QWidget
from trained import train

from cadl_gui.domain.evaluation_artifacts import EvaluationArtifacts
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.view import LatentView
from cadl_gui.ui.latent.plane.layer import LatentLayer
from cadl_gui.ui.latent.tab import LatentTab
from cadl_gui.ui.tab_page import PageContext

pytestmark = pytest.mark.gui

ON_GRIDS = {LatentLayer.POINTS, LatentLayer.THUMBNAILS}
OTHERS = {LatentLayer.MANIFOLD, LatentLayer.CLASSIFIER, LatentLayer.PRIOR, LatentLayer.DENSITY}
LAYERS = (*sorted(ON_GRIDS), *sorted(OTHERS))


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
    engine.view.change(latent=LatentView(other, is_grid=True))
    assert layers() == (set(other), {LatentLayer.POINTS})
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


def test_samples_are_offered_for_the_runs_that_have_posteriors_and_the_chips_shown_are_one_group(
    qtbot, tab, find, engine, theme
):
    chips = [*(find(f"{layer}Chip") for layer in LAYERS), find("sampledButton")]
    for n, details in ((7, True), (4, False), (7, True)):
        theme.set_details(details)
        group = sorted((chip for chip in chips if chip.isVisible()), key=lambda chip: chip.x())
        assert [chip.property("segment") for chip in group] == ["first", *["middle"] * (n - 2), "last"]
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


def test_a_plane_that_fits_itself_stays_while_epochs_change_and_fits_anew_once_it_is_shown_again(
    qtbot, shown, engine, theme, settings, facts, monkeypatch
):
    """It kept the part that suited the epoch at which its run was first shown."""

    def artifacts(config, done):
        along = np.linspace(-1, 2, 50, dtype=np.float16) * done
        return EvaluationArtifacts(latents=np.stack([40 * along, 7 * along], 1), labels=np.arange(50) % 10)

    def farthest(page):
        places = page.findChild(QWidget, "latentPlane").points.places
        return places[:, 0].max(initial=0)

    facts.artifacts = artifacts
    tab = shown(LatentTab)
    train(qtbot, engine, preset("vae").config.replace(epochs=4, variational=False))
    plane = tab.findChild(QWidget, "latentPlane")
    qtbot.waitUntil(lambda: farthest(tab) == 80)
    for epoch, hides in ((1, False), (2, True), (4, False), (1, False), (3, True), (4, True)):
        before = plane.view
        engine.view.show(Position(epoch))
        qtbot.waitUntil(lambda epoch=epoch: farthest(tab) == 20 * epoch)
        if not hides:
            is_inside = before.contains(20 * epoch, 3.5 * epoch)
            assert (plane.view == before) == is_inside
            continue
        tab.hide()
        tab.show()
        fresh = LatentTab(PageContext(engine, theme, settings, {}))
        qtbot.addWidget(fresh)
        fresh.resize(tab.size())
        fresh.show()
        again = fresh.findChild(QWidget, "latentPlane")
        qtbot.waitUntil(lambda epoch=epoch, fresh=fresh: farthest(fresh) == 20 * epoch)
        assert again.view.centre == pytest.approx(plane.view.centre)
        assert again.view.height == pytest.approx(plane.view.height)
        assert plane.view != before
        fresh.hide()
    engine.view.show(Position(1))
    wait_until_idle(engine, tab)
    asked = watch(engine, monkeypatch)
    tab.hide()
    wait_until_idle(engine, tab)
    assert asked == [], "a hidden plane is fitted, too"


def test_samples_and_grid_are_in_the_view_and_stay_for_another_run_and_a_hidden_page(
    qtbot, tab, find, engine
):
    def shown():
        wish = engine.view.value.latent
        assert wish.is_sampled == find("sampledButton").isChecked()
        assert wish.is_grid == ("scatter" in find("gridButton").text())
        return wish.is_sampled, wish.is_grid

    assert shown() == (False, False)
    find("sampledButton").click()
    find("gridButton").click()
    assert shown() == (True, True)
    first = engine.view.run
    train(qtbot, engine, preset("vae").config.replace(epochs=1, latent_dim=3))
    assert shown() == (True, True)
    tab.hide()
    engine.view.change(latent=replace(engine.view.value.latent, is_grid=False))
    engine.view.show_run(first)
    tab.show()
    assert shown() == (True, False)
    for button, expected in (("sampledButton", (False, False)), ("gridButton", (False, True))):
        find(button).click()
        assert shown() == expected
