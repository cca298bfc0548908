"""The log of a run, which TensorBoard shows."""

import math
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.split import split
from cadl_gui.domain.errors import CadlError, DatasetError, UserError
from cadl_gui.domain.history import EpochRecord, History
from cadl_gui.domain.images import to_uint8
from cadl_gui.domain.requests import Reconstruct
from cadl_gui.domain.run import RunDescription
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.imaging.weights.colour_map import usual_colour_map
from cadl_gui.imaging.weights.layer_weights import MEAN_PATH
from cadl_gui.inference.stateless_network import StatelessNetwork
from cadl_gui.interop.tensorboard.event_files import EventWriter, holds_log
from cadl_gui.interop.tensorboard.graph import named_by_layers
from cadl_gui.interop.tensorboard.pictures import confusion_picture, examples_picture, weight_pictures
from cadl_gui.interop.tensorboard.projector import Projector
from cadl_gui.interop.tensorboard.summaries import Summarised, histogram, image, scalar
from cadl_gui.system.words import _
from cadl_gui.training.examples import unchanged_dataset

BATCHES_OF_EPOCH = 100
"""Batches of each epoch whose metrics are written, evenly spaced; TensorBoard draws a thousand in all."""

_CONFUSION = "Rows are true classes, columns predictions: {}. The darker, the larger a share of its row."


class TensorBoardLog:
    """The log of one run. As TensorFlow does, it continues a log in a further event file of the folder.

    Steps of what belongs to an epoch are epochs, steps of `batch/…` are batches since the start of the run.

    Args:
        folder: folder of the log; it is created with the first summary.
        about: description of the run.

    Attributes:
        is_continued: whether the folder holds the beginning of the log.

    Raises:
        UserError: if there is something else in the folder.
        OSError: if it cannot be read or created.
        tensorflow.errors.OpError: if it cannot be written to; so do the methods.
    """

    def __init__(self, folder: Path, about: RunDescription) -> None:
        self.is_continued = holds_log(folder)
        if not self.is_continued and folder.exists() and any(folder.iterdir()):
            raise UserError(
                _("“{folder}” is not empty, and holds no log: choose a new folder.").format(folder=folder)
            )
        self._folder = folder
        self._about = about
        self._events = EventWriter(folder)
        config = about.config.model
        self._network = StatelessNetwork(config, about.image_shape, about.n_classes)
        self._projector: Projector | None = None
        self._lacks_what_stays = not self.is_continued

    def add_metrics(self, history: History, epoch: int) -> None:
        """Add the metrics of an epoch and of its batches.

        Args:
            epoch: a completed epoch.
        """
        for record in history.epochs:
            if record.epoch == epoch:
                values = _measured(record, history)
                self._events.write(epoch, [scalar(tag, value) for tag, value in values.items()])
        per_epoch, taken = history.steps_per_epoch, history.step_metrics
        every = math.ceil(per_epoch / BATCHES_OF_EPOCH)
        first, end = (epoch - 1) * per_epoch, min(epoch * per_epoch, history.n_steps)
        for step in range(max(first, 0) + 1, end + 1):
            if step % every == 0:
                values = {f"batch/{name}": float(losses[step - 1]) for name, losses in taken.items()}
                self._events.write(step, [scalar(tag, value) for tag, value in values.items()])

    def add_snapshot(self, snapshot: Snapshot) -> None:
        """Add images, histograms and latent vectors of the end of an epoch."""
        if self._lacks_what_stays:
            self._add_what_stays(snapshot)
            self._lacks_what_stays = False
        epoch = snapshot.position.epoch
        self._events.write(epoch, [*self._pictures(snapshot), *_histograms(snapshot)])
        if snapshot.artifacts is not None and snapshot.artifacts.latents is not None:
            latents = snapshot.artifacts.latents
            if self._projector is None:
                images = _test_images(self._about, len(latents))
                self._projector = Projector(self._folder, self._about.class_names, images)
            self._projector.write(f"latents of epoch {epoch}", latents, snapshot.artifacts.labels)

    def flush(self) -> None:
        """Write to disk what is queued."""
        self._events.flush()

    def close(self) -> None:
        """Flush and close the log."""
        self._events.close()

    def _add_what_stays(self, snapshot: Snapshot) -> None:
        """Add the graph and the input, which are the same in all epochs."""
        scopes = {part for path in snapshot.weights for part in path.split("/")[:-1]}
        self._events.write_graph(named_by_layers(self._network.graph(), scopes, snapshot.weights))
        examples = self._about.examples
        if examples is not None:
            self._events.write(0, [image("examples/input", examples_picture(to_uint8(examples)))])

    def _pictures(self, snapshot: Snapshot) -> list[Summarised]:
        config, examples = self._about.config, self._about.examples
        made = []
        if examples is not None and not config.model.is_classifier:
            with suppress(CadlError):  # diverged weights answer with something that is no image
                seen = self._network.respond(snapshot.weights, Reconstruct("", None, examples))
                made.append(image("examples/reconstruction", examples_picture(to_uint8(seen))))
        colours = usual_colour_map(config.preset)
        for layer, pixels, about in weight_pictures(self._about.spec, snapshot.weights, colours):
            made.append(image(f"weights/{layer}", pixels, about))
        if snapshot.artifacts is not None and snapshot.artifacts.confusion is not None:
            about = _CONFUSION.format(", ".join(self._about.class_names))
            made.append(image("confusion", confusion_picture(snapshot.artifacts.confusion), about))
        return made


def _measured(record: EpochRecord, history: History) -> dict[str, float]:
    """The numbers of an epoch by tag."""
    values = dict(record.metrics)
    if record.epoch > 0:
        values["images_per_second"] = record.images_per_second
        last = record.epoch * history.steps_per_epoch - 1
        rates = [rate for step, rate in history.learning_rates if step <= last]
        values |= {"learning_rate": rates[-1]} if rates else {}
    return {f"epoch/{name}": value for name, value in values.items()}


def _histograms(snapshot: Snapshot) -> list[Summarised]:
    return [histogram(path, values) for path, values in snapshot.weights.items() if path != MEAN_PATH]


def _test_images(about: RunDescription, n: int) -> NDArray[np.uint8] | None:
    """The first test images, whose latent vectors are recorded; None if they are not at hand."""
    dataset = unchanged_dataset(about)
    if dataset is None:
        return None
    try:
        which = split(dataset, about.config).test[:n]
    except DatasetError:
        return None
    return dataset.images[which] if len(which) == n else None
