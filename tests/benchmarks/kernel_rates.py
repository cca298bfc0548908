"""Measures what limits a training step: the rate of each of its matrix products, separately.

    python tests/benchmarks/kernel_rates.py [--preset NAME]

Each layer has three products in a step: the forward pass, the gradient of its input and that of its kernel.
Each is computed repeatedly with the preset's batch size and nothing else, by TensorFlow's own kernels and,
for dense layers, by XLA's; the faster one counts. The last line of a table is the speed of a training that
did nothing but these products, one after the other: no optimiser, no activations, no data. The share is
relative to the rate of a 2048³ product, measured in the same minute. Run it on an otherwise idle machine.
"""

import argparse
import math
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

sys.path.append(str(Path(__file__).parents[1]))

import tensorflow as tf
from figures import Figures
from matrix_product import SIDE, product_rate
from tensorflow.compiler.tf2xla.python.xla import optimization_barrier

from cadl_gui.domain.model_spec import LayerSpec, model_spec
from cadl_gui.domain.presets import preset

PRESETS = (
    "lecture-softmax",
    "lecture-autoencoder",
    "lecture-conv-autoencoder",
    "lecture-conv-classifier",
    "vae",
)

_REPEATS, _ROUNDS = 100, 5

Product = Callable[[Any, Any], Any]


def products(layer: LayerSpec, batch_size: int) -> Iterator[tuple[str, Product, Any, Any]]:
    """Name, function and operands of the three products of a layer."""
    if layer.kind == "dense":
        rows, columns = layer.kernel_shape
        inputs, outputs = tf.random.normal((batch_size, rows)), tf.random.normal((batch_size, columns))
        kernel = tf.random.normal((rows, columns))
        yield "gradient of kernel", lambda a, b: tf.matmul(a, b, transpose_a=True), inputs, outputs
        yield "forwards", tf.matmul, inputs, kernel
        yield "gradient of input", lambda a, b: tf.matmul(a, b, transpose_b=True), outputs, kernel
        return
    # A transposed convolution goes forwards as a convolution's gradient goes back.
    ends = (layer.input_shape, layer.output_shape)
    names = ("forwards", "gradient of input")
    if layer.kind == "transposed convolution":
        ends, names = ends[::-1], names[::-1]
    image, maps = ((batch_size, *shape) for shape in ends)
    how = {"strides": [1, layer.stride, layer.stride, 1], "padding": "SAME"}
    inputs, outputs, kernel = (tf.random.normal(shape) for shape in (image, maps, layer.kernel_shape))

    def to_kernel(a: Any, b: Any) -> Any:
        return tf.raw_ops.Conv2DBackpropFilter(
            input=a, filter_sizes=layer.kernel_shape, out_backprop=b, **how
        )

    def up(a: Any, b: Any) -> Any:
        return tf.raw_ops.Conv2DBackpropInput(input_sizes=image, filter=b, out_backprop=a, **how)

    yield "gradient of kernel", to_kernel, inputs, outputs
    yield names[0], lambda a, b: tf.raw_ops.Conv2D(input=a, filter=b, **how), inputs, kernel
    yield names[1], up, outputs, kernel


def seconds_of(multiply: Product, a: Any, b: Any, *, xla: bool) -> float:
    """Duration of one product in seconds, the minimum over some rounds."""

    def repeat(a: Any, b: Any) -> Any:
        result = multiply(a, b)
        i = tf.constant(1)
        # Each product waits for the one before, and none can be left out.
        while i < _REPEATS:
            if xla:
                a, result = optimization_barrier(a, result)
            else:
                with tf.control_dependencies([result]):
                    a = tf.identity(a)
            result = multiply(a, b)
            i += 1
        return result

    repeated = tf.function(repeat, jit_compile=xla)
    repeated(a, b)
    best = math.inf
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        repeated(a, b).numpy()
        best = min(best, (time.perf_counter() - began) / _REPEATS)
    return best


def tabulate(figures: Figures, name: str) -> None:
    """Measure one preset, and fill its table."""
    config = preset(name).config
    table = model_spec(config.model, (28, 28, 1), 10)
    product_rate(0.5)
    largest = product_rate(1.0)
    print(f"\n**{name}**, batch {config.training.batch_size}; the {SIDE}³ product: {largest:.0f} GFLOP/s\n")
    figures.begin(name, "layer", "product", "ms", "GFLOP/s", "of the large product, %")
    total, operations = 0.0, 0.0
    for layer in table.layers:
        giga = 2 * layer.n_multiplications * config.training.batch_size / 1e9
        for what, multiply, a, b in products(layer, config.training.batch_size):
            if what == "gradient of input" and layer is table.encoder[0]:
                continue
            ways = (False, True) if layer.kind == "dense" else (False,)
            seconds = min(seconds_of(multiply, a, b, xla=xla) for xla in ways)
            rate = giga / seconds
            total, operations = total + seconds, operations + giga
            share = round(100 * rate / largest)
            figures.row(layer.name, what, round(seconds * 1e3, 3), round(rate), share)
    rate = operations / total
    figures.row("**all**", "", round(total * 1e3, 3), round(rate), round(100 * rate / largest))
    print(f"\nWith nothing but these: {config.training.batch_size / total:,.0f} images/s.", flush=True)


def main() -> None:
    """Measure one preset, or one of each family."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--preset", choices=PRESETS)
    Figures.add_option(parser)
    arguments = parser.parse_args()
    with Figures(arguments.json) as figures:
        for name in PRESETS if arguments.preset is None else [arguments.preset]:
            tabulate(figures, name)


if __name__ == "__main__":
    main()
