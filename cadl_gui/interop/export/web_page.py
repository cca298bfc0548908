"""Writes networks as one HTML file that computes their answers itself, from the files in `resources/web`.

A browser opens it from a disk: it requests nothing, and may not, by its own Content-Security-Policy. Scripts
and styles have to match their hashes, so no name in the page can run as one.
"""

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from string import Template
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui import __version__
from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.domain.run import RunDescription
from cadl_gui.domain.snapshot import Snapshot, Weights
from cadl_gui.imaging.weights.colour_map import colour_map, usual_colour_map
from cadl_gui.imaging.weights.layer_weights import LayerWeights, layer_weights
from cadl_gui.imaging.weights.weight_images import weight_images
from cadl_gui.system.resources import resource_path

_SCRIPTS = ("network.js", "drawing.js", "weights.js", "fool.js", "page.js")
_BLOCK = r'<script id="{}" type="[^"]+">([^<]*)</script>'


@dataclass(frozen=True, eq=False)
class PageNetwork:
    """A network of a page.

    Attributes:
        description: its run.
        snapshot: its weights.
        extent: lowest and highest value of each dimension of its latent plane, (2, 2) float32; None without
            one.
    """

    description: RunDescription
    snapshot: Snapshot
    extent: NDArray[np.float32] | None


def web_page(networks: Iterable[PageNetwork]) -> str:
    """Return the HTML of a page with networks that take drawn digits."""
    numbers: list[NDArray[np.float16]] = []
    blocks = [_model_block(network, _stored(network, numbers)) for network in networks]
    model = {
        "format": 1,
        "madeWith": f"CADL {__version__}",
        "networks": blocks,
        "colourMaps": {name: _hex(name) for block in blocks for name in block["colourMaps"].values()},
    }
    script = "\n".join(_text(name) for name in _SCRIPTS)
    style = _text("page.css")
    packed = zlib.compress(b"".join(array.tobytes() for array in numbers), 9)
    return Template(_text("page.html")).substitute(
        script=script,
        script_hash=_hash(script),
        style=style,
        style_hash=_hash(style),
        model=json.dumps(model, separators=(",", ":")).replace("<", "\\u003c"),
        weights=base64.b64encode(packed).decode("ascii"),
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


def _stored(network: PageNetwork, numbers: list[NDArray[np.float16]]) -> dict[str, Any]:
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
        for path, array in network.snapshot.weights.items():
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


def _model_block(network: PageNetwork, weights: Mapping[str, Any]) -> dict[str, Any]:
    """What the page knows of a network besides its numbers."""
    about = network.description
    shown = layer_weights(about.spec, network.snapshot.weights)
    preset = about.config.preset
    return {
        "name": about.name,
        "position": about.position_text(network.snapshot.position),
        "isBernoulli": about.config.model.is_bernoulli,
        "classNames": about.class_names,
        "extent": None if network.extent is None else network.extent.tolist(),
        "colourMaps": {
            "light": usual_colour_map(preset),
            "dark": usual_colour_map(preset, is_dark=True),
        },
        "encoder": [_layer(layer, shown) for layer in about.spec.encoder],
        "decoder": [_layer(layer, shown) for layer in about.spec.decoder],
        "weights": weights,
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
