"""IDX files, plain or compressed: valid ones are read exactly, others are reported in one message."""

import gzip
import re
import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from stores import leave_in_files

from cadl_gui.datasets.load import load, scan
from cadl_gui.datasets.sources.idx import load_idx, preview_idx, read_idx
from cadl_gui.domain.errors import DatasetError

CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}


def as_idx(array):
    latent = CODES[array.dtype.str[1:]]
    header = bytes([0, 0, latent, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


def images(n, seed=0, shape=(3, 2)):
    return np.random.default_rng(seed).integers(0, 256, (n, *shape), dtype=np.uint8)


@given(
    array=st.sampled_from(sorted(CODES)).flatmap(
        lambda kind: hnp.arrays(np.dtype(kind), hnp.array_shapes(min_dims=1, max_dims=4, max_side=5))
    ),
    packed=st.booleans(),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_kind_of_number_comes_back_exactly(tmp_path, array, packed):
    path = tmp_path / "numbers"
    path.write_bytes(gzip.compress(as_idx(array), 1) if packed else as_idx(array))
    read = read_idx(path)
    assert read.dtype == array.dtype
    assert read.dtype.isnative
    np.testing.assert_array_equal(read, array)


@given(cut=st.integers(0, 39), packed=st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_cut_anywhere_is_refused_by_name(tmp_path, cut, packed):
    whole = as_idx(images(4))
    path = tmp_path / "short-images"
    path.write_bytes(gzip.compress(whole[:cut]) if packed else whole[:cut])
    with pytest.raises(DatasetError, match="short-images"):
        read_idx(path)


@given(cut=st.integers(2, 60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_compressed_file_cut_anywhere_is_refused(tmp_path, cut):
    packed = gzip.compress(as_idx(images(40)))
    path = tmp_path / "short.gz"
    path.write_bytes(packed[:-cut])
    with pytest.raises(DatasetError, match="damaged"):
        read_idx(path)


@given(data=st.binary(max_size=64))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_noise_is_never_anything_but_a_dataset_error(tmp_path, data):
    path = tmp_path / "noise"
    path.write_bytes(data)
    with pytest.raises(DatasetError):
        load_idx(path)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not an IDX file"),
        (b"\x89HDF\r\n\x1a\n", "not an IDX file"),
        (b"\0\0\x07\x01\0\0\0\x01x", "no number type 0x07"),
        (b"\0\0\x08\x05" + b"\0\0\0\x01" * 5 + b"x", "5 dimensions"),
        (b"\0\0\x08\x03\0\0", "header is incomplete"),
        (b"\0\0\x08\x01\0\0\0\x01xy", "more data than its header says"),
        (b"\0\0\x08\x03" + b"\xff\xff\xff\xff" * 3, "too many for memory"),
        (b"\x1f\x8b\x08\0" + b"\xff" * 40, "cannot be unpacked"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path, data, message):
    path = tmp_path / "some-images"
    path.write_bytes(data)
    with pytest.raises(DatasetError, match=message) as error:
        read_idx(path)
    assert "some-images" in str(error.value)


@pytest.mark.parametrize("packed", [False, True])
def test_a_header_that_promises_gigabytes_allocates_none(tmp_path, packed):
    data = b"\0\0\x08\x02" + (2**22).to_bytes(4, "big") + (1000).to_bytes(4, "big") + bytes(100)
    path = tmp_path / "huge"
    path.write_bytes(gzip.compress(data) if packed else data)
    tracemalloc.start()
    with pytest.raises(DatasetError, match="would unpack from" if packed else "truncated"):
        read_idx(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**20


def write_folder(folder, *, train=(5, 5), test=(2, 2), suffix="", dot=False, shape=(3, 2)):
    for part, numbers in (("train", train), ("t10k", test)):
        for seed, (kind, n) in enumerate(zip(("images", "labels"), numbers or (), strict=False)):
            if n is None:
                continue
            array = images(n, seed, shape) if kind == "images" else np.arange(n, dtype=np.uint8)
            name = f"{part}-{kind}{'.' if dot else '-'}idx{array.ndim}-ubyte{suffix}"
            data = as_idx(array)
            (folder / name).write_bytes(gzip.compress(data, 1) if suffix else data)


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize("dot", [False, True])
def test_a_folder_with_mnists_names_is_training_then_test_images(tmp_path, suffix, dot):
    write_folder(tmp_path, suffix=suffix, dot=dot)
    dataset = load(str(tmp_path))
    assert dataset.name == tmp_path.name
    assert dataset.images.shape == (7, 3, 2, 1)
    np.testing.assert_array_equal(dataset.images[:5][..., 0], images(5))
    assert dataset.labels.tolist() == [0, 1, 2, 3, 4, 0, 1]
    assert dataset.n_test == 2
    preview = preview_idx(tmp_path)
    assert (preview.n, preview.n_test, preview.image_shape) == (7, 2, (3, 2, 1))
    assert preview.class_names == ("0", "1", "2", "3", "4")


def test_the_folder_around_the_files_that_pytorch_downloads_is_a_dataset(tmp_path):
    folder = tmp_path / "FashionMNIST"
    (folder / "raw").mkdir(parents=True)
    write_folder(folder / "raw", suffix=".gz")
    assert scan(str(folder)) is None
    store = load(str(folder))
    assert (store.name, len(store.images), store.n_test) == ("FashionMNIST", 7, 2)


def test_of_a_packed_and_an_unpacked_file_the_unpacked_one_is_read(tmp_path):
    write_folder(tmp_path, train=(7, 7), test=None, suffix=".gz")
    write_folder(tmp_path, train=(5, 5), test=None, suffix="")
    dataset = load_idx(tmp_path)
    assert (len(dataset.images), dataset.labels.tolist()) == (5, [0, 1, 2, 3, 4])


def test_labels_and_the_test_part_may_be_missing(tmp_path):
    write_folder(tmp_path, train=(5, None), test=None)
    dataset = load_idx(tmp_path)
    assert dataset.labels is None
    assert dataset.n_test == 0


def test_file_of_images_finds_its_labels_beside_it(tmp_path):
    write_folder(tmp_path)
    dataset = load_idx(tmp_path / "t10k-images-idx3-ubyte")
    assert dataset.images.shape == (2, 3, 2, 1)
    assert dataset.labels.tolist() == [0, 1]
    assert dataset.n_test == 0


def test_images_that_stay_in_their_file_are_those_read_into_memory(tmp_path, monkeypatch):
    path = tmp_path / "images-idx3-ubyte"
    path.write_bytes(as_idx(images(5)))
    leave_in_files(monkeypatch, 0)
    np.testing.assert_array_equal(load_idx(path).images[3:1:-1][..., 0], images(5)[3:1:-1])
    path.write_bytes(as_idx(images(5)) + b"1")
    with pytest.raises(DatasetError, match="more data than its header says"):
        load_idx(path)


def test_colour_images_keep_their_channels(tmp_path):
    path = tmp_path / "faces"
    path.write_bytes(as_idx(images(4, shape=(5, 6, 3))))
    dataset = load_idx(path)
    assert dataset.image_shape == (5, 6, 3)
    assert dataset.labels is None


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"train": None}, "no train-images file"),
        ({"train": (5, 4)}, "4 labels for 5 images"),
        ({"test": (2, None)}, "Only some of the images"),
        ({"train": (0, 0), "test": None}, "no images"),
    ],
)
def test_a_folder_that_is_incomplete_or_contradicts_itself(tmp_path, parts, message):
    write_folder(tmp_path, **parts)
    with pytest.raises(DatasetError, match=message):
        load_idx(tmp_path)


def test_training_and_test_images_must_have_one_size(tmp_path):
    write_folder(tmp_path, test=None)
    write_folder(tmp_path, train=None, shape=(4, 4))
    with pytest.raises(DatasetError, match="differ in size"):
        load_idx(tmp_path)


def test_labels_are_no_images_and_floats_are_no_bytes(tmp_path):
    write_folder(tmp_path)
    with pytest.raises(DatasetError, match="holds no images"):
        load_idx(tmp_path / "train-labels-idx1-ubyte")
    floats = tmp_path / "floats"
    floats.write_bytes(as_idx(np.zeros((2, 2, 2), np.float32)))
    with pytest.raises(DatasetError, match="images in IDX files are bytes"):
        load_idx(floats)


def test_missing_idx_file_is_named(tmp_path):
    with pytest.raises(DatasetError, match=re.escape(f"There is no dataset “{tmp_path / 'nothing'}”")):
        load(str(tmp_path / "nothing"))


def test_a_file_that_unpacks_to_far_more_than_it_is_is_refused_before_it_does(tmp_path):
    """A file of 18 MB took 5.3 GB."""
    header = b"\0\0\x08\x03" + b"".join(n.to_bytes(4, "big") for n in (100_000, 28, 28))
    path = tmp_path / "train-images.gz"
    path.write_bytes(gzip.compress(header + bytes(100_000 * 28 * 28), 1))
    tracemalloc.start()
    with pytest.raises(DatasetError, match="beyond 67 MB, at most 20 times the packed size is read"):
        load_idx(tmp_path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**22


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.zeros(3, np.float32), "holds no labels"),
        (np.array([0, 1, 4096], np.int32), "has the label 4,096: labels are whole numbers from 0 to 4,095"),
        (np.array([0, 1, -1], np.int8), "has the label -1"),
    ],
)
def test_labels_of_another_type_or_far_too_large_are_refused(tmp_path, labels, message):
    (tmp_path / "train-images").write_bytes(as_idx(images(3)))
    (tmp_path / "train-labels").write_bytes(as_idx(labels))
    with pytest.raises(DatasetError, match=message):
        load_idx(tmp_path)


def test_threads_that_load_a_dataset_at_once_share_it(tmp_path):
    """Those of trainings, networks and datasets; again after it was released, and of another one."""
    for name, n in (("a", 3000), ("b", 2000)):
        (tmp_path / f"{name}-ubyte").write_bytes(as_idx(images(n, shape=(28, 29))))
    for name in ("a", "b", "a"):
        together = threading.Barrier(8)

        def load_it(name=name, together=together):
            together.wait()
            return load(str(tmp_path / f"{name}-ubyte"))

        with ThreadPoolExecutor(8) as threads:
            stores = [each.result() for each in [threads.submit(load_it) for _ in range(8)]]
        assert len({id(store) for store in stores}) == 1
