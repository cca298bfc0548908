"""Measures a trained network on the test part of a dataset."""

from dataclasses import dataclass
from pathlib import Path

from cadl_gui.datasets.changed import what_changed
from cadl_gui.datasets.load import UnaskedDatasetError, load, load_if_asked_for
from cadl_gui.datasets.split import split
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.class_names import are_other_classes
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.run import FLATTERED, UNKNOWN_DATASET
from cadl_gui.training.evaluation import test_metrics
from cadl_gui.training.stored import open_network


@dataclass(frozen=True)
class Measured:
    """How well a network does.

    Attributes:
        metrics: on the test pictures, by name.
        notes: in plain words, what to keep in mind about them.
    """

    metrics: dict[str, float]
    notes: tuple[str, ...]


def measure(path: Path, dataset_name: str | None = None) -> Measured:
    """Test a checkpoint or a run's last epoch.

    Args:
        path: of the checkpoint or of the run folder.
        dataset_name: "mnist" or a path; by default MNIST, if the run was trained on it. The split is the
            run's own, so that its test part holds no picture that was trained on.

    Raises:
        CheckpointError: if the file cannot be read.
        DatasetError: if the dataset cannot be read, or its pictures are of another shape.
    """
    network, manifest = open_network(path)
    config = manifest.config
    dataset = load(dataset_name) if dataset_name else _own_dataset(config.data.dataset)
    if dataset.picture_shape != manifest.picture_shape:
        shapes = ["×".join(map(str, shape)) for shape in (dataset.picture_shape, manifest.picture_shape)]
        raise DatasetError(f"Pictures of {dataset.name} are {shapes[0]}; “{path}” expects {shapes[1]}.")
    if config.model.is_classifier and not 0 < dataset.n_labels <= manifest.n_labels:
        raise DatasetError(f"“{path}” tells {manifest.n_labels} labels apart; {dataset.name} has others.")
    if config.model.is_classifier and are_other_classes(dataset.class_names, manifest.class_names):
        raise DatasetError(
            f"“{path}” tells {', '.join(manifest.class_names[:3])}… apart; the classes of {dataset.name} are "
            f"{', '.join(dataset.class_names[:3])}…"
        )
    note = FLATTERED if manifest.dataset_fingerprint == UNKNOWN_DATASET else ""
    if dataset_name in {None, config.data.dataset}:
        note = note or what_changed(dataset, config.data, manifest.dataset_fingerprint)
    metrics = test_metrics(network, dataset, split(dataset, config))
    return Measured(metrics, (note,) if note else ())


def _own_dataset(name: str) -> ImageStore:
    try:
        return load_if_asked_for(name)
    except UnaskedDatasetError as error:
        raise DatasetError(f"{error} If you trust it: --dataset “{name:.200}”.") from error
