"""The contract between engine and backends, for the fake and for the real ones."""

import numpy as np
import pytest
from fakes import SHAPE, FakeInference, FakeTraining
from run_through import run_through
from stores import store

from cadl_gui.domain.branching import Branch
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import CadlError, NonFiniteLossError
from cadl_gui.domain.events import (
    EpochCompleted,
    HealthNoted,
    RunOpened,
    SnapshotTaken,
    StepsTaken,
    TrainingEnded,
    TrainingStarted,
)
from cadl_gui.domain.exports import Exported, ExportedLog, ExportStage
from cadl_gui.domain.history import History
from cadl_gui.domain.position import UNTRAINED, Position, is_recorded
from cadl_gui.domain.requests import (
    Classify,
    ComputeErrors,
    Decode,
    Encode,
    FetchSnapshot,
    FindEvidence,
    Reconstruct,
)
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.domain.training_requests import (
    ExportRequest,
    LogRequest,
    OpenFile,
    SaveCheckpoint,
    StepBudget,
    TrainingRequest,
)

pytestmark = pytest.mark.slow

AUTOENCODER = RunConfig.of(preset="test", layers=(6,), latent_dim=2, epochs=2, batch_size=8)
VARIATIONAL = AUTOENCODER.replace(variational=True, tied=False, output_activation="sigmoid")
CLASSIFIER = AUTOENCODER.replace(model="classifier", latent_dim=0)
KINDS = {"autoencoder": AUTOENCODER, "variational": VARIATIONAL, "classifier": CLASSIFIER}
RATE = 0.001
FULL_SPEED, ONE_STEP, STOP = (StepBudget(60.0, limit, RATE) for limit in (None, 1, 0))
IMAGES = np.linspace(0, 1, 3 * 28 * 28, dtype=np.float32).reshape(3, *SHAPE)
IMAGES.flags.writeable = False

BACKENDS = ["fake", pytest.param("real", marks=pytest.mark.tf)]


def noise():
    """A dataset of 120 small images with labels."""
    random = np.random.default_rng(5)
    images = (random.random((120, *SHAPE)) ** 3 * 255).astype(np.uint8)
    return store("Noise", images, np.arange(120) % 10, n_test=20)


@pytest.fixture(params=BACKENDS)
def side(request):
    """Which backends: fake or real."""
    return request.param


@pytest.fixture
def training(side):
    """A training backend; the real one trains on noise, whatever dataset is configured."""
    if side == "fake":
        return FakeTraining()
    from cadl_gui.saved.backend import Training

    dataset = noise()
    return Training(lambda _: dataset)


@pytest.fixture(params=KINDS)
def config(request):
    return KINDS[request.param]


def asked(config, folder=None, **more):
    return TrainingRequest("run", "Run", config, folder, **more)


def driven(loop, turn=FULL_SPEED):
    """The events of all turns, a tuple for each."""
    turns = [next(loop)]
    while not isinstance(turns[-1][-1], TrainingEnded):
        turns.append(loop.send(turn))
    return turns


@pytest.fixture
def reported(side, training, config):
    """All turns of a training at full speed; shared by all tests, which only read it."""
    if (side, config) not in _reported:
        _reported[side, config] = driven(training.train(asked(config)))
    return _reported[side, config]


_reported = {}


def flat(turns):
    return [event for turn in turns for event in turn]


def snapshots(turns):
    return [event for event in flat(turns) if isinstance(event, SnapshotTaken)]


def test_training_begins_with_the_untrained_network_and_its_metrics(reported, config):
    started, snapshot, completed = reported[0]
    assert isinstance(started, TrainingStarted)
    assert started.recorded == ()
    assert (started.history.n_steps, started.history.epochs) == (0, [])
    about = started.description
    assert (about.run_id, about.name, about.config) == ("run", "Run", config)
    assert (about.image_shape, about.n_classes, about.source) == (SHAPE, 10, None)
    assert started.learning_rate == config.training.learning_rate
    assert about.examples.shape == (100, *SHAPE)
    assert isinstance(snapshot, SnapshotTaken)
    assert (snapshot.snapshot.position, snapshot.recorded) == (UNTRAINED, True)
    assert isinstance(completed, EpochCompleted)
    assert completed.record.epoch == 0
    assert {"val_loss"} <= completed.record.metrics.keys()
    assert not {"loss"} & completed.record.metrics.keys(), "nothing was trained yet"


def test_all_steps_are_reported_once_and_in_order(reported, config):
    started = reported[0][0]
    steps = [event for event in flat(reported) if isinstance(event, StepsTaken)]
    done = 0
    for event in steps:
        lengths = {len(values) for values in event.metrics.values()}
        assert len(lengths) == 1
        done += lengths.pop()
        assert event.position == Position(*divmod(done, started.description.steps_per_epoch))
        assert event.learning_rate == RATE
        assert event.images_per_second > 0
        assert "loss" in event.metrics
        for values in event.metrics.values():
            assert values.dtype == np.float32
            assert not values.flags.writeable
    assert done == config.training.epochs * started.description.steps_per_epoch


def test_every_epoch_ends_with_its_weights_and_then_its_record(reported, config):
    events = [event for event in flat(reported) if not isinstance(event, HealthNoted)]
    completed = [i for i, event in enumerate(events) if isinstance(event, EpochCompleted)]
    assert [events[i].record.epoch for i in completed] == [0, 1, 2]
    for i in completed:
        assert isinstance(events[i - 1], SnapshotTaken)
        assert events[i - 1].recorded
        assert events[i - 1].snapshot.position == Position(events[i].record.epoch)
    for i in completed[1:]:
        names = events[i].record.metrics.keys()
        measured = {name for name in names if not name.startswith("val_")}
        assert {f"val_{name}" for name in measured} == names - measured
        assert {"accuracy"} & measured == ({"accuracy"} if config.model.is_classifier else set())
        assert {"kl_loss"} & measured == ({"kl_loss"} if config.model.is_variational else set())


def test_the_first_batches_and_every_epoch_are_recorded_and_nothing_else(training):
    taken = snapshots(driven(training.train(asked(AUTOENCODER)), ONE_STEP))
    assert all(event.recorded == is_recorded(event.snapshot.position) for event in taken)
    assert {Position(0, 1), Position(0, 2), Position(0, 5)} <= {event.snapshot.position for event in taken}


def test_weights_are_read_only_and_probes_come_with_those_that_are_recorded(reported, config):
    for event in snapshots(reported):
        assert not any(array.flags.writeable for array in event.snapshot.weights.values())
        artifacts = event.snapshot.artifacts
        assert (artifacts is not None) == event.recorded
        if artifacts is None:
            continue
        assert (artifacts.confusion is not None) == config.model.is_classifier
        assert (artifacts.latents is not None) == (not config.model.is_classifier)
        if artifacts.latents is not None:
            assert artifacts.latents.shape[1] == config.model.latent_dim
            assert len(artifacts.labels) == len(artifacts.latents)


def test_a_turn_with_a_limit_ends_there_with_a_snapshot(training):
    loop = training.train(asked(AUTOENCODER))
    next(loop)
    for step in (1, 2, 3):
        steps, *_, snapshot = loop.send(ONE_STEP)
        assert isinstance(steps, StepsTaken)
        assert isinstance(snapshot, SnapshotTaken)
        assert steps.position == snapshot.snapshot.position == Position(0, step)


def test_a_turn_never_leads_past_a_recorded_position(reported):
    reached = [event.position for event in flat(reported) if isinstance(event, StepsTaken)]
    steps_per_epoch = reported[0][0].description.steps_per_epoch
    every = [Position(*divmod(i, steps_per_epoch)) for i in range(1, 2 * steps_per_epoch + 1)]
    assert {position for position in every if is_recorded(position)} <= set(reached)


def test_the_end_is_reported_once_and_nothing_comes_after_it(training):
    loop = training.train(asked(AUTOENCODER))
    turns = driven(loop)
    (ended,) = (event for event in flat(turns) if isinstance(event, TrainingEnded))
    assert ended is turns[-1][-1]
    assert (ended.position, ended.complete) == (Position(2), True)
    with pytest.raises(StopIteration):
        loop.send(FULL_SPEED)


@pytest.mark.parametrize(("steps", "keeps"), [(0, False), (2, False), (3, True), (4, True)])
def test_stopping_records_the_newest_weights_unless_they_are_recorded_already(training, steps, keeps):
    loop = training.train(asked(AUTOENCODER))
    next(loop)
    for _ in range(steps):
        loop.send(ONE_STEP)
    *taken, ended = loop.send(STOP)
    assert [(event.snapshot.position, event.recorded) for event in taken] == (
        [(Position(0, steps), True)] if keeps else []
    )
    assert isinstance(ended, TrainingEnded)
    assert (ended.position, ended.complete) == (Position(0, steps), False)


def test_a_loss_that_is_not_finite_is_an_error_that_says_where(training):
    loop = training.train(asked(AUTOENCODER))
    next(loop)
    hot = StepBudget(60.0, 1, 1e30)
    with pytest.raises(NonFiniteLossError, match=r"the loss became infinite at batch \d+ of epoch 1"):
        list(map(loop.send, [hot] * 9))


def test_a_run_is_resumed_from_its_last_complete_epoch(training, tmp_path):
    folder = tmp_path / "run"
    loop = training.train(asked(AUTOENCODER, folder))
    reported = [next(loop)]
    while not any(isinstance(event, EpochCompleted) and event.record.epoch == 1 for event in reported[-1]):
        reported.append(loop.send(StepBudget(60.0, None, 0.5 * RATE)))
    loop.send(StepBudget(60.0, 1, 0.5 * RATE))
    loop.close()
    turns = driven(training.train(asked(AUTOENCODER, folder, resume=True)))
    started, snapshot = turns[0]
    assert started.learning_rate == 0.5 * RATE, "the one that it was given last"
    assert [record.epoch for record in started.history.epochs] == [0, 1]
    assert started.history.n_steps == started.description.steps_per_epoch
    assert (started.recorded[0], started.recorded[-1]) == (UNTRAINED, Position(1))
    assert (snapshot.snapshot.position, snapshot.recorded) == (Position(1), False)
    assert [event.record.epoch for event in flat(turns) if isinstance(event, EpochCompleted)] == [2]


def test_a_branch_begins_by_completing_its_parents_epoch(training):
    turns = driven(training.train(asked(AUTOENCODER)))
    parent, history = turns[0][0].description, History(turns[0][0].description.steps_per_epoch)
    for event in flat(turns):
        match event:
            case StepsTaken():
                history.add_steps(event.metrics)
            case EpochCompleted():
                history.add_epoch(event.record)
    retained = [event.snapshot for event in snapshots(turns) if event.recorded]
    at = next(snapshot for snapshot in retained if snapshot.position == Position(1))
    branch = Branch(parent, history, tuple(snapshot.position for snapshot in retained), at)
    loop = training.train(asked(AUTOENCODER.replace(learning_rate=2 * RATE), branch=branch))
    started, snapshot, completed = next(loop)
    assert started.description.branched_from == "Run, epoch 1"
    assert started.learning_rate == 2 * RATE
    assert [record.epoch for record in started.history.epochs] == [0]
    assert started.history.n_steps == parent.steps_per_epoch
    assert (snapshot.snapshot.position, snapshot.recorded) == (Position(1), True)
    assert completed.record.epoch == 1
    assert loop.send(ONE_STEP)[0].position == Position(1, 1)


def ended_run(training):
    """(description, history, last snapshot) of a run."""
    turns = driven(training.train(asked(AUTOENCODER)))
    return turns[0][0].description, turns[0][0].history, snapshots(turns)[-1].snapshot


def test_what_is_saved_can_be_opened(training, tmp_path):
    path = tmp_path / "run.keras"
    description, history, snapshot = ended_run(training)
    training.save(SaveCheckpoint(description, history, snapshot, path))
    opened = training.open(OpenFile("opened", path))
    assert isinstance(opened, RunOpened)
    assert (opened.description.run_id, opened.description.source) == ("opened", path)
    assert opened.recorded == (snapshot.position,) == (opened.snapshot.position,)
    assert (opened.writer, opened.notes) == ("", ())
    assert opened.description.image_shape == SHAPE


def test_what_cannot_be_opened_or_saved_is_a_message_that_names_the_file(training, tmp_path):
    path = tmp_path / "nowhere" / "run.keras"
    with pytest.raises(CadlError, match=r"nowhere.run\.keras"):
        training.open(OpenFile("opened", path))
    with pytest.raises(CadlError, match=r"nowhere.run\.keras"):
        training.save(SaveCheckpoint(*ended_run(training), path))


def test_an_export_reports_its_stages_and_then_what_it_wrote(training, tmp_path):
    path = tmp_path / "run.pb"
    description, _, snapshot = ended_run(training)
    request = ExportRequest(description, snapshot, "pb", "reconstruct", path)
    stages, written = run_through(training.export(request))
    assert all(isinstance(stage, ExportStage) for stage in stages)
    assert [stage.n_done for stage in stages] == sorted(stage.n_done for stage in stages)
    assert all(stage.n_done < stage.n_stages and stage.text for stage in stages)
    assert isinstance(written, Exported)
    assert path.exists()


def test_an_export_that_is_closed_leaves_nothing(training, tmp_path):
    description, _, snapshot = ended_run(training)
    export = training.export(ExportRequest(description, snapshot, "pb", "reconstruct", tmp_path / "run.pb"))
    next(export)
    export.close()
    assert list(tmp_path.iterdir()) == []


def test_a_log_reports_its_stages_and_then_its_epochs(training, tmp_path):
    path = tmp_path / "log"
    description, history, snapshot = ended_run(training)
    request = LogRequest(description, history, (snapshot.position,), (snapshot,), path)
    stages, written = run_through(training.export_log(request))
    assert all(isinstance(stage, ExportStage) for stage in stages)
    assert all(stage.n_done < stage.n_stages and stage.text for stage in stages)
    assert written == ExportedLog(path, (snapshot.position.epoch,))
    assert path.exists()


def test_a_log_that_is_closed_leaves_nothing(training, tmp_path):
    description, history, snapshot = ended_run(training)
    request = LogRequest(description, history, (snapshot.position,), (snapshot,), tmp_path / "log")
    export = training.export_log(request)
    next(export)
    export.close()
    assert not list(tmp_path.glob("*log*"))


def new_inference(side):
    if side == "fake":
        return FakeInference()
    from cadl_gui.inference.inference_service import InferenceService

    dataset = noise()

    return InferenceService(load=lambda _: dataset)


@pytest.fixture
def inference(side, reported):
    """An inference backend with a run of a configuration, registered as the engine does."""
    inference = new_inference(side)
    for event in flat(reported):
        match event:
            case TrainingStarted():
                inference.register(event.description)
            case SnapshotTaken():
                inference.update(event.run_id, event.snapshot, event.recorded)
    return inference


def answer(inference, request):
    """(position, value) after all parts."""
    return run_through(inference.respond_in_parts(request))[1]


def questions(position=None):
    latents = np.zeros((3, 2), np.float32)
    return (
        Reconstruct("run", position, IMAGES),
        Classify("run", position, IMAGES),
        Encode("run", position, IMAGES),
        Decode("run", position, latents),
        FindEvidence("run", position, IMAGES[0]),
    )


def test_each_network_answers_valid_requests_and_refuses_others(inference, config):
    n = config.model.latent_dim
    shapes = {Reconstruct: (3, *SHAPE), Encode: (3, n), Decode: (3, *SHAPE)}
    if config.model.is_classifier:
        shapes = {Classify: (3, 10), FindEvidence: None}
    what = "a classifier" if config.model.is_classifier else "an autoencoder"
    for question in questions():
        kind = type(question)
        if kind not in shapes:
            with pytest.raises(
                CadlError, match=f"This run is {what}: it cannot .*{kind.__name__[-8:].lower()}."
            ):
                answer(inference, question)
            continue
        position, value = answer(inference, question)
        assert position == Position(2)
        if kind is not FindEvidence:
            assert (value.shape, value.dtype) == (shapes[kind], np.float32)
            assert not value.flags.writeable
        if kind is Classify:
            np.testing.assert_allclose(value.sum(axis=1), 1, rtol=1e-5)


def test_errors_are_those_of_the_images_asked_about(inference):
    position, errors = answer(inference, ComputeErrors("run", None, np.array([30, 2, 11], np.int32)))
    assert position == Position(2)
    assert (errors.shape, errors.dtype, errors.flags.writeable) == ((3,), np.float32, False)
    assert (errors >= 0).all()


@pytest.mark.parametrize("config", ["classifier"], indirect=True)
def test_evidence_comes_in_parts(inference, config):
    parts = inference.respond_in_parts(questions()[-1])
    next(parts)  # others may be answered here
    _, evidence = answer(inference, questions()[-1])
    assert evidence.contributions.shape == (10, *SHAPE)
    assert evidence.logits.shape == (10,)


def test_weights_are_requested_by_position_and_without_one_are_the_newest(inference):
    for position in (UNTRAINED, Position(0, 5), Position(1), Position(2)):
        at, snapshot = answer(inference, FetchSnapshot("run", position))
        assert isinstance(snapshot, Snapshot)
        assert at == snapshot.position == position
    assert answer(inference, FetchSnapshot("run", None))[0] == Position(2)
    inference.return_to("run", Position(1))
    assert answer(inference, FetchSnapshot("run", None))[0] == Position(1)


def test_backend_answers_unknown_positions_and_runs_with_a_message(inference):
    with pytest.raises(CadlError, match="epoch 7"):
        answer(inference, FetchSnapshot("run", Position(7)))
    with pytest.raises(CadlError, match="not open"):
        answer(inference, FetchSnapshot("nobody", None))
    inference.drop("run", (Position(1), Position(7)))
    with pytest.raises(CadlError, match="epoch 1"):
        answer(inference, FetchSnapshot("run", Position(1)))
    inference.unregister("run")
    inference.unregister("run")
    with pytest.raises(CadlError, match="not open"):
        answer(inference, FetchSnapshot("run", None))


@pytest.mark.parametrize("config", ["autoencoder"], indirect=True)
def test_a_run_that_was_forgotten_has_no_weights_when_it_is_known_again(side, reported):
    inference = new_inference(side)
    started, snapshot, _ = reported[0]
    inference.register(started.description)
    with pytest.raises(CadlError, match="no weights yet"):
        answer(inference, FetchSnapshot("run", None))
    inference.update("run", snapshot.snapshot, True)
    assert answer(inference, FetchSnapshot("run", None))[0] == UNTRAINED
    inference.unregister("run")
    inference.register(started.description)
    with pytest.raises(CadlError, match="no weights yet"):
        answer(inference, FetchSnapshot("run", None))
