"""Networks are built completely, saved as ordinary `.keras` files, and refused if they are invalid."""

import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.models import build

pytestmark = [
    pytest.mark.slow,
    pytest.mark.tf,
    # Keras 3.15 saves variables through an `__array__` that NumPy 2 warns about.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]


DENSE = RunConfig.of(preset="test", layers=(6, 4), use_bias=True)
CONVOLUTIONAL = DENSE.replace(
    convolutional=True, layers=(5, 3), kernel_sizes=(4, 3), strides=(2, 1), output_activation="sigmoid"
)


def train_a_step(model, images):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(model.compute_metrics(images, None, tf.constant([1, 0]), training=True)["loss"])
    variables = model.trainable_variables
    model.optimizer.apply(tape.gradient(loss, variables), variables)


@pytest.mark.parametrize("config", [DENSE, CONVOLUTIONAL])
def test_a_saved_network_continues_exactly(config, tmp_path):
    """Weights, mean image and Adam's state are restored: the next step is the same, bit for bit."""
    images = np.random.default_rng(1).random((8, 5, 7, 2), np.float32)
    model = build(config, (5, 7, 2), 0)
    model.mean_subtraction.mean.assign(images.mean(axis=0))
    train_a_step(model, images)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert (loaded.config, loaded.training_config) == (config.model, config.training)
    assert loaded.image_shape == (5, 7, 2)
    np.testing.assert_array_equal(loaded(images), model(images))
    train_a_step(model, images)
    train_a_step(loaded, images)
    for mine, theirs in zip(model.variables, loaded.variables, strict=True):
        np.testing.assert_array_equal(mine.value, theirs.value)


def test_a_file_opens_in_a_fresh_process_after_importing_the_models(tmp_path):
    build(CONVOLUTIONAL, (5, 7, 2), 0).save(tmp_path / "model.keras")
    program = (
        "import sys, keras, cadl_gui.models\n"
        "model = keras.saving.load_model(sys.argv[1])\n"
        "print(model.latent_dim, len(model.optimizer.variables))"
    )
    finished = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "model.keras")],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    assert finished.stdout.split()[0] == str(3 * 4 * 3)


def test_the_optimiser_is_the_lectures_and_has_its_variables():
    """TensorFlow 1's Adam: epsilon 1e-8; two moments for each kernel, iterations and learning rate."""
    model = build(DENSE.replace(learning_rate=0.25), (5, 7, 2), 0)
    assert model.optimizer.epsilon == 1e-8
    assert float(model.optimizer.learning_rate) == 0.25
    assert len(model.optimizer.variables) == 2 + 2 * len(model.trainable_variables)


def test_too_many_weights_are_refused_with_their_number():
    wide = RunConfig.of(preset="test", layers=(8192, 8192, 8192, 8192))
    with pytest.raises(ConfigurationError, match=r"have 207,7\d\d,\d\d\d weights") as refused:
        build(wide, (28, 28, 1), 0)
    assert refused.value.field == "layers"


def test_a_batch_beyond_memory_is_refused_with_its_size():
    hungry = CONVOLUTIONAL.replace(layers=(1024, 8), strides=(1, 1), batch_size=10_000)
    with pytest.raises(ConfigurationError, match="GB") as refused:
        build(hungry, (28, 28, 1), 0)
    assert refused.value.field == "batch_size"
