"""Web pages of runs: which can be on one, and that nothing is written unless it answers as they do."""

import dataclasses
import json

import numpy as np
import pytest
from page_script import PageScript, data_block
from run_through import run_through

from cadl_gui.datasets.load import load
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.exports import CLASSIFY
from cadl_gui.domain.graph import Graph
from cadl_gui.domain.position import Position
from cadl_gui.domain.snapshot import Snapshot, freeze
from cadl_gui.domain.training_requests import OpenFile, PageRequest
from cadl_gui.runs.snapshots import read_snapshot
from cadl_gui.saved.opened import open_path
from cadl_gui.saved.page_export import MOSAIC, export_page
from cadl_gui.system.resources import shipped_run

pytestmark = pytest.mark.tf


def opened(name):
    from cadl_gui.saved.backend import Training

    each = Training().open(OpenFile("", shipped_run(name)))
    return each.description, (each.snapshot,)


def test_a_page_has_its_networks_in_order_and_a_plane_where_there_are_two_dimensions(tmp_path):
    runs = tuple(opened(name) for name in ("softmax", "vae", "autoencoder"))
    stages, exported = run_through(export_page(PageRequest(runs, tmp_path / "page.html")))
    assert [stage.n_done for stage in stages] == list(range(4))
    assert all(stage.n_done < stage.n_stages for stage in stages)
    assert exported.functions == ("classify", "reconstruct", "encode", "decode")
    assert exported.n_compared == 100
    assert 0 < exported.largest_difference < 0.02
    assert exported.loader.startswith("numpy ")
    model = json.loads(data_block((tmp_path / "page.html").read_text(encoding="utf-8"), "model"))
    networks = {about["name"]: about for about in model["networks"]}
    assert list(networks) == ["softmax", "vae", "autoencoder"]
    assert [networks[name]["extent"] is None for name in networks] == [True, False, True]
    assert networks["softmax"]["position"] == str(runs[0][1][0].position)
    [[left, right], [bottom, top]] = networks["vae"]["extent"]
    latents = runs[1][1][0].artifacts.latents
    inside = (latents > [left, bottom]) & (latents < [right, top])
    assert 0.97 < inside.all(axis=1).mean() < 1, "nearly all test images"
    assert right - left == pytest.approx(top - bottom)
    assert left <= -3 < 3 <= right, "what a training samples"


def test_the_plane_of_a_run_whose_images_are_gone_is_not_that_of_noise(tmp_path):
    about, (snapshot,) = opened("vae")
    alone = dataclasses.replace(snapshot, artifacts=None)
    extents = []
    for examples in (about.examples, None):
        path = tmp_path / f"{examples is None}.html"
        other = dataclasses.replace(about, examples=examples)
        run_through(export_page(PageRequest(((other, (alone,)),), path)))
        model = json.loads(data_block(path.read_text(encoding="utf-8"), "model"))
        extents.append(np.array(model["networks"][0]["extent"]))
    [(left, right), (bottom, top)] = extents[0]
    latents = open_path(shipped_run("vae")).network().encode(about.examples).numpy()
    assert ((latents > [left, bottom]) & (latents < [right, top])).all(axis=1).mean() > 0.9
    np.testing.assert_array_equal(extents[1], [[-3, 3], [-3, 3]])


def test_earlier_epochs_are_computed_if_they_are_small_and_recorded_otherwise(tmp_path):
    """Each network is shown at the last of its epochs until then; of a recorded one, digits are known."""
    runs = []
    for name, epochs in (("softmax", (0, 4)), ("vae", (0, 6))):
        about, last = opened(name)
        earlier = (read_snapshot(shipped_run(name), Position(epoch)) for epoch in epochs)
        runs.append((about, (*earlier, *last)))
    path = tmp_path / "page.html"
    run_through(export_page(PageRequest(tuple(runs), path)))
    page = path.read_text(encoding="utf-8")
    script = PageScript(page)
    assert script.epochs() == [(0, 0), (4, 0), (6, 0), (30, 0), (140, 0)]
    digits = load("mnist").as_floats(np.array([60_003, 60_002]))  # the first 0 and 1 of the test images
    softmax = open_path(shipped_run("softmax"), 4)
    for at in ((4, 0), (6, 0), (29, 399)):
        answer = script.ask_at(0, at, "classify", digits[0])
        np.testing.assert_allclose(answer, softmax.ask("classify", digits)[0], atol=0.02)
    vae = open_path(shipped_run("vae"), 6)
    for i, expected in enumerate(vae.ask("reconstruct", digits)):
        answer = script.ask_at(1, (30, 0), "reconstruct", i)
        np.testing.assert_allclose(answer, expected.ravel(), atol=0.503 / 255)
        latent = script.ask_at(1, (6, 0), "encode", i)
        np.testing.assert_allclose(latent, vae.ask("encode", digits)[i], rtol=1e-4)
    assert script.ask_at(1, (6, 0), "reconstruct", digits[0]) is None, "what is drawn"
    model = json.loads(data_block(page, "model"))
    (left, right), (bottom, top) = model["networks"][1]["extent"]
    for column, row in ((0, 0), (13, 2), (5, 9)):
        x, y = (column + 0.5) / MOSAIC, (row + 0.5) / MOSAIC
        place = np.array([left + x * (right - left), top + y * (bottom - top)], np.float32)
        expected = vae.ask("decode", place[np.newaxis])[0, ..., 0].reshape(14, 2, 14, 2).mean(axis=(1, 3))
        cell = script.ask_at(1, (6, 0), "decode", place).reshape(28, 28)
        np.testing.assert_allclose(cell, expected.repeat(2, 0).repeat(2, 1), atol=0.501 / 15)


def test_a_network_that_gives_no_numbers_is_named(tmp_path):
    about, (snapshot,) = opened("softmax")
    weights = {**snapshot.weights, "logits/linear/kernel": np.full((784, 10), np.nan, np.float32)}
    runs = (opened("vae"), (about, (Snapshot(snapshot.position, freeze(weights)),)))
    with pytest.raises(CadlError, match=r"“softmax” cannot be on a web page\. .*NaN"):
        run_through(export_page(PageRequest(runs, tmp_path / "page.html")))
    assert not list(tmp_path.iterdir())


def test_a_run_that_takes_no_drawn_digits_is_refused_by_its_name(tmp_path):
    about, (snapshot,) = opened("softmax")
    graph = dataclasses.replace(
        about, graph=Graph((), "", CLASSIFY, (None, 28, 28, 1), (28, 28, 1), (10,), 1)
    )
    colours = dataclasses.replace(about, name="colours", image_shape=(28, 28, 3))
    for other, reason in ((graph, "frozen graph"), (colours, "“colours” .* Needs colour images")):
        networks = (about, (snapshot,)), (other, (snapshot,))
        with pytest.raises(CadlError, match=reason):
            run_through(export_page(PageRequest(networks, tmp_path / "a.html")))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("large", [lambda kernel: kernel + 3e4, lambda kernel: kernel * 1e5])
def test_what_half_precision_cannot_hold_is_not_written(tmp_path, large):
    """Added to each class, 30,000 changes no probability, but of the next lower numbers it leaves little."""
    about, (snapshot,) = opened("softmax")
    kernel = "logits/linear/kernel"
    weights = {**snapshot.weights, kernel: large(snapshot.weights[kernel]).astype(np.float32)}
    (tmp_path / "page.html").write_text("before")
    request = PageRequest(((about, (Snapshot(snapshot.position, freeze(weights)),)),), tmp_path / "page.html")
    with pytest.raises(CadlError, match="In half precision, “softmax” answers differently"):
        run_through(export_page(request))
    assert [path.read_text() for path in tmp_path.iterdir()] == ["before"]


def test_a_page_that_is_closed_leaves_nothing(tmp_path):
    exporting = export_page(PageRequest((opened("softmax"),), tmp_path / "page.html"))
    next(exporting), next(exporting)
    exporting.close()
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_to_is_a_message(tmp_path):
    with pytest.raises(CadlError, match=r"nowhere.page\.html"):
        run_through(export_page(PageRequest((opened("softmax"),), tmp_path / "nowhere" / "page.html")))
