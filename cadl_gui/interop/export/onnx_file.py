"""ONNX: one file that onnxruntime and many other programs load."""

import os
from collections.abc import Callable
from pathlib import Path

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
        path: file to write.
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
