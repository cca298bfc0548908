"""Writes networks as one HTML file that computes their answers itself, from the files in `resources/web`.

A browser opens it from a disk: it requests nothing, and may not, by its own Content-Security-Policy. Scripts
and styles have to match their hashes, so no name in the page can run as one.
"""

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Template
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui import __version__
from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.domain.page_lesson import PageLesson
from cadl_gui.domain.position import Position
from cadl_gui.domain.run import RunDescription
from cadl_gui.domain.snapshot import Snapshot, Weights
from cadl_gui.imaging.weights.colour_map import colour_map, usual_colour_map
from cadl_gui.imaging.weights.layer_weights import LayerWeights, layer_weights
from cadl_gui.imaging.weights.weight_images import weight_images
from cadl_gui.interop.export.lesson_steps import images_of, lesson_html
from cadl_gui.system.resources import resource_path

_SCRIPTS = ("network.js", "drawing.js", "timeline.js", "weights.js", "fool.js", "lesson.js", "page.js")
_BLOCK = r'<script id="{}" type="[^"]+">([^<]*)</script>'
_PLANE_LEVELS = 15
"""The brightest of the levels of a recorded plane, as in `timeline.js`."""

_NO_DIGITS = np.zeros((0, 28, 28, 1), np.float32)


@dataclass(frozen=True, eq=False)
class RecordedEpoch:
    """What a page has of a network at an epoch whose weights would make it too large.

    Attributes:
        position: position in the run.
        answers: to each of the page's images, probabilities (n, n_classes) or reconstructions (n, 28, 28, 1).
        latents: the latent vector of each image, (n, 2); None without a plane.
        plane: images of its latent plane in half their size, (rows, columns, 14, 14), from the top left; None
            without one.
    """

    position: Position
    answers: NDArray[np.float32]
    latents: NDArray[np.float32] | None = None
    plane: NDArray[np.float32] | None = None


@dataclass(frozen=True, eq=False)
class PageNetwork:
    """A network of a page.

    Attributes:
        description: its run.
        snapshot: its weights.
        extent: lowest and highest value of each dimension of its latent plane, (2, 2) float32; None without
            one.
        earlier: earlier epochs in order: weights, which the page computes with, or records.
    """

    description: RunDescription
    snapshot: Snapshot
    extent: NDArray[np.float32] | None
    earlier: tuple[Snapshot | RecordedEpoch, ...] = ()


def page_images(digits: NDArray[np.float32], lesson: PageLesson | None) -> NDArray[np.float32]:
    """Return all images to which the records of a page have answers: its digits, and a lesson's drawings."""
    return digits if lesson is None else np.concatenate([digits, images_of(lesson)])


def web_page(
    networks: Sequence[PageNetwork],
    digits: NDArray[np.float32] = _NO_DIGITS,
    lesson: PageLesson | None = None,
) -> str:
    """Return the HTML of a page with networks that take drawn digits.

    Args:
        digits: images to choose instead of drawing, (n, 28, 28, 1) in [0, 1].
        lesson: has steps that show what the page can; None for none.
    """
    numbers = _Numbers()
    images = page_images(digits, lesson)
    start = numbers.add_levels(images, 255)
    blocks = [_model_block(network, numbers) for network in networks]
    model = {
        "format": 1,
        "madeWith": f"CADL {__version__}",
        "digits": {"start": start, "n": len(images), "offered": len(digits)},
        "networks": blocks,
        "colourMaps": {name: _hex(name) for block in blocks for name in block["colourMaps"].values()},
    }
    script = "\n".join(_text(name) for name in _SCRIPTS)
    style = _text("page.css")
    positions = [
        (network.description, [each.position for each in (*network.earlier, network.snapshot)])
        for network in networks
    ]
    return Template(_text("page.html")).substitute(
        script=script,
        script_hash=_hash(script),
        style=style,
        style_hash=_hash(style),
        images="" if lesson is None else " img-src data:;",
        lesson="" if lesson is None else lesson_html(lesson, positions, len(digits)),
        model=json.dumps(model, separators=(",", ":")).replace("<", "\\u003c"),
        weights=_packed(numbers.halves),
        pictures=_packed(numbers.levels),
    )


def weights_in(page: str, networks: Iterable[PageNetwork]) -> Iterator[Weights]:
    """Read the weights of each network back; those that its page does not need are its own."""
    numbers = np.frombuffer(zlib.decompress(base64.b64decode(_block(page, "weights"))), "<f2")
    model = json.loads(_block(page, "model"))
    for network, about in zip(networks, model["networks"], strict=True):
        weights = dict(network.snapshot.weights)
        for path, place in about["weights"].items():
            flat = _at(numbers, place["start"], place["length"])
            if place["rest"] is not None:
                flat += _at(numbers, place["rest"], place["length"])
            weights[path] = flat.reshape(weights[path].shape)
        yield weights


def _block(page: str, name: str) -> str:
    found = re.search(_BLOCK.format(name), page)
    assert found is not None, "a page has it"
    return found[1]


def _at(numbers: NDArray[np.float16], start: int, length: int) -> NDArray[np.float32]:
    return numbers[start : start + length].astype(np.float32)


class _Numbers:
    """The numbers of a page.

    Attributes:
        halves: weights in half precision.
        levels: images and probabilities in bytes.
    """

    def __init__(self) -> None:
        self.halves: list[NDArray[np.float16]] = []
        self.levels: list[NDArray[np.uint8]] = []

    def add_levels(self, values: NDArray[np.float32], levels: int) -> int:
        """Add numbers in [0, 1] as levels from 0 to `levels`; return where they begin."""
        start = sum(array.size for array in self.levels)
        self.levels.append(np.rint(levels * np.clip(values, 0, 1)).astype(np.uint8))
        return start


def _packed(arrays: Iterable[NDArray[Any]]) -> str:
    packed = zlib.compress(b"".join(array.tobytes() for array in arrays), 9)
    return base64.b64encode(packed).decode("ascii")


def _stored(network: PageNetwork, weights: Weights, numbers: list[NDArray[np.float16]]) -> dict[str, Any]:
    """Add weights to the numbers of a page, in half precision; return where each of them is.

    Those of the variance of latent vectors are left out: only a training samples. A plane can be steep, so
    for one, what the encoder's weights lack in half precision is stored after them.
    """
    layers = () if network.extent is None else network.description.spec.encoder
    precise = {layer.name for layer in layers}
    start, places = sum(array.size for array in numbers), {}
    with np.errstate(
        over="ignore", invalid="ignore"
    ):  # what overflows is found when the answers are compared
        for path, array in weights.items():
            layer = path.partition("/")[0]
            if layer == "z_log_var":
                continue
            halves = [array.astype("<f2")]
            rest = start + array.size if layer in precise else None
            if layer in precise:
                halves.append((array - halves[0]).astype("<f2"))
            places[path] = {"start": start, "length": array.size, "rest": rest}
            numbers += halves
            start += array.size * len(halves)
    return places


def _model_block(network: PageNetwork, numbers: _Numbers) -> dict[str, Any]:
    """What the page knows of a network besides its numbers."""
    about = network.description
    shown = layer_weights(about.spec, network.snapshot.weights)
    preset = about.config.preset
    return {
        "name": about.name,
        "isBernoulli": about.config.model.is_bernoulli,
        "classNames": about.class_names,
        "extent": None if network.extent is None else network.extent.tolist(),
        "colourMaps": {
            "light": usual_colour_map(preset),
            "dark": usual_colour_map(preset, is_dark=True),
        },
        "encoder": [_layer(layer, shown) for layer in about.spec.encoder],
        "decoder": [_layer(layer, shown) for layer in about.spec.decoder],
        "earlier": [_epoch(network, each, numbers) for each in network.earlier],
        **_epoch(network, network.snapshot, numbers),
    }


def _epoch(network: PageNetwork, epoch: Snapshot | RecordedEpoch, numbers: _Numbers) -> dict[str, Any]:
    """What the page knows of a network at one of its epochs."""
    block = {"at": epoch.position, "position": network.description.position_text(epoch.position)}
    if isinstance(epoch, Snapshot):
        return block | {"weights": _stored(network, epoch.weights, numbers.halves)}
    return block | {
        "answers": numbers.add_levels(epoch.answers, 255),
        "latents": None if epoch.latents is None else epoch.latents.tolist(),
        "plane": None if epoch.plane is None else numbers.add_levels(epoch.plane, _PLANE_LEVELS),
    }


def _layer(layer: LayerSpec, shown: Mapping[str, LayerWeights]) -> dict[str, Any]:
    return {
        "name": layer.name,
        "about": weight_images(shown[layer.name]).about,
        "kind": layer.kind,
        "inputShape": layer.input_shape,
        "outputShape": layer.output_shape,
        "kernelSize": layer.kernel_size,
        "stride": layer.stride,
        "activation": layer.activation,
        "tiedTo": layer.tied_to,
        "useBias": layer.use_bias,
        "batchNormalisation": layer.batch_normalisation,
    }


def _hex(name: str) -> str:
    return "".join(f"#{bytes(colour).hex()}" for colour in colour_map(name))


def _text(name: str) -> str:
    return resource_path(f"web/{name}").read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}"
