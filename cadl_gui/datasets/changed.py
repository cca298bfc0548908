"""All that a run learned from, and whether it still is what it was."""

from pathlib import Path

from cadl_gui.core.configuration import Configuration
from cadl_gui.core.errors import DatasetError
from cadl_gui.core.run import UNKNOWN_DATASET
from cadl_gui.datasets.dataset import Dataset
from cadl_gui.datasets.examples_file import read_examples


def with_taught(dataset: Dataset, configuration: Configuration) -> Dataset:
    """A dataset with what was taught beside it.

    Raises:
        DatasetError: if that cannot be read, or does not fit.
    """
    if not configuration.taught:
        return dataset
    return dataset.with_taught(read_examples(Path(configuration.taught).expanduser()))


def what_changed(dataset: Dataset, configuration: Configuration, fingerprint: str) -> str:
    """Say that a run was trained on something else than is there now; "" if it was not, or nobody knows.

    Args:
        dataset: what the configuration names, as it is now, without what was taught.
        configuration: of the run.
        fingerprint: of what it was trained on, or `UNKNOWN_DATASET`.
    """
    if fingerprint == UNKNOWN_DATASET:
        return ""
    try:
        learned_from = with_taught(dataset, configuration)
    except DatasetError:  # the dataset itself may still be the same, and it alone is tested with
        return ""
    if learned_from.fingerprint == fingerprint:
        return ""
    sources = " with ".join(f"“{name}”" for name in (configuration.dataset, configuration.taught) if name)
    return f"{sources} is no longer what this run was trained on."
