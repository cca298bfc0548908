"""A fake network with weights of the right shapes, for tests of the Inspect tab."""

import math

import numpy as np
from fakes import FakeInference

from cadl_gui.domain.model_spec import model_spec
from cadl_gui.domain.operations import Operation
from cadl_gui.domain.requests import (
    ComputeActivations,
    ComputeQuantiles,
    DecodeActivations,
    FetchSnapshot,
    FindTopActivations,
    ListOperations,
    RunImagesRequest,
)
from cadl_gui.domain.snapshot import Snapshot, freeze
from cadl_gui.domain.top_activations import top_activations
from cadl_gui.imaging.weights.layer_weights import MEAN_PATH, layer_weights
from cadl_gui.imaging.weights.quantiles import weight_quantiles


def table_of(description):
    about = description
    return model_spec(about.config.model, about.image_shape, about.n_classes)


def fake_weights(spec, brightness):
    """The weights of a kernel count from 0, times the brightness; biases are the brightness."""
    log_var = () if spec.z_log_var is None else (spec.z_log_var,)
    arrays = {MEAN_PATH: np.zeros(spec.encoder[0].input_shape, np.float32)}
    for layer in (*spec.encoder, *spec.decoder, *log_var):
        n_out = math.prod(layer.output_shape) if layer.kind == "dense" else layer.output_shape[-1]
        if not layer.tied_to:
            numbers = np.arange(math.prod(layer.kernel_shape), dtype=np.float32)
            arrays[f"{layer.name}/linear/kernel"] = brightness * numbers.reshape(layer.kernel_shape)
        if layer.use_bias:
            arrays[f"{layer.name}/linear/bias"] = np.full(n_out, brightness, np.float32)
        if layer.batch_normalisation:
            for name in ("gamma", "beta", "moving_mean", "moving_variance"):
                arrays[f"{layer.name}/batch_normalisation/{name}"] = np.ones(n_out, np.float32)
    return freeze(arrays)


OPERATIONS = (Operation("picture", "Placeholder", "? × 28"), Operation("a/MatMul", "MatMul", "?"))

PART, N_TRAINING = 40, 100
"""Training images; the i-th is i grey everywhere, and activates each unit with i."""


class WeightedInference(FakeInference):
    """The activation of a unit is its number, times the brightness and the image's first pixel.

    A muted unit outputs nothing. A decoded image is as bright as the sum of the activations.
    """

    def answer(self, request):
        if isinstance(request, RunImagesRequest):
            return super().answer(request)
        position, snapshot = super().answer(FetchSnapshot(request.run_id, request.position))
        spec = table_of(self.descriptions[request.run_id])
        brightness = float(snapshot.weights["brightness"][0])
        match request:
            case FetchSnapshot():
                value = Snapshot(position, fake_weights(spec, brightness), snapshot.artifacts)
            case ComputeActivations():
                value = tuple(self._given(spec, brightness, request).values())
            case FindTopActivations():
                first = PART * request.part
                n = min(PART, N_TRAINING - first)
                units = next(own for own in spec.layers if own.name == request.layer).output_shape[-1]
                peaks = np.repeat(np.arange(first, first + n, dtype=np.float32)[:, None], units, axis=1)
                value = top_activations(peaks, first, N_TRAINING)
            case DecodeActivations():
                value = np.full((1, 28, 28, 1), min(1, request.activations.sum()), np.float32)
            case ComputeQuantiles():
                own = layer_weights(spec, fake_weights(spec, brightness))[request.layer]
                value = weight_quantiles(own, in_colour=request.in_colour)
            case ListOperations():
                value = OPERATIONS
            case _:
                return super().answer(request)
        return position, value

    @staticmethod
    def _given(spec, brightness, request):
        scale = brightness * request.images[:, 0, 0, 0].reshape(-1, 1)
        given = {
            layer.name: (scale * np.arange(math.prod(layer.output_shape), dtype=np.float32)).reshape(
                -1, *layer.output_shape
            )
            for layer in spec.layers
        }
        for bend in request.bends:
            given[bend.part.layer][..., bend.part.unit] *= bend.factor
        return given
