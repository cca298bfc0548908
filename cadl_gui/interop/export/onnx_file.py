"""ONNX: one file that onnxruntime and many other programs load."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.exports import NetworkFunction
from cadl_gui.interop.export.frozen_graph import frozen_graph
from cadl_gui.models import BoundFunction

_OPSET = 17
"""ONNX operator set version, from 2022, so that current programs support it."""


def write_onnx(path: Path, functions: tuple[BoundFunction, ...]) -> None:
    """Write a function, converted from its frozen graph.

    Args:
        functions: exactly one function.

    Raises:
        ImportError: if `onnx` or `tf2onnx` is not installed.
        OSError: if the file cannot be written.
    """
    import onnx
    import tf2onnx

    (function,) = functions
    names = (function.about.takes, function.about.gives)
    model, _ = tf2onnx.convert.from_graph_def(
        frozen_graph(function),
        input_names=[f"{names[0]}:0"],
        output_names=[f"{names[1]}:0"],
        opset=_OPSET,
        tensors_to_rename={f"{name}:0": name for name in names},
    )
    for tensor in (*model.graph.input, *model.graph.output):
        tensor.type.tensor_type.shape.dim[0].dim_param = "batch"
    for node in model.graph.node:
        if node.op_type == "ConvTranspose":
            _pad_as_tensorflow(node)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())


def load_onnx(path: Path) -> Callable[[NetworkFunction, NDArray[np.float32]], NDArray[np.float32]]:
    """Load the file with onnxruntime, and return a callable that runs it."""
    # Otherwise onnxruntime reports every model it loads to its vendor, with an identifier stored on the disk.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])

    def ask(about: NetworkFunction, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        (answers,) = session.run([about.gives], {about.takes: inputs})
        array: NDArray[np.float32] = np.asarray(answers)
        return array

    return ask


def _pad_as_tensorflow(node: Any) -> None:
    """Replace negative padding of a transposed convolution, which tf2onnx writes and onnxruntime refuses.

    It stands for rows and columns that no kernel reaches because the stride is larger than the kernel; in
    TensorFlow, all of them are last.
    """
    from onnx import helper

    attributes = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
    pads = attributes.get("pads", [])
    n_axes = len(pads) // 2
    totals = [pads[axis] + pads[axis + n_axes] for axis in range(n_axes)]
    if min(totals, default=0) >= 0:
        return
    padded = [0 if totals[i % n_axes] < 0 else pad for i, pad in enumerate(pads)]
    del node.attribute[:]
    attributes |= {"pads": padded, "output_padding": [max(0, -total) for total in totals]}
    node.attribute.extend(helper.make_attribute(name, value) for name, value in attributes.items())
