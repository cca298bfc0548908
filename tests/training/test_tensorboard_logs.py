"""A run's log for TensorBoard, while it trains and afterwards: complete and without doubled steps."""

import dataclasses
import shutil
import sys

import numpy as np
import pytest
from idx_files import write_idx_folder
from PIL import Image
from run_through import run_through
from tensorboard_logs import read_by_tensorboard, steps_of

from cadl_gui.cli.epoch_log import EpochLog
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import ExportError, UserError
from cadl_gui.domain.events import TrainingEnded
from cadl_gui.domain.history import History
from cadl_gui.domain.position import Position
from cadl_gui.domain.snapshot import freeze
from cadl_gui.domain.training_requests import LogRequest, OpenFile, StepBudget, TrainingRequest
from cadl_gui.runs.layout import snapshot_path
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.snapshots import read_snapshot
from cadl_gui.saved.log_export import export_log
from cadl_gui.saved.opened import open_path
from cadl_gui.training.recorded import train_and_record
from cadl_gui.training.tensorboard_log import TensorBoardLog

pytestmark = [
    pytest.mark.slow,
    pytest.mark.tf,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

VARIATIONAL = RunConfig.of(
    preset="vae", variational=True, tied=False, latent_dim=2, layers=(6,), epochs=3, batch_size=50,
    output_activation="sigmoid",
)  # fmt: skip
CLASSIFIER = RunConfig.of(preset="softmax", model="classifier", layers=(6,), epochs=2, batch_size=50)
RATE = 1e-3


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    """Random images with labels, as a user's dataset."""
    return str(write_idx_folder(tmp_path_factory.mktemp("images") / "idx"))


def written_earlier(log):
    """Date back the event files: of those of one second, TensorBoard reads a tenth before a ninth."""
    for file in log.glob("events*"):
        events, out, kind, _, *rest = file.name.split(".")
        file.rename(file.with_name(".".join((events, out, kind, "1000000000", *rest))))


def train(config, folder, log, *, resume=False, n_turns=None, epochs=None):
    """Train with a log, as the command line does; stop after `n_turns` turns of two batches."""
    asked = {} if epochs is None else {"epochs": epochs}
    training = train_and_record(TrainingRequest("run", "Run", config, folder, resume=resume, asked=asked))
    logging = EpochLog(log)
    try:
        events = next(training)
        logging.begin(events)
        while not isinstance(events[-1], TrainingEnded):
            n_steps = None if n_turns is None else 2 * (n_turns > 0)
            n_turns = None if n_turns is None else n_turns - 1
            events = training.send(StepBudget(60.0, n_steps, RATE))
            logging.add(events)
    finally:
        training.close()
        logging.close()


@pytest.fixture(scope="module")
def variational(dataset, tmp_path_factory):
    """The folder with `run`, trained, and `log`, written meanwhile."""
    folder = tmp_path_factory.mktemp("variational")
    train(VARIATIONAL.replace(dataset=dataset), folder / "run", folder / "log")
    return folder


@pytest.fixture(scope="module")
def classifier(dataset, tmp_path_factory):
    folder = tmp_path_factory.mktemp("classifier")
    train(CLASSIFIER.replace(dataset=dataset), folder / "run", folder / "log")
    return folder


@pytest.fixture
def place(tmp_path):
    """An empty folder to export to."""
    (tmp_path / "place").mkdir()
    return tmp_path / "place"


def request(run, path, epochs=None):
    """Ask for the log of a run folder at some epochs, or at all."""
    opened = open_path(run).as_event(OpenFile("run", run))
    ends = [position for position in opened.recorded if position.step == 0]
    chosen = ends if epochs is None else [Position(epoch) for epoch in epochs]
    return LogRequest(opened.description, opened.history, tuple(chosen), (), path)


def assert_same_logs(one, other):
    """Both logs show the same, apart from the speed, which is that of each training."""
    first, second = (read_by_tensorboard(folder) for folder in (one, other))
    speed = "epoch/images_per_second"
    assert steps_of(first.scalars) == steps_of(second.scalars)
    assert {tag: found for tag, found in first.scalars.items() if tag != speed} == {
        tag: found for tag, found in second.scalars.items() if tag != speed
    }
    for kind in ("images", "histograms"):
        mine, theirs = getattr(first, kind), getattr(second, kind)
        assert steps_of(mine) == steps_of(theirs)
        for tag, found in mine.items():
            for (_, a), (_, b) in zip(found, theirs[tag], strict=True):
                np.testing.assert_array_equal(a, b)
    assert first.graph == second.graph
    assert first.projector == second.projector


def test_the_curves_are_those_of_the_history(variational):
    log, history = read_by_tensorboard(variational / "log"), read_run(variational / "run").history
    assert {"epoch/loss", "epoch/val_loss", "epoch/kl_loss", "epoch/learning_rate"} <= log.scalars.keys()
    for metric in ("loss", "val_loss", "val_kl_loss"):
        epochs, values = history.curve(metric)
        assert log.scalars[f"epoch/{metric}"] == [
            (epoch, np.float32(value)) for epoch, value in zip(epochs, values, strict=True)
        ]
    assert [rate for _, rate in log.scalars["epoch/learning_rate"]] == [np.float32(RATE)] * 3
    speeds = [record.images_per_second for record in history.epochs[1:]]
    assert [speed for _, speed in log.scalars["epoch/images_per_second"]] == pytest.approx(speeds)
    losses = history.step_metrics["kl_loss"]
    assert log.scalars["batch/kl_loss"] == [(i + 1, loss) for i, loss in enumerate(losses)]


def test_of_long_epochs_only_some_batches_are_drawn(variational, tmp_path):
    """Of 250 batches every third."""
    about = request(variational / "run", tmp_path / "log").description
    history = History(steps_per_epoch=250)
    losses = np.random.default_rng(0).random(2 * 250).astype(np.float32)
    history.add_steps({"loss": losses})
    log = TensorBoardLog(tmp_path / "log", about)
    for epoch in (1, 2):
        log.add_metrics(history, epoch)
    log.flush()
    drawn = read_by_tensorboard(tmp_path / "log").scalars["batch/loss"]
    assert drawn == [(step, losses[step - 1]) for step in range(3, 500, 3)]


def test_images_histograms_and_graph_are_of_the_network(variational):
    log = read_by_tensorboard(variational / "log")
    steps = steps_of(log.images)
    assert steps.pop("examples/input") == [0]
    assert set(steps) == {
        "examples/reconstruction",
        "weights/encoder_1",
        "weights/z_mean",
        "weights/z_log_var",
        "weights/decoder_1",
        "weights/decoder_2",
    }
    assert all(found == [0, 1, 2, 3] for found in steps.values())
    (_, shown), *_ = log.images["examples/input"]
    assert shown.shape == (280, 280)
    snapshot = read_snapshot(variational / "run", Position(3))
    kernel = snapshot.weights["encoder_1/linear/kernel"]
    step, buckets = log.histograms["encoder_1/linear/kernel"][-1]
    assert step == 3
    assert buckets[:, 2].sum() == kernel.size
    assert (buckets[0, 0], buckets[-1, 1]) == pytest.approx((kernel.min(), kernel.max()))
    assert not any("mean_subtraction" in tag for tag in log.histograms)
    operations = {node.name: node for node in log.graph.node}
    assert len(operations) == len(log.graph.node)
    assert list(operations["encoder_1/linear/MatMul"].input) == [
        "encoder_1/Reshape",
        "encoder_1/linear/kernel",
    ]
    used = {name.lstrip("^").partition(":")[0] for node in log.graph.node for name in node.input}
    assert used <= operations.keys()


def test_the_projector_has_the_latent_vectors_of_the_last_epoch(variational, dataset):
    (embedding,) = read_by_tensorboard(variational / "log").projector.embeddings
    latents = read_snapshot(variational / "run", Position(3)).artifacts.latents
    assert embedding.tensor_name == "latents of epoch 3"
    np.testing.assert_allclose(
        np.loadtxt(variational / "log" / embedding.tensor_path)[:, :2], latents, rtol=1e-3, atol=1e-6
    )
    assert len((variational / "log" / embedding.metadata_path).read_text().splitlines()) == 1 + len(latents)
    sprite = np.asarray(Image.open(variational / "log" / embedding.sprite.image_path))
    assert sprite.shape == (280, 280)


def test_a_classifier_has_accuracy_and_a_confusion_matrix(classifier):
    log = read_by_tensorboard(classifier / "log")
    assert [step for step, _ in log.scalars["epoch/val_accuracy"]] == [0, 1, 2]
    confusion = read_snapshot(classifier / "run", Position(2)).artifacts.confusion
    step, cells = log.images["confusion"][-1]
    assert step == 2
    centres = cells[8::17, 8::17].astype(int).sum(axis=-1)
    shares = confusion / confusion.sum(axis=1, keepdims=True)
    assert centres.shape == shares.shape
    order = np.argsort(shares, axis=None)
    assert (np.diff(centres.ravel()[order]) <= 3).all()  # the larger, the darker; the colours are rounded
    assert "examples/reconstruction" not in log.images
    assert log.projector is None


def test_what_is_exported_afterwards_is_what_was_logged_meanwhile(variational, classifier, tmp_path):
    for folder in (variational, classifier):
        path = tmp_path / folder.name
        stages, exported = run_through(export_log(request(folder / "run", path)))
        n = read_run(folder / "run").history.epochs[-1].epoch
        assert exported.epochs == tuple(range(n + 1))
        assert [stage.n_done for stage in stages] == list(range(n + 1))
        assert {stage.n_stages for stage in stages} == {n + 1}
        assert str(exported) == f'{n + 1} epochs: tensorboard --logdir "{path}" shows them'
        assert_same_logs(folder / "log", path)


def test_a_resumed_training_continues_its_log_without_doubled_steps(variational, dataset, tmp_path):
    """It was stopped in the second epoch; the rest is in a second event file."""
    config = VARIATIONAL.replace(dataset=dataset)
    train(config, tmp_path / "run", tmp_path / "log", n_turns=6)
    stopped = read_by_tensorboard(tmp_path / "log")
    assert [step for step, _ in stopped.scalars["epoch/loss"]] == [1]
    written_earlier(tmp_path / "log")
    (begun,) = tmp_path.glob("log/events*")
    before = begun.read_bytes()
    train(config, tmp_path / "run", tmp_path / "log", resume=True)
    assert begun.read_bytes() == before
    assert_same_logs(variational / "log", tmp_path / "log")


def test_a_run_that_is_resumed_can_have_a_log_from_then_on(variational, dataset, tmp_path):
    shutil.copytree(variational / "run", tmp_path / "run")
    config = VARIATIONAL.replace(dataset=dataset)
    train(config, tmp_path / "run", tmp_path / "log", resume=True, epochs=4)
    log = read_by_tensorboard(tmp_path / "log")
    assert [step for step, _ in log.scalars["epoch/val_loss"]] == [0, 1, 2, 3, 4]
    assert [step for step, _ in log.images["weights/encoder_1"]] == [0, 1, 2, 3, 4]


def test_a_folder_with_other_things_is_refused(dataset, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(UserError, match="is not empty, and holds no log"):
        train(VARIATIONAL.replace(dataset=dataset), tmp_path / "run", tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_log_of_one_epoch_has_the_curves_of_all(variational, tmp_path):
    _, exported = run_through(export_log(request(variational / "run", tmp_path / "log", [2])))
    log = read_by_tensorboard(tmp_path / "log")
    assert exported.epochs == (2,)
    assert [step for step, _ in log.images["examples/reconstruction"]] == [2]
    assert log.projector.embeddings[0].tensor_name == "latents of epoch 2"
    assert [step for step, _ in log.scalars["epoch/loss"]] == [1, 2, 3]


def test_a_checkpoint_can_be_exported(variational, tmp_path):
    checkpoint = read_run(variational / "run").checkpoint
    opened = open_path(checkpoint).as_event(OpenFile("run", checkpoint))
    asked = LogRequest(
        opened.description, opened.history, opened.recorded, (opened.snapshot,), tmp_path / "log"
    )
    assert run_through(export_log(asked))[1].epochs == (3,)
    assert "weights/encoder_1" in read_by_tensorboard(tmp_path / "log").images


@pytest.mark.parametrize("n_stages", [1, 2, 4])
def test_cancelled_log_leaves_no_folder(variational, place, n_stages):
    exporting = export_log(request(variational / "run", place / "log"))
    for _ in range(n_stages):
        next(exporting)
    exporting.close()
    assert not list(place.iterdir())


def test_where_a_disk_is_full_a_message_says_so_and_nothing_is_left(variational, place):
    resource = pytest.importorskip("resource")
    asked = request(variational / "run", place / "log")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
    try:
        with pytest.raises(ExportError, match=r"log” cannot be written: "):
            run_through(export_log(asked))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not list(place.iterdir())


def test_log_folder_with_something_in_it_is_left_alone(variational, place):
    (place / "thesis.txt").write_text("years of work")
    with pytest.raises(ExportError, match="there is something there already"):
        run_through(export_log(request(variational / "run", place)))
    assert [path.name for path in place.iterdir()] == ["thesis.txt"]


def test_an_epoch_that_was_dropped_meanwhile_is_left_out(variational, tmp_path):
    shutil.copytree(variational / "run", tmp_path / "run")
    asked = request(tmp_path / "run", tmp_path / "log")
    snapshot_path(tmp_path / "run", Position(1)).unlink()
    assert run_through(export_log(asked))[1].epochs == (0, 2, 3)
    single = dataclasses.replace(asked, positions=(Position(1),), path=tmp_path / "single")
    with pytest.raises(ExportError, match="no longer stored"):
        run_through(export_log(single))
    assert not (tmp_path / "single").exists()


def test_a_network_that_diverged_has_no_reconstructions_but_all_else(variational, tmp_path):
    asked = request(variational / "run", tmp_path / "log", [3])
    snapshot = read_snapshot(variational / "run", Position(3))
    weights = freeze({path: array * np.float32(1e30) for path, array in snapshot.weights.items()})
    about = dataclasses.replace(asked.description, source=None)
    diverged = dataclasses.replace(snapshot, weights=weights)
    run_through(export_log(dataclasses.replace(asked, description=about, snapshots=(diverged,))))
    log = read_by_tensorboard(tmp_path / "log")
    assert "examples/reconstruction" not in log.images
    assert {"examples/input", "weights/encoder_1"} <= log.images.keys()
    assert log.histograms["encoder_1/linear/kernel"][0][1][-1, 1] > 1e26


def test_tensorboard_is_not_needed(variational, tmp_path, monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "tensorboard"]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    exported = run_through(export_log(request(variational / "run", tmp_path / "log")))[1]
    monkeypatch.undo()
    assert exported.epochs == (0, 1, 2, 3)
    assert "epoch/loss" in read_by_tensorboard(tmp_path / "log").scalars
