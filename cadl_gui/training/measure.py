"""Measures a checkpoint on the test part of a dataset."""

from pathlib import Path

from cadl_gui.core.errors import DatasetError
from cadl_gui.datasets.load import load
from cadl_gui.datasets.split import split
from cadl_gui.runs.checkpoint import open_checkpoint
from cadl_gui.training.evaluation import test_metrics


def measure_checkpoint(path: Path, dataset_name: str | None = None) -> dict[str, float]:
    """Test metrics of a checkpoint, by name.

    Args:
        path: of the checkpoint.
        dataset_name: "mnist" or a path; by default what the run was trained on. The split is the run's own,
            so that its test part holds no picture that was trained on.

    Raises:
        CheckpointError: if the checkpoint cannot be read.
        DatasetError: if the dataset cannot be read, or its pictures are of another shape.
    """
    checkpoint = open_checkpoint(path)
    configuration = checkpoint.configuration
    dataset = load(dataset_name or configuration.dataset)
    if dataset.picture_shape != checkpoint.picture_shape:
        shapes = ["×".join(map(str, shape)) for shape in (dataset.picture_shape, checkpoint.picture_shape)]
        raise DatasetError(f"Pictures of {dataset.name} are {shapes[0]}; “{path}” expects {shapes[1]}.")
    parts = split(dataset, configuration)
    return test_metrics(checkpoint.model, dataset, parts)
