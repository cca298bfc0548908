"""Training steps whose products and convolutions are computed in bfloat16.

On a processor, TensorFlow's Grappler rewrites the graph of each call. Its usual switch applies to the whole
process, so evaluations and answers would be rounded, too. It does not rewrite what XLA compiles, so these
steps go without XLA: softmax regression takes half as many images per second. On a GPU the steps are traced
with Keras's policy `mixed_bfloat16`; float16 would need its loss scaled.

For `auto`, both precisions are measured before the first step (`CompiledNetwork.measure`): which is faster
depends on processor, network and what else the machine does. The result is recorded: a run never changes its
precision, and is refused where the processor lacks it. Presets are `float32`, because other precisions give
other weights.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import tensorflow as tf

from cadl_gui.models import Network
from cadl_gui.models.devices import n_accelerators
from cadl_gui.system.processor import bfloat16_refusal
from cadl_gui.system.words import _

_GPU_WITH_BFLOAT16 = (8, 0)
"""Least compute capability of NVIDIA GPUs that have instructions for bfloat16 (Ampere, 2020)."""


def refusal(n_workers: int = 1) -> str:
    """Return a sentence if no training by so many workers can be computed in bfloat16 here, or ""."""
    if n_accelerators():
        return _gpu_refusal()
    if n_workers > 1:
        return _("On processors, bfloat16 is computed by a single worker only; several compute in float32.")
    return bfloat16_refusal()


def _gpu_refusal() -> str:
    details = map(tf.config.experimental.get_device_details, tf.config.list_physical_devices("GPU"))
    capabilities = [each.get("compute_capability") for each in details]
    if None in capabilities:
        return _("bfloat16 needs a GPU whose compute capability is known; this one does not tell it.")
    if min(capabilities) >= _GPU_WITH_BFLOAT16:
        return ""
    needed, found = (".".join(map(str, each)) for each in (_GPU_WITH_BFLOAT16, min(capabilities)))
    return _("bfloat16 needs a GPU of compute capability {needed} or later; this one has {found}.").format(
        needed=needed, found=found
    )


@contextmanager
def mixed_bfloat16(network: Network) -> Iterator[None]:
    """Let Keras compute the linear maps of a network in bfloat16, in what is traced inside this context.

    This is Keras's policy `mixed_bfloat16`, for GPUs: what Grappler rewrites are operations of a processor.
    Variables, normalisation, activations and losses stay float32, and so does what is traced elsewhere, such
    as evaluations.
    """
    policies = [block.linear.dtype_policy for block in network.blocks]
    for block in network.blocks:
        block.linear.dtype_policy = "mixed_bfloat16"
    try:
        yield
    finally:
        for block, policy in zip(network.blocks, policies, strict=True):
            block.linear.dtype_policy = policy


def in_bfloat16(function: Any) -> Callable[..., Any]:
    """Let TensorFlow rewrite a graph so that a processor computes products and convolutions in bfloat16.

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
