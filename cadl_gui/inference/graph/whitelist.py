"""The operations that may be computed, and their costs.

All are arithmetic: none reads or writes files, has state, calls back into Python, or outputs more numbers
than its inputs and attributes determine.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

from cadl_gui.domain.graph import CONSTANT, PLACEHOLDER

KINDS = frozenset(
    {
        CONSTANT, PLACEHOLDER,
        # elementwise
        "Abs", "Add", "AddV2", "BiasAdd", "Cast", "Div", "Elu", "Exp", "Identity", "LeakyRelu", "Log",
        "Maximum", "Minimum", "Mul", "Neg", "Pow", "RealDiv", "Relu", "Relu6", "Rsqrt", "Selu", "Sigmoid",
        "Softplus", "Sqrt", "Square", "SquaredDifference", "StopGradient", "Sub", "Tanh",
        # linear maps
        "Conv2D", "Conv2DBackpropInput", "DepthwiseConv2dNative", "MatMul",
        # pooling, normalisation and reductions
        "AvgPool", "FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3", "LRN", "LogSoftmax", "Max",
        "MaxPool", "Mean", "Min", "Prod", "Softmax", "Sum",
        # shapes
        "ConcatV2", "ExpandDims", "Pack", "Pad", "Reshape", "Shape", "Squeeze", "StridedSlice", "Transpose",
    }
)  # fmt: skip

Shape = tuple[int, ...]


def n_multiplications(kind: str, attributes: Mapping[str, Any], inputs: list[Shape], output: Shape) -> int:
    """Estimate the number of multiplications of an operation.

    Args:
        kind: kind of the operation, such as `MatMul`.
        output: shape of its first result.
    """
    n = math.prod(output)
    by_kind: dict[str, Callable[[], int]] = {
        "MatMul": lambda: n * inputs[0][0 if attributes.get("transpose_a") else -1],
        "Conv2D": lambda: n * math.prod(inputs[1][:3]),
        "DepthwiseConv2dNative": lambda: n * math.prod(inputs[1][:2]),
        "Conv2DBackpropInput": lambda: math.prod(inputs[2]) * math.prod(inputs[1][:3]),
        "AvgPool": lambda: n * math.prod(attributes["ksize"]),
        "MaxPool": lambda: n * math.prod(attributes["ksize"]),
        "LRN": lambda: n * (2 * attributes.get("depth_radius", 5) + 1),
    }
    if kind in by_kind:
        return by_kind[kind]()
    return max([n, *map(math.prod, inputs)])
