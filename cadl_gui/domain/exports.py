"""What a trained network can be exported as, and the functions that it has."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cadl_gui.domain.errors import UserError
from cadl_gui.domain.model_config import ModelConfig

FormatName = Literal["savedmodel", "pb", "onnx"]


@dataclass(frozen=True)
class Format:
    """A kind of file that other programs load.

    Attributes:
        name: as the command line calls it.
        label: as the window calls it.
        suffix: of the file's name; "" where it is a folder.
        holds_all: whether it holds every function of a network, rather than one.
        help: one line that says what it is good for.
    """

    name: FormatName
    label: str
    suffix: str
    holds_all: bool
    help: str


FORMATS: dict[str, Format] = {
    made.name: made
    for made in (
        Format(
            "savedmodel",
            "SavedModel",
            "",
            True,
            "A folder for TensorFlow, with all functions. It does not open here again.",
        ),
        Format(
            "pb",
            "Frozen graph",
            ".pb",
            False,
            "One file for TensorFlow, weights as constants. It opens here again as a run.",
        ),
        Format(
            "onnx",
            "ONNX",
            ".onnx",
            False,
            "One file for onnxruntime and many other programs. It does not open here again.",
        ),
    )
}
"""By name, in the order in which they are offered."""


@dataclass(frozen=True)
class NetworkFunction:
    """Something that a network computes.

    Attributes:
        name: by which it is asked for, such as `classify`.
        takes: what it is given, and the name of its input in an export.
        gives: what it answers, and the name of its output in an export.
    """

    name: str
    takes: str
    gives: str


CLASSIFY = NetworkFunction("classify", "pictures", "probabilities")
RECONSTRUCT = NetworkFunction("reconstruct", "pictures", "reconstructions")
ENCODE = NetworkFunction("encode", "pictures", "codes")
DECODE = NetworkFunction("decode", "codes", "pictures")
FUNCTIONS = (CLASSIFY, RECONSTRUCT, ENCODE, DECODE)


def functions_of(config: ModelConfig) -> tuple[NetworkFunction, ...]:
    """What a network can be asked; the first is the one that is meant where none is named."""
    return (CLASSIFY,) if config.is_classifier else (RECONSTRUCT, ENCODE, DECODE)


def chosen_functions(
    config: ModelConfig, made: Format, name: str | None = None
) -> tuple[NetworkFunction, ...]:
    """The functions that an export holds.

    Args:
        config: of the network.
        made: the format of the export.
        name: of one function; None, or "", takes all where the format holds all, else the first.

    Raises:
        UserError: if the network has no such function.
    """
    functions = functions_of(config)
    if not name:
        return functions if made.holds_all else functions[:1]
    chosen = tuple(function for function in functions if function.name == name)
    if not chosen:
        what = "A classifier" if config.is_classifier else "An autoencoder"
        can = ", ".join(function.name for function in functions)
        raise UserError(f"{what} cannot {name}; its functions: {can}.")
    return chosen


@dataclass(frozen=True)
class ExportStage:
    """How far an export is.

    Attributes:
        n_done: stages that are over.
        n_stages: how many there are.
        text: what is being done now.
    """

    n_done: int
    n_stages: int
    text: str


@dataclass(frozen=True)
class Exported:
    """An export that is in its place, after it was loaded back and compared.

    Attributes:
        path: where it is.
        functions: names of the functions inside.
        loader: the library that loaded it back, with its version.
        n_compared: how many images (or latent vectors) its answers were compared on.
        largest_difference: between its answers and the network's own.
    """

    path: Path
    functions: tuple[str, ...]
    loader: str
    n_compared: int
    largest_difference: float

    def __str__(self) -> str:
        return (
            f"loaded back by {self.loader} and compared on {self.n_compared} images: "
            f"largest difference {self.largest_difference:.1e}"
        )
