"""The library that reads an export back does not report it to anyone."""

import os
import subprocess
import sys

import onnx
import pytest
from onnx import TensorProto, helper

pytestmark = [pytest.mark.tf, pytest.mark.slow]

_LOADS = """
import sys
from pathlib import Path
from cadl_gui.interop.export.onnx_file import load_onnx
load_onnx(Path(sys.argv[1]))
"""


def test_onnxruntime_sends_no_telemetry(tmp_path):
    """Since 1.29, it sends telemetry to its maker unless disabled, and stores an identifier for that."""
    value = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in ("x", "y")]
    graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "same", value[:1], value[1:])
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=8), tmp_path / "same.onnx")
    switches = {"CI", "ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS"}
    environment = {name: value for name, value in os.environ.items() if name not in switches}
    home = tmp_path / "home of a user"
    home.mkdir()
    environment |= {"HOME": str(home), "XDG_CACHE_HOME": str(home / ".cache")}
    subprocess.run([sys.executable, "-c", _LOADS, tmp_path / "same.onnx"], check=True, env=environment)
    assert not list(home.rglob("*onnxruntime*"))
