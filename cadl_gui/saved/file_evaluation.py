"""Evaluates a saved network on the test part of a dataset."""

from dataclasses import dataclass
from pathlib import Path

from cadl_gui.datasets.changed import what_changed
from cadl_gui.datasets.load import absolute_dataset, load, load_if_asked_for
from cadl_gui.datasets.split import split
from cadl_gui.domain.class_names import are_other_classes
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.run import OVERLAP_NOTE, UNKNOWN_DATASET
from cadl_gui.saved.opened import open_path
from cadl_gui.system.words import _
from cadl_gui.training.evaluation import metrics_on_test


@dataclass(frozen=True)
class FileEvaluation:
    """Test metrics of a saved network.

    Attributes:
        metrics: metrics on the test images, by name.
        notes: caveats about the metrics, as sentences for the user.
    """

    metrics: dict[str, float]
    notes: tuple[str, ...]


def evaluate_file(path: Path, dataset_name: str | None = None, epoch: int | None = None) -> FileEvaluation:
    """Evaluate a checkpoint or an epoch of a run.

    Args:
        dataset_name: "mnist" or a path; by default the run's dataset, if it ships with the program or the
            user has named it. The split is the run's, so that its test part contains no training images.
        epoch: recorded epoch to evaluate; the last by default.

    Raises:
        CheckpointError: if the file cannot be read.
        DatasetError: if the dataset cannot be read, its images have another shape, or it has other classes.
        UserError: if it does not hold that epoch.
    """
    opened = open_path(path, epoch)
    network, manifest, config = opened.network(), opened.manifest, opened.manifest.config
    dataset = load(dataset_name) if dataset_name else load_if_asked_for(config.data.dataset)
    if dataset.image_shape != manifest.image_shape:
        shapes = ["×".join(map(str, shape)) for shape in (dataset.image_shape, manifest.image_shape)]
        raise DatasetError(
            _("Images of {name} are {shape}; “{path}” expects {expected}.").format(
                name=dataset.name, shape=shapes[0], path=path, expected=shapes[1]
            )
        )
    if config.model.is_classifier and not 0 < dataset.n_classes <= manifest.n_classes:
        raise DatasetError(
            _("“{path}” distinguishes {n_classes} classes; {name} has others.").format(
                path=path, n_classes=manifest.n_classes, name=dataset.name
            )
        )
    if config.model.is_classifier and are_other_classes(dataset.class_names, manifest.class_names):
        raise DatasetError(
            _("“{path}” distinguishes {classes}…; the classes of {name} are {others}…").format(
                path=path,
                classes=", ".join(manifest.class_names[:3]),
                name=dataset.name,
                others=", ".join(dataset.class_names[:3]),
            )
        )
    note = OVERLAP_NOTE if manifest.dataset_fingerprint == UNKNOWN_DATASET else ""
    own = absolute_dataset(config.data.dataset)
    if dataset_name is None or absolute_dataset(dataset_name) == own:
        note = note or what_changed(dataset, config.data, manifest.dataset_fingerprint)
    # However few images there are: none is trained with, and the parts do not depend on the size of a batch.
    metrics = metrics_on_test(network, dataset, split(dataset, config.replace(batch_size=1)))
    return FileEvaluation(metrics, (note,) if note else ())
