"""Export formats and the functions of a trained network."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.formatting import count_text
from cadl_gui.domain.requests import Classify, Decode, Encode, NetworkRequest, Reconstruct
from cadl_gui.system.words import _

FormatName = Literal["savedmodel", "pb", "onnx", "html", "tensorboard"]


@dataclass(frozen=True)
class Format:
    """An export format that other programs can load.

    Attributes:
        name: name on the command line.
        label: name in the window.
        suffix: file name suffix; "" if the export is a folder.
        holds_all: whether an export holds every function of a network, rather than one.
        help: one-line description.
    """

    name: FormatName
    label: str
    suffix: str
    holds_all: bool
    help: str


FORMATS: dict[str, Format] = {
    export_format.name: export_format
    for export_format in (
        Format(
            "savedmodel",
            "SavedModel",
            "",
            True,
            _("A folder for TensorFlow, with all functions. CADL cannot reopen it."),
        ),
        Format(
            "pb",
            _("Frozen graph"),
            ".pb",
            False,
            _("One file for TensorFlow, weights as constants. CADL can reopen it as a run."),
        ),
        Format(
            "onnx",
            "ONNX",
            ".onnx",
            False,
            _("One file for onnxruntime and many other programs. CADL cannot reopen it."),
        ),
    )
}
"""Formats of a network by name, in the order of the menu."""

WEB_PAGE = Format(
    "html",
    _("Web page"),
    ".html",
    True,
    _("One file for any browser, also offline: draw, and its networks answer. CADL cannot reopen it."),
)
"""The format of a page, which can have several networks."""

IF_NOT_FOUND = _(
    "If a phone does not find it, the Wi-Fi keeps its devices apart, as guest networks do: choose another "
    "network, or put the file on your school's server."
)
"""Said where a page is shared in a room."""

TENSORBOARD = Format(
    "tensorboard",
    "TensorBoard",
    "",
    True,
    _("A folder for TensorBoard: curves, images, histograms and the graph of all recorded epochs."),
)
"""The format of a log, which has no functions but the history of a run."""

EXPORTS: dict[str, Format] = {**FORMATS, WEB_PAGE.name: WEB_PAGE, TENSORBOARD.name: TENSORBOARD}
"""Everything that a run can be exported as, by name, in the order of the menu."""


@dataclass(frozen=True)
class NetworkFunction:
    """A function that a network computes.

    Attributes:
        name: name of the function, such as `classify`.
        takes: kind of input, and the name of the input in an export and in `request`.
        gives: kind of output, and the name of the output in an export.
        request: class of the requests that it answers in the program.
    """

    name: str
    takes: str
    gives: str
    request: Callable[..., NetworkRequest[NDArray[np.float32]]]


CLASSIFY = NetworkFunction("classify", "images", "probabilities", Classify)
RECONSTRUCT = NetworkFunction("reconstruct", "images", "reconstructions", Reconstruct)
ENCODE = NetworkFunction("encode", "images", "latents", Encode)
DECODE = NetworkFunction("decode", "latents", "images", Decode)
FUNCTIONS = (CLASSIFY, RECONSTRUCT, ENCODE, DECODE)


@dataclass(frozen=True)
class ExportStage:
    """Progress of an export.

    Attributes:
        n_done: number of completed stages.
        n_stages: total number of stages.
        text: description of the current stage.
    """

    n_done: int
    n_stages: int
    text: str


@dataclass(frozen=True)
class Exported:
    """A completed export, which was loaded back and compared with the network.

    Attributes:
        path: path of the exported file or folder.
        functions: names of the exported functions.
        loader: library that loaded the export back, with its version.
        n_compared: number of images (or latent vectors) that the outputs were compared on.
        largest_difference: largest difference between the outputs of the export and of the network.
    """

    path: Path
    functions: tuple[str, ...]
    loader: str
    n_compared: int
    largest_difference: float

    def __str__(self) -> str:
        return _(
            "loaded back by {loader} and compared on {n_compared} images: "
            "largest difference {largest_difference:.1e}"
        ).format(loader=self.loader, n_compared=self.n_compared, largest_difference=self.largest_difference)


@dataclass(frozen=True)
class ExportedLog:
    """A completed TensorBoard log.

    Attributes:
        path: folder of the log.
        epochs: epochs whose images, weights and latent vectors are in it; the curves have all epochs.
    """

    path: Path
    epochs: tuple[int, ...]

    def __str__(self) -> str:
        return _('{epochs}: tensorboard --logdir "{path}" shows them').format(
            epochs=count_text(len(self.epochs), "epoch"), path=self.path
        )
