"""Why the network shown cannot reinterpret a dataset, if it cannot, and how it could."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from cadl_gui.domain.dataset_description import DatasetDescription
from cadl_gui.domain.exports import RECONSTRUCT
from cadl_gui.domain.images import ImageShape, shape_text
from cadl_gui.domain.preparing_options import dataset_text, split_dataset_text
from cadl_gui.engine.run import Run
from cadl_gui.system.words import _
from cadl_gui.ui.run_text import display_name

_NO_DATASET = _("Open a dataset first.")
_NONE_OPEN = _(
    "No run is open. Train an autoencoder, or open one: its network makes something of these images."
)
_NONE_TAKES_THEM = _("No open autoencoder takes these images: train one.")
_NO_RUN = _("Choose a run in the list of runs: its network makes something of these images.")


class Obstacle(NamedTuple):
    """What prevents a reinterpretation.

    Attributes:
        message: says so, and what to do; "" if nothing does.
        shape: the image shape that the dataset can be prepared with, so that it works; None if it cannot.
    """

    message: str
    shape: ImageShape | None = None


def obstacle(run: Run | None, about: DatasetDescription | None, runs: Iterable[Run]) -> Obstacle:
    """Return what prevents a run's network from reconstructing a dataset's images.

    Args:
        run: the run shown, if there is one.
        runs: all open runs, of which one is suggested that could.
    """
    if about is None:
        return Obstacle(_NO_DATASET)
    runs = tuple(runs)
    if run is None:
        return Obstacle(_NO_RUN if runs else _NONE_OPEN)
    name, shape = display_name(run), run.description.image_shape
    fitting = next((each for each in runs if _makes_images(each) and _takes(each, about)), None)
    instead = (
        _("Choose {run}, which takes them.").format(run=display_name(fitting))
        if fitting
        else _NONE_TAKES_THEM
    )
    if not _makes_images(run):
        does_not = _("does not") if run.description.graph else _("is a classifier: it does not")
        instead = (
            _("Choose an autoencoder, such as {run}.").format(run=display_name(fitting))
            if fitting
            else _NONE_TAKES_THEM
        )
        return Obstacle(
            _("{name} {does_not} reconstruct images. {instead}").format(
                name=name, does_not=does_not, instead=instead
            )
        )
    if _takes(run, about):
        return Obstacle("")
    height, width, channels = shape
    can_fit = about.can_be_prepared and height == width and channels in {1, 3}
    what = _("Prepare them for it, or choose another run.") if can_fit else instead
    return Obstacle(
        _("{name} takes images of {taken}; these are {own}. {what}").format(
            name=name, taken=shape_text(shape), own=shape_text(about.image_shape), what=what
        ),
        shape if can_fit else None,
    )


def _makes_images(run: Run) -> bool:
    graph = run.description.graph
    if graph is not None:
        return graph.about == RECONSTRUCT
    return not run.description.config.model.is_classifier


def _takes(run: Run, about: DatasetDescription) -> bool:
    return run.description.image_shape == about.image_shape


def prepared_for(dataset: str, shape: ImageShape) -> str:
    """Name a dataset with the options that give its images a shape."""
    path, options = split_dataset_text(dataset)
    return dataset_text(path, replace(options, size=shape[0], grey=shape[2] == 1))
