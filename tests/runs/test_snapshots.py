"""Snapshots are read bit for bit or refused with a message, never partly, and never executed."""

import hashlib
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.domain.evaluation_artifacts import EvaluationArtifacts, WorstMistakes
from cadl_gui.domain.position import Position
from cadl_gui.domain.snapshot import Snapshot, freeze
from cadl_gui.runs.layout import snapshot_path
from cadl_gui.runs.snapshots import read_snapshot, read_snapshot_if_there, write_snapshot

HERE = Position(3)

dtypes = st.sampled_from([np.float32, np.float64, np.int64, np.uint8, np.bool_])
paths = st.from_regex(r"[a-z]{1,2}[0-9]/(linear/)?[x-z]", fullmatch=True)
arrays = dtypes.flatmap(lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=4, max_side=4)))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "snapshots").mkdir()
    return tmp_path


def snapshot(position=HERE, artifacts=None):
    rng = np.random.default_rng(7)
    weights = freeze(
        {"layer/kernel": rng.normal(size=(4, 3)).astype(np.float32), "step": np.zeros((), np.int64)}
    )
    return Snapshot(position, weights, artifacts)


def artifacts():
    mistakes = WorstMistakes(
        np.arange(8, dtype=np.uint8).reshape(2, 2, 2, 1),
        np.array([1, 0]),
        np.array([2, 2]),
        np.array([0.9, 0.5], np.float32),
    )
    latents = np.arange(6, dtype=np.float16).reshape(3, 2)
    return EvaluationArtifacts(latents, np.arange(3), np.eye(3, dtype=np.int64), mistakes)


def bits(array):
    return array.shape, array.dtype, array.tobytes()


@given(weights=st.dictionaries(paths, arrays, max_size=12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_weights_come_back_bit_for_bit_by_their_paths(folder, weights):
    write_snapshot(folder, Snapshot(HERE, freeze(weights)))
    read = read_snapshot(folder, HERE)
    assert read.position == HERE
    assert read.weights.keys() == weights.keys()
    for path, array in read.weights.items():
        assert bits(array) == bits(weights[path])
        assert not array.flags.writeable


def test_weights_of_megabytes_come_back_bit_for_bit(folder):
    rng = np.random.default_rng(0)
    weights = {f"layer_{i}/kernel": rng.normal(size=(256, 1 << i)).astype(np.float32) for i in range(13)}
    write_snapshot(folder, Snapshot(HERE, freeze(weights)))
    read = read_snapshot(folder, HERE)
    assert all(bits(array) == bits(read.weights[path]) for path, array in weights.items())


def test_weights_in_half_precision_come_as_singles(folder):
    """The shipped runs are stored so; a network has float32 variables."""
    halves = np.array([[0.1, -2.5], [65504.0, 6e-8]], np.float16)
    write_snapshot(folder, Snapshot(HERE, freeze({"kernel": halves})))
    read = read_snapshot(folder, HERE).weights["kernel"]
    assert bits(read) == bits(halves.astype(np.float32))
    assert not read.flags.writeable


def test_probes_come_back_bit_for_bit_and_read_only(folder):
    """Latents in half precision stay so; only weights become float32."""
    write_snapshot(folder, snapshot(artifacts=artifacts()))
    read, written = read_snapshot(folder, HERE).artifacts, artifacts()
    pairs = [(getattr(read, name), getattr(written, name)) for name in ("latents", "labels", "confusion")]
    pairs += zip(vars(read.mistakes).values(), vars(written.mistakes).values(), strict=True)
    for mine, theirs in pairs:
        assert bits(mine) == bits(theirs)
        assert not mine.flags.writeable


def test_what_an_autoencoder_does_not_have_is_none(folder):
    write_snapshot(folder, snapshot(artifacts=EvaluationArtifacts(latents=np.zeros((3, 2), np.float16))))
    read = read_snapshot(folder, HERE).artifacts
    assert read.latents.shape == (3, 2)
    assert (read.labels, read.confusion, read.mistakes) == (None, None, None)


def test_a_classifier_without_mistakes_has_an_empty_list_of_them(folder):
    none = WorstMistakes(
        np.zeros((0, 2, 2, 1), np.uint8), *(np.zeros(0, t) for t in (np.int64, np.int64, np.float32))
    )
    write_snapshot(
        folder, snapshot(artifacts=EvaluationArtifacts(confusion=np.eye(3, dtype=np.int64), mistakes=none))
    )
    assert read_snapshot(folder, HERE).artifacts.mistakes.images.shape == (0, 2, 2, 1)


def test_snapshot_may_have_no_probes(folder):
    write_snapshot(folder, snapshot())
    assert read_snapshot(folder, HERE).artifacts is None


def test_what_is_not_recorded_is_missing(folder):
    with pytest.raises(CheckpointError, match="No such file"):
        read_snapshot(folder, Position(9))


FUZZ = """
import sys
from pathlib import Path
import numpy as np
from cadl_gui.domain.errors import CheckpointError
from cadl_gui.domain.position import Position
from cadl_gui.runs import hdf5
from cadl_gui.runs.layout import snapshot_path
from cadl_gui.runs.snapshots import read_snapshot

folder, seed = Path(sys.argv[1]), int(sys.argv[2])
path = snapshot_path(folder, Position(3))
whole = path.read_bytes()
random = np.random.default_rng(seed)
refused = 0
for _ in range(int(sys.argv[3])):
    damaged = bytearray(whole)
    for place in random.choice(len(whole), random.integers(1, 4), replace=False):
        damaged[place] ^= 1 << random.integers(8)
    path.write_bytes(damaged[: random.integers(1, len(whole)) if random.random() < 0.2 else len(whole)])
    try:
        read_snapshot(folder, Position(3))
    except CheckpointError:
        refused += 1
print(refused)
"""


def test_every_damage_is_refused(folder):
    """Flipped bits and truncated files never give weights, another error, an endless loop or a crash."""
    write_snapshot(folder, snapshot(artifacts=artifacts()))
    command = [sys.executable, "-c", FUZZ, str(folder), "1", "1000"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == 1000


def rewritten(folder, change):
    """A snapshot that was changed and has a valid seal."""
    write_snapshot(folder, snapshot(artifacts=artifacts()))
    path = snapshot_path(folder, HERE)
    with h5py.File(path, "r+") as file:
        change(file)
    content = bytearray(path.read_bytes())
    digest = hashlib.sha256(content[512:]).hexdigest()
    content[:512] = f"cadl_gui, SHA-256 after 512 bytes: {digest}\n".encode().ljust(512, b"\0")
    path.write_bytes(content)


def test_a_changed_number_is_noticed(folder):
    write_snapshot(folder, snapshot())
    path = snapshot_path(folder, HERE)
    with h5py.File(path, "r+") as file:
        file["weights/layer/kernel"][0, 0] += 1
    with pytest.raises(CheckpointError, match=f"{path.name}.* is damaged"):
        read_snapshot(folder, HERE)


def test_any_hdf5_reader_opens_a_snapshot(folder):
    write_snapshot(folder, snapshot(artifacts=artifacts()))
    with h5py.File(snapshot_path(folder, HERE)) as file:
        kernel = file["weights/layer/kernel"][...]
        np.testing.assert_array_equal(kernel, snapshot().weights["layer/kernel"])
        assert file.attrs["epoch"] == 3


def test_a_file_that_is_removed_between_its_check_and_its_reading_is_not_damaged(folder, monkeypatch):
    """The writer of a followed run drops snapshots at any moment."""
    write_snapshot(folder, snapshot())
    opened = h5py.File

    def open_later(*arguments):
        snapshot_path(folder, HERE).unlink()
        return opened(*arguments)

    monkeypatch.setattr(h5py, "File", open_later)
    assert read_snapshot_if_there(folder, HERE) is None


def test_newer_format_of_a_snapshot_is_named(folder):
    rewritten(folder, lambda file: file.attrs.update(format=3))
    with pytest.raises(CheckpointError, match=r"newer CADL \(format 3\)"):
        read_snapshot(folder, HERE)


def test_the_file_of_another_position_is_noticed(folder):
    write_snapshot(folder, snapshot(Position(2)))
    snapshot_path(folder, Position(2)).rename(snapshot_path(folder, HERE))
    with pytest.raises(CheckpointError, match="damaged"):
        read_snapshot(folder, HERE)


def link_out(file):
    other = Path(file.filename).with_name("other.h5")
    with h5py.File(other, "w") as secret:
        secret["0"] = np.zeros((4, 3), np.float32)
    del file["weights/layer/kernel"]
    file["weights/layer/kernel"] = h5py.ExternalLink(other.name, "0")


def point_within(file):
    file["weights/2"] = h5py.SoftLink("/weights/layer/kernel")


def store_outside(file):
    file["weights"].create_dataset("2", (4,), "f4", external=[("/etc/passwd", 0, 16)])


def be_virtual(file):
    layout = h5py.VirtualLayout((4, 3), "f4")
    layout[...] = h5py.VirtualSource("other.h5", "0", (4, 3))
    file["weights"].create_virtual_dataset("2", layout)


def be_huge(file):
    file["weights"].create_dataset("2", (2**40,), "f4")


def be_packed(file):
    file["weights"].create_dataset("2", data=np.zeros(2**20, np.uint8), compression="gzip")


def be_text(file):
    file["weights"]["2"] = "words"


@pytest.mark.parametrize(
    "change", [link_out, point_within, store_outside, be_virtual, be_huge, be_packed, be_text]
)
def test_only_plain_numbers_inside_the_file_are_read(folder, change):
    rewritten(folder, change)
    with pytest.raises(CheckpointError, match="damaged"):
        read_snapshot(folder, HERE)
