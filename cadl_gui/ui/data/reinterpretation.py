"""Why the network shown cannot reinterpret a dataset, if it cannot, and how it could."""

from dataclasses import replace
from typing import NamedTuple

from cadl_gui.domain.dataset_description import DatasetDescription
from cadl_gui.domain.exports import RECONSTRUCT
from cadl_gui.domain.images import ImageShape, shape_text
from cadl_gui.domain.preparing_options import dataset_text, split_dataset_text
from cadl_gui.engine.run import Run
from cadl_gui.ui.run_text import display_name

_NO_DATASET = "Open a dataset first."
_NO_RUN = "Choose a run in the list of runs: its network makes something of these images."


class Obstacle(NamedTuple):
    """What prevents a reinterpretation.

    Attributes:
        message: says so, and what to do; "" if nothing does.
        shape: the image shape that the dataset can be prepared with, so that it works; None if it cannot.
    """

    message: str
    shape: ImageShape | None = None


def obstacle(run: Run | None, about: DatasetDescription | None) -> Obstacle:
    """Return what prevents a run's network from reconstructing a dataset's images."""
    if about is None:
        return Obstacle(_NO_DATASET)
    if run is None:
        return Obstacle(_NO_RUN)
    described, name = run.description, display_name(run)
    if described.graph is not None and described.graph.about != RECONSTRUCT:
        return Obstacle(f"{name} makes no images of images. Choose an autoencoder in the list of runs.")
    if described.graph is None and described.config.model.is_classifier:
        return Obstacle(
            f"{name} is a classifier: it makes no images. Choose an autoencoder in the list of runs."
        )
    shape = described.image_shape
    if shape == about.image_shape:
        return Obstacle("")
    height, width, channels = shape
    can_fit = about.can_be_prepared and height == width and channels in {1, 3}
    what = "Prepare them for it, or choose another run." if can_fit else "Choose a run that takes them."
    return Obstacle(
        f"{name} takes images of {shape_text(shape)}; these are {shape_text(about.image_shape)}. {what}",
        shape if can_fit else None,
    )


def prepared_for(dataset: str, shape: ImageShape) -> str:
    """Name a dataset with the options that give its images a shape."""
    path, options = split_dataset_text(dataset)
    return dataset_text(path, replace(options, size=shape[0], grey=shape[2] == 1))
