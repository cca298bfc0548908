"""Trains as one of several workers, for the chief, which alone evaluates and records."""

import contextlib
from collections.abc import Callable, Mapping
from typing import Any

import tensorflow as tf

from cadl_gui.datasets.changed import with_labelled
from cadl_gui.datasets.load import load
from cadl_gui.datasets.split import split
from cadl_gui.domain.data_config import PATH_FIELDS
from cadl_gui.domain.errors import DatasetError
from cadl_gui.training.stepper import Stepper
from cadl_gui.training.team.helper import Helper
from cadl_gui.training.team.spread import shared_network
from cadl_gui.training.training_images import training_images


def help_to_train(
    helper: Helper,
    asked: Mapping[str, Any],
    prepare: Callable[[str], None],
    stop_asked: Callable[[], bool],
    *,
    deterministic: bool = False,
) -> None:
    """Train with the chief until it says that the training is over.

    Args:
        asked: field values of this worker's command line; of these, the paths take precedence over the
            chief's.
        prepare: called with the dataset before it is loaded.

    Raises:
        CadlError: if the dataset is not the chief's, or the training ends in another way.
    """
    if deterministic:
        tf.config.experimental.enable_op_determinism()
    task = helper.task()
    config = task.config.replace(**{name: asked[name] for name in PATH_FIELDS if name in asked})
    prepare(config.data.dataset)
    dataset = with_labelled(load(config.data.dataset), config.data)
    if dataset.fingerprint != task.fingerprint:
        raise DatasetError(
            f"“{config.data.dataset}” of {helper.name} is not what the chief trains on ({task.dataset})."
        )
    parts = split(dataset, config)
    images = training_images(dataset, parts, config)
    strategy = helper.begin()
    with helper.guarding():
        compiled = shared_network(config, dataset.image_shape, dataset.n_classes, strategy)
    with contextlib.closing(Stepper(compiled, config.training, images, helper)) as stepper:
        for call in helper.calls(stop_asked):
            stepper.take(call)
