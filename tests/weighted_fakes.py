"""A fake network with weights of the right shapes, for whoever looks at weights."""

import math

import numpy as np
from fakes import FakeInference

from cadl_gui.core.architecture import architecture
from cadl_gui.core.requests import FetchSnapshot, FollowThrough
from cadl_gui.core.snapshot import Snapshot, freeze


def table_of(description):
    about = description
    return architecture(about.configuration, about.picture_shape, about.n_labels)


def fake_weights(table, brightness):
    """Every kernel counts its weights from 0 on, times the brightness; biases are the brightness."""
    log_var = () if table.z_log_var is None else (table.z_log_var,)
    arrays = [np.zeros(table.encoder[0].input_shape, np.float32)]
    for layer in (*table.encoder, *table.decoder, *log_var):
        n_out = math.prod(layer.output_shape) if layer.kind == "dense" else layer.output_shape[-1]
        if not layer.tied_to:
            numbers = np.arange(math.prod(layer.kernel_shape), dtype=np.float32)
            arrays.append(brightness * numbers.reshape(layer.kernel_shape))
        if layer.use_bias:
            arrays.append(np.full(n_out, brightness, np.float32))
        arrays += [np.ones(n_out, np.float32)] * (4 * layer.batch_normalisation)
    return freeze(arrays)


class WeightedInference(FakeInference):
    """Every unit's activation is its number, times the brightness and the picture's first pixel."""

    def answer(self, request):
        position, snapshot = super().answer(FetchSnapshot("", request.run_id, request.position))
        table = table_of(self.descriptions[request.run_id])
        brightness = float(snapshot.weights[0][0])
        match request:
            case FetchSnapshot():
                return position, Snapshot(position, fake_weights(table, brightness), snapshot.probes)
            case FollowThrough():
                scale = brightness * request.pictures[:, 0, 0, 0].reshape(-1, 1)
                return position, tuple(
                    (scale * np.arange(math.prod(layer.output_shape), dtype=np.float32)).reshape(
                        -1, *layer.output_shape
                    )
                    for layer in table.layers
                )
        return super().answer(request)
