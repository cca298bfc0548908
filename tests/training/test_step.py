"""A step has the same result on one device and on several that share the batch."""

import subprocess
import sys

import pytest

pytestmark = [pytest.mark.tf, pytest.mark.slow]

BY_REPLICAS = """
import numpy as np
import tensorflow as tf

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.models import build
from cadl_gui.training.step import Batch, train_step

(cpu,) = tf.config.list_physical_devices("CPU")
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
random = np.random.default_rng(1)
images = random.integers(0, 256, (3, 8, 4, 4, 1), np.uint8)
labels = random.integers(0, 3, (3, 8))
two_devices = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])


def batch(step, share):
    key = tf.constant([1, step])
    return Batch(tf.constant(images[step, share]), tf.constant(labels[step, share]), key, tf.constant(0.1))


def trained(config, strategy, shares):
    with strategy.scope():
        network = build(config, (4, 4, 1), 3)

    @tf.function
    def step(batch):
        return strategy.run(train_step, (network, batch))

    for i in range(3):
        step(strategy.experimental_distribute_values_from_function(
            lambda context: batch(i, shares[context.replica_id_in_sync_group])
        ))
    return [variable.value.numpy() for variable in (*network.variables, *network.optimizer.variables)]


for config in (
    RunConfig.of(preset="test", layers=(3,), batch_size=8),
    RunConfig.of(preset="test", layers=(3,), batch_size=8, weight_decay=0.1),
    RunConfig.of(preset="test", layers=(3,), batch_size=8, model="classifier"),
):
    one = trained(config, tf.distribute.get_strategy(), [slice(None)])
    two = trained(config, two_devices, [slice(4), slice(4, None)])
    for by_one, by_two in zip(one, two, strict=True):  # moments too: Adam hardly minds a scale
        np.testing.assert_allclose(by_two, by_one, rtol=1e-3, atol=2e-4 * np.abs(by_one).max())
print("the same")
"""


def test_two_devices_that_share_a_batch_take_the_step_of_one():
    """In a separate process, since TensorFlow can only divide its devices before it starts."""
    done = subprocess.run(
        [sys.executable, "-c", BY_REPLICAS], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout.endswith("the same\n"), done.stderr
