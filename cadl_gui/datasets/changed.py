"""All that a run learned from, and whether it still is what it was."""

from pathlib import Path

from cadl_gui.datasets.sources.arrays import read_examples
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.data_config import DataConfig
from cadl_gui.domain.run import UNKNOWN_DATASET


def with_labelled(dataset: ImageStore, config: DataConfig) -> ImageStore:
    """A dataset with the labelled examples beside it.

    Raises:
        DatasetError: if that cannot be read, or does not fit.
    """
    if not config.labelled_examples:
        return dataset
    return dataset.with_labelled(read_examples(Path(config.labelled_examples).expanduser()))


def what_changed(dataset: ImageStore, config: DataConfig, fingerprint: str) -> str:
    """Say that a run was trained on other images than are there now; "" if it was not, or nobody can tell.

    Of a run that was taught something nobody can: the file of that is not looked up unasked.

    Args:
        dataset: what the configuration names, as it is now, without the labelled examples.
        config: of the run.
        fingerprint: of what it was trained on, or `UNKNOWN_DATASET`.
    """
    if config.labelled_examples or fingerprint in {UNKNOWN_DATASET, dataset.fingerprint}:
        return ""
    return (
        f"“{config.dataset}” is no longer what this run was trained on: "
        "it may have learned from the images that it is tested with."
    )
