"""Steps in bfloat16: measured by `auto`, recorded, resumed as begun, and nobody else's business."""

import json
import threading

import numpy as np
import pytest
import tensorflow as tf
from same_runs import assert_same_run
from stores import store
from weights import same_weights

from cadl_gui.datasets.split import split
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.events import TrainingEnded, TrainingStarted
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Classify, Reconstruct
from cadl_gui.domain.training_requests import StepBudget, TrainingRequest
from cadl_gui.inference.stateless_network import StatelessNetwork
from cadl_gui.runs.checkpoint import open_checkpoint
from cadl_gui.runs.layout import manifest_path
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.snapshots import read_snapshot
from cadl_gui.training import bfloat16
from cadl_gui.training.bfloat16 import in_bfloat16
from cadl_gui.training.evaluation import Evaluation
from cadl_gui.training.recorded import train_and_record

pytestmark = [pytest.mark.tf, pytest.mark.slow]

SHAPE = (8, 7, 1)
DENSE = RunConfig.of(preset="test", layers=(16, 9), epochs=2, batch_size=8)
CLASSIFIER = RunConfig.of(
    preset="test", model="classifier", convolutional=True, layers=(4, 6), kernel_sizes=(3, 3), strides=(2, 1),
    epochs=2, batch_size=8,
)  # fmt: skip
BOTH = pytest.mark.parametrize("config", [DENSE, CLASSIFIER], ids=["dense", "classifier"])
OPTION = "auto_mixed_precision_onednn_bfloat16"
REFUSAL = "bfloat16 needs the instructions amx_bf16 or avx512_bf16; this processor has neither."


def noise():
    """133 small images in place of the configured dataset."""
    random = np.random.default_rng(5)
    images = (random.random((133, *SHAPE)) ** 3 * 255).astype(np.uint8)
    return store("Noise", images, random.integers(0, 10, 133), n_test=13)


NOISE = noise()


def begun(request, dataset=NOISE):
    """A training on these images, whatever dataset is configured."""
    return train_and_record(request, load=lambda _: dataset)


@pytest.fixture
def processor(processor):
    """One with instructions for bfloat16, until other flags are told."""
    processor("avx amx_bf16")
    return processor


@pytest.fixture
def computing():
    """Skips a test where TensorFlow leaves graphs as they are, since the processor has no bfloat16 at all."""
    numbers = tf.constant(np.random.default_rng(1).normal(size=(64, 64)), tf.float32)
    product = tf.function(lambda x: tf.linalg.matmul(x, x)).get_concrete_function(numbers)
    if np.array_equal(product(numbers), in_bfloat16(product)(numbers)):
        pytest.skip("this processor cannot compute in bfloat16")


def run(config, folder, turns=None, **request):
    """Train to the end, or for some turns of one step; returns the configuration that was trained."""
    training = begun(TrainingRequest("run", "Run", config, folder, **request))
    events = list(next(training))
    started = next(event for event in events if isinstance(event, TrainingStarted))
    while not isinstance(events[-1], TrainingEnded):
        turns = None if turns is None else turns - 1
        budget = StepBudget(60.0, None, 1e-2) if turns is None else StepBudget(0.0, min(turns, 1), 1e-2)
        events += training.send(budget)
    return started.description.config.training.precision


def last_weights(folder):
    return read_snapshot(folder, read_run(folder).recorded[-1]).weights


def precision_on_disk(folder):
    return json.loads(manifest_path(folder).read_text("utf-8"))["configuration"]["precision"]


@BOTH
def test_bfloat16_is_another_computation_and_stores_float32(config, processor, computing, tmp_path):
    for precision in ("float32", "bfloat16"):
        run(config.replace(precision=precision), tmp_path / precision)
    exact, coarse = (last_weights(tmp_path / precision) for precision in ("float32", "bfloat16"))
    assert not same_weights(exact, coarse)
    runs = [read_run(tmp_path / precision) for precision in ("float32", "bfloat16")]
    losses = [found.history.epochs[-1].metrics["loss"] for found in runs]
    assert losses[0] != losses[1]
    assert losses[1] == pytest.approx(losses[0], rel=0.02)
    assert {weights.dtype.name for weights in coarse.values()} == {"float32"}
    model = open_checkpoint(read_run(tmp_path / "bfloat16").checkpoint).model
    kinds = {variable.dtype for variable in (*model.variables, *model.optimizer.variables)}
    assert kinds <= {"float32", "int32", "int64"}


@BOTH
def test_the_answers_beside_such_a_training_are_those_of_float32_to_the_last_bit(config, processor, tmp_path):
    """Functions traced and called before, during and after it, in the thread of the hand and in its own."""
    tf.config.optimizer.set_experimental_options({OPTION: False})  # whatever ran before
    network = StatelessNetwork(config.model, SHAPE, 10)
    images = np.random.default_rng(2).random((5, *SHAPE), np.float32)
    request = (Classify if config.model.is_classifier else Reconstruct)("run", None, images)
    run(config, tmp_path / "float32")
    weights = last_weights(tmp_path / "float32")
    expected = network.respond(weights, request)
    answers = []

    def ask():
        answers.append(network.respond(weights, request))
        answers.append(StatelessNetwork(config.model, SHAPE, 10).respond(weights, request))

    training = begun(TrainingRequest("run", "Run", config.replace(precision="bfloat16")))
    events = next(training)
    while not any(isinstance(event, TrainingEnded) for event in events):
        thread = threading.Thread(target=ask)
        thread.start()
        events = training.send(StepBudget(0.0, 3, 1e-2))
        thread.join()
    ask()
    assert len(answers) > 4
    for answer in answers:
        np.testing.assert_array_equal(answer, expected)


@BOTH
def test_epochs_are_measured_in_float32(config, processor, tmp_path):
    """The figures of an epoch are those of its weights, by whichever precision these were found."""
    run(config.replace(precision="bfloat16"), tmp_path / "run")
    found, noise = read_run(tmp_path / "run"), NOISE
    untouched = Evaluation(open_checkpoint(found.checkpoint).model)
    measured, _ = untouched.metrics(noise, split(noise, found.config).validation)
    assert measured["loss"] == found.history.epochs[-1].metrics["val_loss"]


@pytest.mark.parametrize(
    ("flags", "reason"), [("avx avx512_bf16", "A step took"), ("avx avx2", REFUSAL)], ids=["it has", "lacks"]
)
def test_auto_measures_where_the_processor_has_it_and_records_what_it_chose_and_why(
    flags, reason, processor, tmp_path
):
    """The whole run is the one that was asked for this precision, bit for bit."""
    processor(flags)
    stages = []
    chosen = run(CLASSIFIER.replace(precision="auto"), tmp_path / "auto", on_stage=stages.append)
    assert ("Measuring how the training step is fastest" in stages) == (reason != REFUSAL)
    assert precision_on_disk(tmp_path / "auto") == chosen
    model = open_checkpoint(read_run(tmp_path / "auto").checkpoint).model
    assert model.training_config.precision == chosen
    assert reason in read_run(tmp_path / "auto").precision_reason
    processor("avx amx_bf16")
    assert run(CLASSIFIER.replace(precision=chosen), tmp_path / "asked") == chosen
    assert read_run(tmp_path / "asked").precision_reason == ""
    assert_same_run(tmp_path / "auto", tmp_path / "asked")


def test_a_run_resumes_in_the_precision_it_began_with(processor, tmp_path):
    """On a processor on which `auto` would measure now; why it was chosen is told as before."""
    processor("avx avx2")
    run(DENSE.replace(precision="auto"), tmp_path / "run", turns=20)
    processor("avx amx_bf16")
    resumed = run(DENSE, tmp_path / "run", turns=2, resume=True, asked={"precision": "auto"})
    assert resumed == precision_on_disk(tmp_path / "run") == "float32"
    assert read_run(tmp_path / "run").precision_choice == f"Precision auto chose float32. {REFUSAL}"
    with pytest.raises(ConfigurationError, match="is resumed with Precision float32, not bfloat16"):
        run(DENSE, tmp_path / "run", resume=True, asked={"precision": "bfloat16"})


def test_a_start_that_is_cancelled_while_it_measures_leaves_nothing(processor, tmp_path):
    """The next training of the same kind, whose network was left half measured, begins as any other."""
    config = DENSE.replace(precision="auto", batch_size=9)

    def cancel(stage):
        if stage.startswith("Measuring how"):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(config, tmp_path / "run", on_stage=cancel)
    assert not (tmp_path / "run").exists()
    chosen = run(config, tmp_path / "run")
    run(config.replace(precision=chosen), tmp_path / "asked")
    assert_same_run(tmp_path / "run", tmp_path / "asked")


def test_without_a_processor_for_it_bfloat16_is_refused_in_a_sentence(processor, tmp_path):
    run(DENSE.replace(precision="bfloat16"), tmp_path / "begun", turns=20)
    processor("avx avx2")
    with pytest.raises(ConfigurationError, match=f"^{REFUSAL}$") as refused:
        run(DENSE.replace(precision="bfloat16"), tmp_path / "new")
    assert refused.value.field == "precision"
    assert not (tmp_path / "new").exists()
    with pytest.raises(
        ConfigurationError, match=f"begun” began in bfloat16 and goes on in it only: {REFUSAL}"
    ):
        run(DENSE, tmp_path / "begun", resume=True)
    processor("avx amx_bf16")
    assert run(DENSE, tmp_path / "begun", resume=True) == "bfloat16"
    assert read_run(tmp_path / "begun").recorded[-1] == Position(2)


@pytest.mark.parametrize(
    ("capabilities", "refusal"),
    [
        ([(8, 0)], ""),
        ([(9, 0), (12, 0)], ""),
        ([(7, 5)], "bfloat16 needs a GPU of compute capability 8.0 or later; this one has 7.5."),
        ([(9, 0), (6, 1)], "bfloat16 needs a GPU of compute capability 8.0 or later; this one has 6.1."),
    ],
)
def test_a_gpu_computes_bfloat16_if_it_is_new_enough(processor, gpus, capabilities, refusal):
    """Whatever the processor does, and however many workers there are."""
    processor("avx avx2")
    gpus(*({"compute_capability": each} for each in capabilities))
    assert bfloat16.refusal() == bfloat16.refusal(2) == refusal


def test_a_gpu_that_tells_nothing_is_asked_for_float32(processor, gpus):
    gpus({})
    assert "does not tell" in bfloat16.refusal()


@BOTH
def test_on_a_gpu_keras_computes_in_bfloat16_and_measures_in_float32(config, processor, gpus, tmp_path):
    """The processor in its place: slow, but the same operations."""
    processor("avx avx2")
    config = config.replace(batch_size=7)  # no network that was compiled for the processor is idle
    run(config, tmp_path / "exact")
    gpus({"compute_capability": (8, 0)})
    run(config.replace(precision="bfloat16"), tmp_path / "coarse")
    assert {weights.dtype.name for weights in last_weights(tmp_path / "coarse").values()} == {"float32"}
    runs = [read_run(tmp_path / name) for name in ("exact", "coarse")]
    losses = [found.history.epochs[-1].metrics["loss"] for found in runs]
    assert losses[1] != pytest.approx(losses[0], rel=1e-5)
    assert losses[1] == pytest.approx(losses[0], rel=0.02)
    found, noise = runs[1], NOISE
    untouched = Evaluation(open_checkpoint(found.checkpoint).model)
    measured, _ = untouched.metrics(noise, split(noise, found.config).validation)
    assert measured["loss"] == found.history.epochs[-1].metrics["val_loss"]


def test_the_same_function_without_it_is_left_as_it_was(processor):
    """The option travels with a call, so two threads may call one function differently."""
    numbers = tf.constant(np.random.default_rng(1).normal(size=(64, 64)), tf.float32)
    product = tf.function(lambda x: tf.linalg.matmul(x, x)).get_concrete_function(numbers)
    expected = product(numbers).numpy()
    in_bfloat16(product)(numbers)
    np.testing.assert_array_equal(product(numbers), expected)
    assert not tf.config.optimizer.get_experimental_options().get(OPTION)
