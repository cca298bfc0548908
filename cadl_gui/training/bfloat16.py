"""Training steps whose products and convolutions are computed in bfloat16."""

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from cadl_gui.system.processor import bfloat16_refusal


def refusal(n_workers: int = 1) -> str:
    """Return a sentence if no training by so many workers can be computed in bfloat16 here, or ""."""
    if n_workers > 1:
        return "bfloat16 is computed by a single worker only; several compute in float32."
    if tf.config.list_physical_devices("GPU"):
        return "bfloat16 is computed by processors only, and this computer trains on its GPU."
    return bfloat16_refusal()


def in_bfloat16(function: Any) -> Callable[..., Any]:
    """Let TensorFlow rewrite a graph so that it computes products and convolutions in bfloat16.

    Everything that is stored stays float32: the rewriting, Grappler's, inserts casts. Its usual switch,
    `tf.config.optimizer.set_experimental_options`, is of the whole process, so the answers of the inference
    thread would be rewritten too. Passed with each call, as here, the same option is of this function alone.

    Args:
        function: concrete function of tensors with one output; what it calls must not be compiled by XLA.

    Returns:
        A function of the same tensors.
    """
    config = tf.compat.v1.ConfigProto(allow_soft_placement=True)
    rewriting = config.graph_options.rewrite_options
    rewriting.auto_mixed_precision_onednn_bfloat16 = rewriting.ON
    options = config.SerializeToString()
    (output,) = function.outputs

    def call(*inputs: Any) -> Any:
        (computed,) = tf.raw_ops.StatefulPartitionedCall(
            args=[*inputs, *function.captured_inputs], Tout=[output.dtype], f=function, config_proto=options
        )
        return computed

    return call
