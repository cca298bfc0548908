"""Requests of the command line to a file have the same results as in the window."""

import numpy as np
import pytest
from checkpoints import FAMILIES, SHAPE, save, trained

from cadl_gui.domain.errors import CadlError, UserError
from cadl_gui.domain.exports import CLASSIFY
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Classify, Decode, Encode, Reconstruct
from cadl_gui.domain.training_requests import OpenFile
from cadl_gui.inference.inference_service import InferenceService
from cadl_gui.interop.export.frozen_graph import frozen_graph
from cadl_gui.models import BoundFunction, build
from cadl_gui.saved.backend import Training
from cadl_gui.saved.opened import open_path
from cadl_gui.system.resources import resource_path

REQUESTS = {"classify": Classify, "reconstruct": Reconstruct, "encode": Encode, "decode": Decode}
IMAGES = np.random.default_rng(0).random((3, *SHAPE), np.float32)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_checkpoint_answers_as_in_the_window(tmp_path, family):
    config = FAMILIES[family]
    file = tmp_path / "a.keras"
    save(file, config=config)
    opened = open_path(file)
    assert [*opened.functions.values()] == [*config.model.kind.functions]
    event, answers = Training().open(OpenFile("run", file)), InferenceService()
    answers.register(event.description)
    answers.update("run", event.snapshot, True)
    for name in opened.functions:
        inputs = np.zeros((3, opened.latent_dim), np.float32) if name == "decode" else IMAGES
        _, expected = answers.respond(REQUESTS[name]("run", None, inputs))
        np.testing.assert_array_equal(opened.ask(name, inputs), expected)


def test_of_a_run_folder_no_network_is_made_that_could_be_trained(monkeypatch):
    """Its optimiser would take three times the network's memory, and time."""

    def build(*_):
        raise AssertionError

    monkeypatch.setattr("cadl_gui.training.train_state.build", build)
    opened = open_path(resource_path("pretrained/vae"), 1)
    latents = opened.ask("encode", np.zeros((2, 28, 28, 1), np.float32))
    assert latents.shape == (2, opened.latent_dim) == (2, 2)


def test_each_retained_epoch_can_be_requested():
    first, last = (open_path(resource_path("pretrained/vae"), epoch) for epoch in (1, None))
    black = np.zeros((1, 28, 28, 1), np.float32)
    assert np.abs(first.ask("encode", black) - last.ask("encode", black)).max() > 1e-3


def test_a_network_that_gives_no_numbers_says_so(tmp_path):
    model = trained()
    model.variables[-1].assign(np.full(model.variables[-1].shape, np.nan))
    save(tmp_path / "nan.keras", model)
    opened = open_path(tmp_path / "nan.keras")
    with pytest.raises(CadlError, match="NaN or infinity"):
        opened.ask("reconstruct", IMAGES)


def test_what_a_file_cannot_compute_is_said_with_what_it_can(tmp_path):
    save(tmp_path / "a.keras", config=FAMILIES["classifier"])
    opened = open_path(tmp_path / "a.keras")
    for ask in (opened.require, lambda name: opened.ask(name, IMAGES)):
        with pytest.raises(UserError, match=r"a\.keras” cannot encode; what it can: classify"):
            ask("encode")


@pytest.mark.parametrize(("channels", "is_ink"), [(1, True), (3, False)])
def test_a_graph_of_grey_images_takes_ink(tmp_path, channels, is_ink):
    network = build(FAMILIES["classifier"], (6, 5, channels), 4)
    graph = frozen_graph(BoundFunction(CLASSIFY, network))
    (tmp_path / "a.pb").write_bytes(graph.SerializeToString())
    opened = open_path(tmp_path / "a.pb")
    about = opened.manifest
    assert (about.image_shape, about.is_ink_on_black) == ((6, 5, channels), is_ink)


def test_a_checkpoint_holds_one_position_and_a_branch_begins_at_the_end_of_an_epoch(tmp_path):
    save(tmp_path / "within.keras")
    save(tmp_path / "end.keras", position=Position(2))
    with pytest.raises(UserError, match=r"within\.keras” holds epoch 3, batch 1, not epoch 1"):
        open_path(tmp_path / "within.keras", 1)
    with pytest.raises(UserError, match=r"within\.keras” holds epoch 3, batch 1; a branch begins at the end"):
        open_path(tmp_path / "within.keras").branch()
    branch = open_path(tmp_path / "end.keras", 2).branch()
    assert (branch.position, branch.earlier, branch.parent.name) == (Position(2), (), "Tried")
