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
"""Version of ONNX's operations: of 2022, so that programs of today know it."""


def write_onnx(path: Path, functions: tuple[BoundFunction, ...]) -> None:
    """Write the one function, translated from its frozen graph.

    Raises:
        ImportError: if the libraries for it are not installed.
        OSError: if it cannot be written.
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
    """Load the file with onnxruntime; returns what asks it."""
    # It would tell its maker of every model that it loads, under an identifier that it leaves on the disk.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])

    def ask(about: NetworkFunction, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        (answers,) = session.run([about.gives], {about.takes: inputs})
        array: NDArray[np.float32] = np.asarray(answers)
        return array

    return ask
