"""Exports networks as a web page."""

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.errors import ExportError
from cadl_gui.domain.exports import WEB_PAGE, Exported, ExportStage, functions_of
from cadl_gui.domain.model_config import ModelConfig
from cadl_gui.domain.requests import Classify, Encode, Reconstruct
from cadl_gui.domain.run import RunDescription
from cadl_gui.domain.snapshot import Snapshot, Weights
from cadl_gui.domain.training_requests import PageRequest, page_refusal
from cadl_gui.inference.numpy_network import NumpyNetwork
from cadl_gui.interop.export.errors import as_one_message
from cadl_gui.interop.export.web_page import PageNetwork, web_page, weights_in
from cadl_gui.system.atomic_write import atomic_output
from cadl_gui.system.versions import installed_version
from cadl_gui.training.examples import clean_examples

_TOLERANCE = 0.02
"""Largest difference of a probability or a pixel that is allowed. The page's weights have half precision,
which halves its size; observed: 0.006."""

_PLANE_DIM = 2


def export_page(request: PageRequest) -> Generator[ExportStage, None, Exported]:
    """Write a page and compare its networks, stage by stage. Closing the generator leaves nothing behind.

    Yields:
        Each stage as it begins.

    Returns:
        A summary of the page.

    Raises:
        ExportError: if a network takes no drawn digits, the page cannot be written, or its answers differ.
    """
    for about, _ in request.networks:
        if refusal := page_refusal(about):
            raise ExportError(f"“{about.name}” cannot be on a web page. {refusal}")
    n_stages = 1 + len(request.networks)
    with as_one_message(WEB_PAGE, request.path), atomic_output(request.path) as beside:
        yield ExportStage(0, n_stages, f"Writing the {WEB_PAGE.label}")
        examples = [clean_examples(about.config, about.image_shape) for about, _ in request.networks]
        networks = [
            PageNetwork(about, snapshot, _extent(about, snapshot, images))
            for (about, snapshot), images in zip(request.networks, examples, strict=True)
        ]
        beside.write_text(web_page(networks), encoding="utf-8", newline="\n")
        weights = weights_in(beside.read_text(encoding="utf-8"), networks)
        differences = []
        for i, (network, kept, images) in enumerate(zip(networks, weights, examples, strict=True)):
            yield ExportStage(1 + i, n_stages, f"Comparing answers: {network.description.name}")
            differences.append(_difference(network, kept, images))
    return Exported(
        path=request.path,
        functions=_functions([about.config.model for about, _ in request.networks]),
        loader=f"numpy {installed_version('numpy')}".strip(),
        n_compared=max(len(images) for images in examples),
        largest_difference=max(differences),
    )


def _extent(
    about: RunDescription, snapshot: Snapshot, images: NDArray[np.float32]
) -> NDArray[np.float32] | None:
    """Lowest and highest latent value in each of two dimensions, with a margin; None for other networks."""
    if about.config.model.is_classifier:
        return None
    latents = _network(about).respond(snapshot.weights, Encode("", None, images))
    if latents.shape[1] != _PLANE_DIM:
        return None
    lowest, highest = latents.min(axis=0), latents.max(axis=0)
    margin = np.maximum(0.05 * (highest - lowest), 1e-3)
    return np.stack([lowest - margin, highest + margin], axis=1)


def _difference(network: PageNetwork, weights: Weights, images: NDArray[np.float32]) -> float:
    """Return the largest difference between the answers of the page's weights and the network's own."""
    about = network.description
    asked = (Classify if about.config.model.is_classifier else Reconstruct)("", None, images)
    expected = _network(about).respond(network.snapshot.weights, asked)
    largest = np.inf
    if all(np.isfinite(array).all() for array in weights.values()):
        largest = float(np.abs(_network(about).respond(weights, asked) - expected).max())
    if largest > _TOLERANCE:
        raise ExportError(f"In half precision, “{about.name}” answers otherwise. Nothing was exported.")
    return largest


def _network(about: RunDescription) -> NumpyNetwork:
    return NumpyNetwork(about.config.model, about.image_shape, about.n_classes)


def _functions(configs: list[ModelConfig]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(function.name for config in configs for function in functions_of(config)))
