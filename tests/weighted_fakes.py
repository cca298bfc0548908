"""A fake network with weights of the right shapes, for whoever looks at weights."""

import math

import numpy as np
from fakes import FakeInference

from cadl_gui.domain.architecture import architecture
from cadl_gui.domain.exciting import most_exciting
from cadl_gui.domain.operations import Operation
from cadl_gui.domain.requests import (
    DatasetRequest,
    FetchSnapshot,
    FindExciting,
    FollowThrough,
    ListOperations,
    Paint,
    SurveyWeights,
)
from cadl_gui.domain.snapshot import Snapshot, freeze
from cadl_gui.imaging.weights.layer_weights import MEAN_PATH, layer_weights
from cadl_gui.imaging.weights.survey import survey


def table_of(description):
    about = description
    return architecture(about.config.model, about.picture_shape, about.n_labels)


def fake_weights(table, brightness):
    """Every kernel counts its weights from 0 on, times the brightness; biases are the brightness."""
    log_var = () if table.z_log_var is None else (table.z_log_var,)
    arrays = {MEAN_PATH: np.zeros(table.encoder[0].input_shape, np.float32)}
    for layer in (*table.encoder, *table.decoder, *log_var):
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
"""Of the training pictures, the i-th is i grey everywhere and excites every unit by i."""


class WeightedInference(FakeInference):
    """Every unit's activation is its number, times the brightness and the picture's first pixel.

    A muted unit gives nothing. A picture is painted as bright as the activations sum up to.
    """

    def answer(self, request):
        if isinstance(request, DatasetRequest):
            return super().answer(request)
        position, snapshot = super().answer(FetchSnapshot(request.run_id, request.position))
        table = table_of(self.descriptions[request.run_id])
        brightness = float(snapshot.weights["brightness"][0])
        match request:
            case FetchSnapshot():
                value = Snapshot(position, fake_weights(table, brightness), snapshot.probes)
            case FollowThrough():
                value = tuple(self._given(table, brightness, request).values())
            case FindExciting():
                first = PART * request.part
                n = min(PART, N_TRAINING - first)
                units = next(own for own in table.layers if own.name == request.layer).output_shape[-1]
                peaks = np.repeat(np.arange(first, first + n, dtype=np.float32)[:, None], units, axis=1)
                value = most_exciting(peaks, first, N_TRAINING)
            case Paint():
                value = np.full((1, 28, 28, 1), min(1, request.activations.sum()), np.float32)
            case SurveyWeights():
                value = survey(layer_weights(table, fake_weights(table, brightness))[request.layer])
            case ListOperations():
                value = OPERATIONS
            case _:
                return super().answer(request)
        return position, value

    @staticmethod
    def _given(table, brightness, request):
        scale = brightness * request.pictures[:, 0, 0, 0].reshape(-1, 1)
        given = {
            layer.name: (scale * np.arange(math.prod(layer.output_shape), dtype=np.float32)).reshape(
                -1, *layer.output_shape
            )
            for layer in table.layers
        }
        for bend in request.bends:
            given[bend.part.layer][..., bend.part.unit] *= bend.factor
        return given
