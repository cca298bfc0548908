"""Frozen graphs are read as plain data, and measured before they are parsed."""

import numpy as np
import pytest
from hostile_graphs import lecture_graph

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.interop.graph_file import read_operations
from cadl_gui.interop.wire import FieldScanner
from cadl_gui.system.file_limits import MOST_GRAPH_DESCRIPTION_BYTES

pytestmark = pytest.mark.tf


@pytest.fixture
def read(tmp_path):
    """Writes bytes, or a graph, and reads it."""

    def read(data):
        (tmp_path / "a.pb").write_bytes(data if isinstance(data, bytes) else data.SerializeToString())
        return read_operations(tmp_path / "a.pb")

    return read


def constant(array):
    import tensorflow.compat.v1 as tf

    with tf.Graph().as_default() as graph:
        tf.constant(array, name="c")
    return graph.as_graph_def()


def test_operations_come_as_they_are_written(read):
    operations = read(lecture_graph())
    by_name = {operation.name: operation for operation in operations}
    assert by_name["X"].attributes["shape"] == (None, 36)
    assert by_name["Y_pred"].kind == "Softmax"
    assert by_name["Y_pred"].inputs == ("BiasAdd",)
    (convolution,) = (operation for operation in operations if operation.kind == "Conv2D")
    assert convolution.attributes["strides"] == (1, 2, 2, 1)
    assert convolution.attributes["padding"] == "SAME"


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int32, np.int64, np.bool_])
@pytest.mark.parametrize("shape", [(), (1,), (3, 2), (0, 4)])
def test_constants_are_what_they_were(read, dtype, shape):
    array = np.random.default_rng(0).integers(0, 2, shape).astype(dtype)
    (operation,) = read(constant(array))
    np.testing.assert_array_equal(operation.attributes["value"], array)
    assert operation.attributes["value"].dtype == dtype


@pytest.mark.parametrize(("values", "expected"), [([], 0), ([2], 2), ([1, 2], None)])
def test_constants_that_repeat_a_number_are_written_out(read, values, expected):
    definition = constant(np.zeros(3, np.float32))
    tensor = definition.node[0].attr["value"].tensor
    tensor.tensor_content = b""
    tensor.float_val.extend(values)
    (operation,) = read(definition)
    np.testing.assert_array_equal(
        operation.attributes["value"], [1, 2, 2] if expected is None else [expected] * 3
    )


def test_what_is_not_there_is_reported(tmp_path):
    with pytest.raises(CheckpointError, match="cannot be read: No such file"):
        read_operations(tmp_path / "nothing.pb")
    with pytest.raises(CheckpointError, match="is a folder"):
        read_operations(tmp_path)


@pytest.mark.parametrize(
    "data", [b"", b"no graph", b"\x0a\xff\xff\xff\xff\x7f", b"\x0a\x00" * 10, b"\x0b\x0b"]
)
def test_what_is_no_graph_is_reported(read, data):
    with pytest.raises(CheckpointError, match="damaged, or no frozen graph at all"):
        read(data)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x0a\x00" * 3_000_000, id="empty operations"),
        pytest.param(b"\x0a" + b"\x80\x80\x80\x03" + b"\x2a\x00" * 3 * 2**20, id="empty attributes"),
        pytest.param(b"\x12" + b"\x80\x80\x80\x02" + b"\x0a\x00" * 2**21, id="functions"),
    ],
)
def test_small_files_that_would_become_large_are_not_parsed(read, data, monkeypatch):
    from tensorflow.core.framework import graph_pb2

    monkeypatch.setattr(graph_pb2, "GraphDef", None)  # nothing parses without it
    with pytest.raises(CheckpointError, match="damaged"):
        read(data)


@pytest.mark.parametrize("sides", [(2**62, 4), (2**31, 2**31), (-1,), (2**29,)])
def test_constants_of_impossible_size_are_not_made(read, sides):
    definition = constant(np.zeros(2, np.float32))
    tensor = definition.node[0].attr["value"].tensor
    tensor.tensor_content = b""
    tensor.float_val.append(1.0)
    del tensor.tensor_shape.dim[:]
    for side in sides:
        tensor.tensor_shape.dim.add(size=side)
    with pytest.raises(CheckpointError, match="damaged"):
        read(definition)


def test_functions_inside_a_graph_are_refused(read):
    definition = lecture_graph()
    definition.library.function.add().signature.name = "f"
    with pytest.raises(CheckpointError, match="damaged"):
        read(definition)


def test_the_bytes_at_a_path_are_measured():
    inner = b"\x12\x03abc" + b"\x08\x01"  # field 2: three bytes; field 1: a number
    outer = b"\x0a" + bytes([len(inner)]) + inner
    measure = FieldScanner(100)
    assert measure.n_bytes_at(memoryview(outer + outer), (1, 2)) == 6
    assert measure.n_bytes_at(memoryview(outer), (1,)) == len(inner)
    assert measure.n_bytes_at(memoryview(outer), (3,)) == 0
    with pytest.raises(ValueError, match="reasonable number"):
        FieldScanner(1).n_bytes_at(memoryview(outer), (1, 2))


def test_fields_of_all_kinds_are_measured():
    """Fields that are neither strings nor messages are skipped by their size."""
    number, double, single = b"\x08\x96\x01", b"\x11" + bytes(8), b"\x1d" + bytes(4)
    message = memoryview(number + double + single + b"\x22\x02ab")
    assert FieldScanner(100).n_bytes_at(message, (4,)) == 2


def test_no_whole_number_is_longer_than_a_negative_one():
    """A 64-bit integer has ten bytes; without a limit, many bytes would become one huge number."""
    minus_one, text = b"\x08" + 9 * b"\xff" + b"\x01", b"\x22\x02ab"
    assert FieldScanner(100).n_bytes_at(memoryview(minus_one + text), (4,)) == 2
    longer = b"\x08" + 10 * b"\xff" + b"\x01"
    with pytest.raises(ValueError, match="whole number"):
        FieldScanner(100).n_bytes_at(memoryview(longer + text), (4,))


def test_the_numbers_of_a_constant_are_not_its_description(read):
    """However many there are, they take as much memory as in the file."""
    data = constant(np.arange(MOST_GRAPH_DESCRIPTION_BYTES // 4, dtype=np.float32)).SerializeToString()
    assert len(data) > MOST_GRAPH_DESCRIPTION_BYTES
    assert len(read(data)) == 1
