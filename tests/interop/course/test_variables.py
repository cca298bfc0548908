"""Variables equal those that TensorFlow reads; forged shapes and offsets are refused."""

import course_graphs
import numpy as np
import pytest
import tables
import tensorflow as tf
from course_graphs import V1, V2
from tensorflow.core.framework.types_pb2 import DT_FLOAT
from tensorflow.core.protobuf.tensor_bundle_pb2 import BundleEntryProto, BundleHeaderProto
from tensorflow.core.util.saved_tensor_slice_pb2 import SavedTensorSlices

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.interop.course.sstable import read_sstable
from cadl_gui.interop.course.variables import is_course_checkpoint, read_variables

pytestmark = pytest.mark.tf


def saved(path, version=V2):
    course_graphs.save(path, course_graphs.softmax, version=version, n_steps=1)
    return path


@pytest.mark.parametrize("version", [V1, V2], ids=["format 1", "format 2"])
def test_every_variable_is_read_as_tensorflow_reads_it(tmp_path, version):
    prefix = saved(tmp_path / "model.ckpt-7", version)
    ours = read_variables(prefix)
    theirs = tf.compat.v1.train.NewCheckpointReader(str(prefix))
    assert {name: list(variable.shape) for name, variable in ours.variables.items()} == (
        theirs.get_variable_to_shape_map()
    )
    for name, variable in ours.variables.items():
        np.testing.assert_array_equal(variable.read(), theirs.get_tensor(name))
    assert ours.others == ()


@pytest.mark.parametrize("ending", ["", ".index", ".meta", ".data-00000-of-00001"])
def test_a_checkpoint_opens_by_any_of_its_files(tmp_path, ending):
    saved(tmp_path / "model.ckpt")
    path = tmp_path / f"model.ckpt{ending}"
    assert is_course_checkpoint(path)
    assert "layer1/W" in read_variables(path).variables
    assert read_variables(path).meta_path == tmp_path / "model.ckpt.meta"


def test_other_files_are_no_checkpoints_of_the_course(tmp_path):
    (tmp_path / "notes.txt").write_text("nothing")
    assert not is_course_checkpoint(tmp_path / "notes.txt")
    assert not is_course_checkpoint(tmp_path / "missing.keras")
    assert not is_course_checkpoint(tmp_path)


def test_what_is_missing_is_reported(tmp_path):
    with pytest.raises(CheckpointError, match="cannot be read: No such file"):
        read_variables(tmp_path / "model.ckpt")
    saved(tmp_path / "model.ckpt")
    (tmp_path / "model.ckpt.data-00000-of-00001").unlink()
    with pytest.raises(CheckpointError, match=r"data-00000-of-00001” is missing: .* into one folder"):
        read_variables(tmp_path / "model.ckpt").variables["layer1/W"].read()


def forge_entry(path, name="layer1/W", **changes):
    """Change an entry of the index of format 2."""
    index = path.with_name(f"{path.name}.index")
    entries = {key: bytes(value) for key, value in read_sstable(index.read_bytes(), index).items()}
    entry = BundleEntryProto.FromString(entries[name.encode()])
    for field, value in changes.items():
        if field == "shape":
            entry.shape.ClearField("dim")
            for size in value:
                entry.shape.dim.add(size=size)
        else:
            setattr(entry, field, value)
    entries[name.encode()] = entry.SerializeToString()
    index.write_bytes(tables.table(tables.block(entries.items())))


@pytest.mark.parametrize(
    "changes",
    [
        {"shape": [2**40, 2**40]},
        {"shape": [2**31, 2**31, 0]},
        {"shape": [-1, 10]},
        {"shape": [1] * 300},
        {"shape": [784, 11]},
        {"size": 1},
        {"size": -4},
        {"shard_id": 7},
        {"shard_id": -1},
    ],
    ids=str,
)
def test_forged_shapes_and_places_are_refused(tmp_path, changes):
    forge_entry(saved(tmp_path / "model.ckpt"), **changes)
    with pytest.raises(CheckpointError, match="is damaged: it does not say what it holds"):
        read_variables(tmp_path / "model.ckpt")


@pytest.mark.parametrize("offset", [-1, 2**62, 100_000])
def test_arrays_beyond_the_file_are_refused(tmp_path, offset):
    forge_entry(saved(tmp_path / "model.ckpt"), offset=offset)
    with pytest.raises(CheckpointError, match="too short"):
        read_variables(tmp_path / "model.ckpt").variables["layer1/W"].read()


def test_a_flipped_bit_among_the_numbers_is_noticed(tmp_path):
    saved(tmp_path / "model.ckpt")
    data = tmp_path / "model.ckpt.data-00000-of-00001"
    damaged = bytearray(data.read_bytes())
    damaged[1000] ^= 1
    data.write_bytes(damaged)
    with pytest.raises(CheckpointError, match="do not have their checksum"):
        read_variables(tmp_path / "model.ckpt").variables["layer1/W"].read()


def test_variables_in_slices_and_of_other_types_are_only_named(tmp_path):
    path = saved(tmp_path / "model.ckpt")
    forge_entry(path, "layer1/b", dtype=9)
    assert read_variables(path).others == ("layer1/b",)


def test_big_endian_numbers_are_refused(tmp_path):
    header = BundleHeaderProto(num_shards=1, endianness=BundleHeaderProto.BIG).SerializeToString()
    (tmp_path / "model.ckpt.index").write_bytes(tables.table(tables.block([(b"", header)])))
    with pytest.raises(CheckpointError, match="is damaged"):
        read_variables(tmp_path / "model.ckpt")


def first_format(shape, numbers):
    meta = SavedTensorSlices()
    described = meta.meta.tensor.add(name="W", type=DT_FLOAT)
    for size in shape:
        described.shape.dim.add(size=size)
    data = SavedTensorSlices()
    data.data.name = "W"
    data.data.data.float_val.extend(numbers)
    entries = [(b"", meta.SerializeToString()), (b"\x00", data.SerializeToString())]
    return tables.table(tables.block(entries))


def test_fewer_numbers_than_a_shape_has_are_not_repeated(tmp_path):
    """TensorFlow would fill the rest of the array, however large, with the last one."""
    (tmp_path / "model.ckpt").write_bytes(first_format([2**14, 2**14], [1.0]))
    variable = read_variables(tmp_path / "model.ckpt").variables["W"]
    with pytest.raises(CheckpointError, match="does not have the numbers of its shape"):
        variable.read()


@pytest.mark.parametrize("content", [b"", b"\xff" * 40, b"\x0a\xff\xff\xff\xff\x0f"])
def test_messages_that_are_none_are_refused(tmp_path, content):
    (tmp_path / "model.ckpt").write_bytes(tables.table(tables.block([(b"", content), (b"a", b"\xff\x01")])))
    with pytest.raises(CheckpointError, match="is damaged"):
        read_variables(tmp_path / "model.ckpt")
