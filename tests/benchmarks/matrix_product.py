"""Measures how fast this machine multiplies matrices, and how much of that a training step needs."""

import contextlib
import time
from collections.abc import Iterator

from plain_training import Trainer

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.model_spec import ModelSpec

SIDE = 2048

FORMULA = "2 · (3 · multiplications − those of the first layer)"
"""Each multiplication has an addition. Each layer has three products: the forward pass, the gradient of its
weights, and the gradient of its input, which the first layer does not need."""


def operations_per_image(table: ModelSpec) -> int:
    """Floating-point operations of a training step's matrix products, per image."""
    return 2 * (3 * table.n_multiplications - table.encoder[0].n_multiplications)


@contextlib.contextmanager
def product(_: RunConfig) -> Iterator[Trainer]:
    """Multiplies two matrices for a second, whatever the number of epochs; returns GFLOP/s."""
    yield lambda _: product_rate(1.0)


def product_rate(seconds: float) -> float:
    """Multiply two square float32 matrices repeatedly, and return the GFLOP/s."""
    import tensorflow as tf  # here, since the table needs the formula only

    a, b = (tf.random.normal((SIDE, SIDE), seed=seed) for seed in (1, 2))
    began, n_products = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        tf.matmul(a, b)
        n_products += 1
    return n_products * 2 * SIDE**3 / 1e9 / (time.perf_counter() - began)
