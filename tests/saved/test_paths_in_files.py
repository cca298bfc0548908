"""Paths in files are not used: they might lead to another computer, or to a special file."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from checkpoints import CONFIGURATION, SHAPE, save

from cadl_gui.cli import main
from cadl_gui.datasets.load import load
from cadl_gui.datasets.sources.arrays import read_arrays, write_examples
from cadl_gui.domain.errors import CadlError, DatasetError
from cadl_gui.domain.requests import FetchTestImage
from cadl_gui.domain.session import Kept
from cadl_gui.domain.training_requests import OpenFile, TrainingRequest
from cadl_gui.inference.inference_service import InferenceService
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.session import read_session, unpack, write_session
from cadl_gui.saved.backend import Training

pytestmark = [
    pytest.mark.tf,
    # Keras 3.15 saves variables through an `__array__` that NumPy 2 warns about.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]


@pytest.fixture
def dataset(tmp_path):
    """The path of a dataset that was not requested."""
    path = tmp_path / "data.npz"
    images = np.random.default_rng(0).integers(0, 256, (40, *SHAPE), np.uint8)
    write_examples(path, images, np.arange(40) % 4)
    return str(path)


@pytest.fixture
def checkpoint(tmp_path, dataset):
    about = CONFIGURATION.replace(dataset=dataset, batch_size=10)
    save(tmp_path / "a.keras", config=about, fingerprint=read_arrays(Path(dataset)).fingerprint)
    return tmp_path / "a.keras"


def test_opening_a_file_does_not_look_its_dataset_up(checkpoint):
    event = Training().open(OpenFile("foreign", checkpoint))
    assert event.description.examples is None


def test_requests_that_the_window_sends_by_itself_look_up_no_dataset(checkpoint):
    event, answers = Training().open(OpenFile("foreign", checkpoint)), InferenceService()
    answers.register(event.description)
    answers.update("foreign", event.snapshot, True)
    with pytest.raises(CadlError, match="is not looked up unless you ask for it"):
        answers.respond(FetchTestImage("foreign", number=0))


def test_evaluate_uses_a_dataset_in_a_file_only_if_the_user_names_it(checkpoint, dataset, capsys):
    assert main(["evaluate", str(checkpoint)]) == 2
    refusal = capsys.readouterr().err
    assert f"“{dataset}”" in refusal
    assert "with --dataset" in refusal
    assert main(["evaluate", str(checkpoint), "--dataset", dataset, "--json"]) == 0


def test_a_dataset_that_the_user_named_is_available_to_files_that_name_it(checkpoint, dataset):
    load(dataset)
    event = Training().open(OpenFile("known", checkpoint))
    assert event.description.examples.shape == (40, *SHAPE)


def test_images_of_a_dataset_that_has_changed_are_not_shown_as_those_of_the_run(checkpoint, dataset):
    load(dataset)
    write_examples(Path(dataset), np.zeros((40, *SHAPE), np.uint8), np.arange(40) % 4)
    event = Training().open(OpenFile("known", checkpoint))
    assert event.description.examples is None


@pytest.mark.parametrize("name", ["~nobody-of-this-name/x", "x" * 300, "a\0b"])
def test_a_path_that_nothing_can_have_is_a_message(name):
    with pytest.raises(DatasetError, match=r"cannot be looked up|There is no dataset"):
        load(name)


@pytest.fixture
def run_elsewhere(tmp_path, dataset, monkeypatch):
    """A run that was trained by relative paths; the current folder is now another one."""
    monkeypatch.chdir(tmp_path)
    command = ["train", "lecture-autoencoder", "--dataset", Path(dataset).name, "--batch-size", "4"]
    assert main([*command, "--set", "layers=3", "--epochs", "1", "--run", "run"]) == 0
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    return tmp_path / "run"


def test_a_run_finds_its_dataset_from_any_folder(run_elsewhere, dataset):
    assert read_run(run_elsewhere).config.data.dataset == dataset
    assert main(["train", "--run", str(run_elsewhere), "--resume", "--epochs", "2"]) == 0
    opened = Training().open(OpenFile("own", run_elsewhere, is_own=True))
    assert opened.description.examples is not None


def test_a_run_is_resumed_with_its_dataset_where_it_is_now(run_elsewhere, dataset, capsys):
    """It need not be named again; another one is refused."""
    Path(dataset).rename("moved.npz")
    resume = ["train", "--run", str(run_elsewhere), "--resume", "--epochs"]
    assert main([*resume, "2"]) == 2
    assert f"There is no dataset “{dataset}”" in capsys.readouterr().err
    write_examples(Path("other.npz"), np.zeros((40, *SHAPE), np.uint8), np.arange(40) % 4)
    assert main([*resume, "2", "--dataset", "other.npz"]) == 2
    assert "is no longer what this run was trained on" in capsys.readouterr().err
    assert main([*resume, "2", "--dataset", "moved.npz"]) == 0
    assert main([*resume, "3"]) == 0
    assert read_run(run_elsewhere).config.data.dataset == str(Path("moved.npz").absolute())


def test_a_run_of_a_session_uses_no_path_that_nobody_asked_for_even_once_it_is_kept(
    run_elsewhere, dataset, tmp_path
):
    elsewhere = str(shutil.copy(dataset, tmp_path / "secret.npz"))
    manifest = run_elsewhere / "run.json"
    manifest.write_text(manifest.read_text().replace(json.dumps(dataset), json.dumps(elsewhere)))
    write_session(tmp_path / "a.cadl", {"view": {}}, {"id:a": ("a", run_elsewhere)}, Kept.ALL)
    (kept,) = unpack(read_session(tmp_path / "a.cadl"), tmp_path / "runs").values()
    assert read_run(kept).config.data.dataset == elsewhere
    assert Training().open(OpenFile("kept", kept, is_own=True)).description.examples is None
    request = TrainingRequest("kept", "kept", read_run(kept).config, kept, resume=True, asked={"epochs": 2})
    with pytest.raises(DatasetError, match="not looked up unless you ask"):
        next(Training().train(request))
    load(elsewhere)
    next(Training().train(request))
    assert Training().open(OpenFile("asked", kept)).description.examples is not None
