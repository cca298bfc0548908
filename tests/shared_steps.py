"""Trains networks for a few steps as one of several workers, and prints their losses.

    python tests/shared_steps.py INDEX N_STEPS NETWORKS.json ADDRESS …

NETWORKS.json: a list of configurations as `RunConfig.to_json` gives them; the images of the preset “noise”
are noise. Without addresses, the steps are those of a single process; with `devices` instead, those of two
devices of it; with `nudged`, those of one whose first weights differ in the last bit. Printed: a line of JSON
with the losses of each network, the seconds per step after the first half, and the bytes of its trained
variables.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
from stores import store

from cadl_gui.datasets.load import load
from cadl_gui.datasets.split import split
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.workers import Workers
from cadl_gui.training.sharing import Alone, Call
from cadl_gui.training.stepper import Stepper
from cadl_gui.training.team.several import connected
from cadl_gui.training.team.spread import spread
from cadl_gui.training.train_state import initial_state
from cadl_gui.training.training_images import training_images

NOISE = "noise"
"""Preset of configurations for the images of `noise`."""

DENSE = RunConfig.of(preset=NOISE, layers=(20,), latent_dim=4, batch_size=20, initial_stddev=0.2)
"""A network for those images."""

NUDGE = 2.0**-23
"""The smallest relative change of float32."""


class Place(NamedTuple):
    """What a `Stepper` knows of the workers."""

    n_workers: int
    index: int


def noise():
    """400 labelled images of 12 × 12."""
    random = np.random.default_rng(3)
    images = (random.random((500, 12, 12, 1)) ** 2 * 255).astype(np.uint8)
    labels = random.integers(0, 10, 500)
    return store("Noise", images, labels, n_test=100)


def losses(config, team, strategy, n_steps, nudge=0.0):
    """Train from the beginning for some steps; `nudge` changes the first weights by that share."""
    dataset = noise() if config.preset == NOISE else load(config.data.dataset)
    parts = split(dataset, config)
    start = initial_state(config, dataset, parts)
    compiled = (start if strategy.num_replicas_in_sync == 1 else spread(start, strategy)).compiled
    for variable in compiled.network.trainable_variables if nudge else ():
        variable.assign(variable.value * (1.0 + nudge))
    stepper = Stepper(compiled, config.training, training_images(dataset, parts, config), team)
    rate, per_epoch = config.training.learning_rate, len(parts.train) // config.training.batch_size
    taken, times = [], []
    while len(taken) < n_steps:
        epoch, step = divmod(len(taken), per_epoch)
        n = min(10, n_steps - len(taken), per_epoch - step)
        began = time.monotonic()
        found = stepper.take(Call(epoch, step, n, rate))[:, 0]
        times += [(time.monotonic() - began) / len(found)] * len(found)
        taken += found.tolist()
    stepper.close()
    n_bytes = sum(4 * int(np.prod(v.shape)) for v in compiled.network.trainable_variables)
    return {"losses": taken, "seconds": float(np.median(times[n_steps // 2 :])), "bytes": n_bytes}


def main(index, n_steps, networks, *addresses):
    """Print the losses of each network."""
    configs = [RunConfig.from_json(values) for values in json.loads(Path(networks).read_text())]
    team, strategy, nudge = Alone(), tf.distribute.get_strategy(), 0.0
    if addresses == ("devices",):
        (cpu,) = tf.config.list_physical_devices("CPU")
        tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
        strategy = Alone(["CPU:0", "CPU:1"]).meet(configs[0], noise())
    elif addresses == ("nudged",):
        nudge = NUDGE
    elif addresses:
        strategy, _ = connected(Workers(addresses, int(index)))
        team = Place(len(addresses), int(index))
    for config in configs:
        sys.stdout.write(json.dumps(losses(config, team, strategy, int(n_steps), nudge)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
