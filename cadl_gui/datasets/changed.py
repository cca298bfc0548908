"""The images that a run was trained on, and whether they have changed since."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cadl_gui.datasets.load import absolute_dataset
from cadl_gui.datasets.sources.arrays import read_examples
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.data_config import PATH_FIELDS, DataConfig
from cadl_gui.domain.run import UNKNOWN_DATASET
from cadl_gui.system.words import _


def absolute_paths(values: Mapping[str, Any]) -> dict[str, Any]:
    """Make the paths of dataset and labelled examples absolute, so that both are found from any folder.

    Args:
        values: values of configuration fields, by field; others stay as they are.
    """
    absolute = dict(values)
    for name in PATH_FIELDS:
        if values.get(name):
            absolute[name] = absolute_dataset(values[name])
    return absolute


def with_labelled(dataset: ImageStore, config: DataConfig) -> ImageStore:
    """Add the labelled examples that the configuration names to a dataset.

    Raises:
        DatasetError: if the examples cannot be read, or do not match the dataset.
    """
    if not config.labelled_examples:
        return dataset
    return dataset.with_labelled(read_examples(Path(config.labelled_examples).expanduser()))


def what_changed(dataset: ImageStore, config: DataConfig, fingerprint: str) -> str:
    """Return a sentence if a dataset has changed since a run was trained on it; "" if not, or unknown.

    It is always unknown for a run with labelled examples, because their file is not opened unless the user
    requests it.

    Args:
        dataset: the dataset that the configuration names, in its current state, without labelled examples.
        config: dataset configuration of the run.
        fingerprint: fingerprint of the dataset that the run was trained on, or `UNKNOWN_DATASET`.
    """
    if config.labelled_examples or fingerprint in {UNKNOWN_DATASET, dataset.fingerprint}:
        return ""
    return _(
        "“{dataset}” is no longer what this run was trained on: "
        "it may have learned from the images that it is tested with."
    ).format(dataset=config.dataset)
