"""Exports networks as a web page."""

from collections.abc import Generator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.load import load
from cadl_gui.domain.errors import CadlError, ExportError
from cadl_gui.domain.exports import WEB_PAGE, Exported, ExportStage
from cadl_gui.domain.model_config import ModelConfig
from cadl_gui.domain.requests import Decode, Encode, NetworkRequest
from cadl_gui.domain.run import RunDescription
from cadl_gui.domain.snapshot import Snapshot, Weights
from cadl_gui.domain.training_requests import PageRequest, page_refusal
from cadl_gui.imaging.latent.view_box import ViewBox
from cadl_gui.inference.numpy_network import NumpyNetwork
from cadl_gui.interop.export.errors import as_one_message
from cadl_gui.interop.export.web_page import PageNetwork, RecordedEpoch, page_images, web_page, weights_in
from cadl_gui.system.atomic_write import atomic_output
from cadl_gui.system.versions import installed_version
from cadl_gui.system.words import _
from cadl_gui.training.examples import clean_examples

_TOLERANCE = 0.02
"""Largest difference of a probability or a pixel that is allowed. The page's weights have half precision,
which halves its size; observed: 0.006."""

_PLANE_DIM = 2

MOSAIC = 14
"""Images along each side of a plane, as in `page.js`."""

_MOST_EARLIER_NUMBERS = 130_000
"""Most weights of a network's earlier epochs that a page has: a quarter of a megabyte."""


def export_page(request: PageRequest) -> Generator[ExportStage, None, Exported]:
    """Write a page and compare its networks, stage by stage. Closing the generator leaves nothing behind.

    Yields:
        Each stage as it begins.

    Returns:
        A summary of the page.

    Raises:
        ExportError: if a network takes no drawn digits, the page cannot be written, or its answers differ.
    """
    for about, _weights in request.networks:
        if refusal := page_refusal(about):
            raise ExportError(
                _("“{name}” cannot be on a web page. {refusal}").format(name=about.name, refusal=refusal)
            )
    n_stages = 1 + len(request.networks)
    with as_one_message(WEB_PAGE, request.path), atomic_output(request.path) as beside:
        yield ExportStage(0, n_stages, _("Writing the {label}").format(label=WEB_PAGE.label))
        examples = [clean_examples(about.config, about.image_shape) for about, _weights in request.networks]
        digits = _digits()
        images = page_images(digits, request.lesson)
        networks = [_page_network(about, snapshots, images) for about, snapshots in request.networks]
        page = web_page(networks, digits, request.lesson)
        beside.write_text(page, encoding="utf-8", newline="\n")
        weights = weights_in(beside.read_text(encoding="utf-8"), networks)
        differences = []
        for i, (network, kept, example) in enumerate(zip(networks, weights, examples, strict=True)):
            yield ExportStage(
                1 + i, n_stages, _("Comparing answers: {name}").format(name=network.description.name)
            )
            differences.append(_difference(network, kept, example))
    return Exported(
        path=request.path,
        functions=_functions([about.config.model for about, _weights in request.networks]),
        loader=f"numpy {installed_version('numpy')}".strip(),
        n_compared=min(len(images) for images in examples),
        largest_difference=max(differences),
    )


def _digits() -> NDArray[np.float32]:
    """The first test digit of each class, (10, 28, 28, 1)."""
    mnist = load("mnist")
    assert mnist.labels is not None, "MNIST has labels"
    first = len(mnist.labels) - mnist.n_test
    return mnist.as_floats(first + np.unique(mnist.labels[first:], return_index=True)[1])


def _page_network(
    about: RunDescription, snapshots: tuple[Snapshot, ...], digits: NDArray[np.float32]
) -> PageNetwork:
    """Choose how a page has the epochs of a network: by their weights, if those of all earlier are few."""
    *earlier, last = snapshots
    extent = _extent(about, last)
    n_numbers = sum(array.size for each in earlier for array in each.weights.values())
    if n_numbers <= _MOST_EARLIER_NUMBERS:
        return PageNetwork(about, last, extent, tuple(earlier))
    records = (_recorded(about, each, extent, digits) for each in earlier)
    return PageNetwork(about, last, extent, tuple(records))


def _recorded(
    about: RunDescription,
    snapshot: Snapshot,
    extent: NDArray[np.float32] | None,
    digits: NDArray[np.float32],
) -> RecordedEpoch:
    """Answer the page's digits, and paint the plane."""
    asked = about.config.model.kind.functions[0].request("", None, digits)
    answers = _answers(about, snapshot.weights, asked)
    if extent is None:
        return RecordedEpoch(snapshot.position, answers)
    (left, right), (bottom, top) = extent
    places = (np.arange(MOSAIC, dtype=np.float32) + 0.5) / MOSAIC
    z0, z1 = np.meshgrid(left + places * (right - left), top + places * (bottom - top))
    decoded = _answers(about, snapshot.weights, Decode("", None, np.column_stack([z0.ravel(), z1.ravel()])))
    plane = decoded.reshape(MOSAIC, MOSAIC, 14, 2, 14, 2).mean(axis=(3, 5))
    latents = _answers(about, snapshot.weights, Encode("", None, digits))
    return RecordedEpoch(snapshot.position, answers, latents, plane)


def _extent(about: RunDescription, snapshot: Snapshot) -> NDArray[np.float32] | None:
    """Lowest and highest latent value in each of two dimensions, as Latent shows them; None for others."""
    if about.config.model.is_classifier or about.spec.latent_dim != _PLANE_DIM:
        return None
    latents: NDArray[np.floating] = np.empty((0, _PLANE_DIM))
    if snapshot.artifacts is not None and snapshot.artifacts.latents is not None:
        latents = snapshot.artifacts.latents
    elif about.examples is not None:
        latents = _answers(about, snapshot.weights, Encode("", None, about.examples))
    prior = (0.0, 0.0) if about.config.model.is_variational else None
    box = ViewBox.home(latents[np.isfinite(latents).all(axis=1)], prior=prior).grown_to(1.0)
    return np.array([[box.z0_low, box.z0_high], [box.z1_low, box.z1_high]], np.float32)


def _difference(network: PageNetwork, weights: Weights, images: NDArray[np.float32]) -> float:
    """Return the largest difference between the answers of the page's weights and the network's own."""
    about = network.description
    asked = about.config.model.kind.functions[0].request("", None, images)
    expected = _answers(about, network.snapshot.weights, asked)
    largest = np.inf
    if all(np.isfinite(array).all() for array in weights.values()):
        largest = float(np.abs(_answers(about, weights, asked) - expected).max())
    if largest > _TOLERANCE:
        raise ExportError(
            _(
                "In half precision, “{name}” answers differently: choose another epoch, or leave it out. "
                "Nothing was exported."
            ).format(name=about.name)
        )
    return largest


def _answers(about: RunDescription, weights: Weights, asked: NetworkRequest[Any]) -> NDArray[np.float32]:
    network = NumpyNetwork(about.config.model, about.image_shape, about.n_classes)
    try:
        return network.respond(weights, asked)
    except CadlError as error:
        raise ExportError(
            _("“{name}” cannot be on a web page. {error} Nothing was exported.").format(
                name=about.name, error=error
            )
        ) from error


def _functions(configs: list[ModelConfig]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(function.name for config in configs for function in config.kind.functions))
