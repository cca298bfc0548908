"""Both versions of CIFAR-10 become the same store, as archive and as folder."""

import gzip
import io
import pickle
import struct
import tarfile

import numpy as np
import pytest
from PIL import Image
from preparing import prepare

from cadl_gui.datasets.load import scan
from cadl_gui.domain.errors import DatasetError

RANDOM = np.random.default_rng(0)
N = 12
NAMES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
FILES = ("data_batch_1", "data_batch_2", "test_batch")
IMAGES = RANDOM.integers(0, 256, (len(FILES), N, 32, 32, 3), np.uint8)
LABELS = RANDOM.integers(0, 10, (len(FILES), N)).tolist()


def planes(images):
    """Rows of red, green and blue planes, (n, 3072)."""
    return np.ascontiguousarray(images.transpose(0, 3, 1, 2)).reshape(len(images), -1)


def python_2_pickle(value):
    """Written as Python 2 did, in which CIFAR-10 was: texts are bytes without encoding."""
    if isinstance(value, dict):
        items = b"".join(python_2_pickle(key) + python_2_pickle(each) for key, each in value.items())
        return b"}(" + items + b"u"
    if isinstance(value, list):
        return b"](" + b"".join(python_2_pickle(each) for each in value) + b"e"
    if isinstance(value, str):
        return b"U" + bytes([len(value)]) + value.encode()
    if isinstance(value, int):
        return b"K" + bytes([value])
    head = b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\x00tU\x01btR(K\x01(M"
    shape = struct.pack("<H", value.shape[0]) + b"M" + struct.pack("<H", value.shape[1])
    dtype = b"tcnumpy\ndtype\n(U\x02u1K\x00K\x01tR(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
    return head + shape + dtype + b"\x89T" + struct.pack("<i", value.nbytes) + value.tobytes() + b"tb"


def as_python_2(value):
    return b"\x80\x02" + python_2_pickle(value) + b"."


def batch(number):
    names = [f"{FILES[number]}_{i}.png" for i in range(N)]
    return {"data": planes(IMAGES[number]), "labels": LABELS[number], "filenames": names}


def contents(version):
    """The files of one version, by name."""
    if version == "binary":
        rows = [np.column_stack([np.array(LABELS[i], np.uint8), planes(IMAGES[i])]) for i in range(3)]
        files = {f"{name}.bin": row.tobytes() for name, row in zip(FILES, rows, strict=True)}
        return files | {"batches.meta.txt": "\n".join(NAMES).encode() + b"\n\n", "readme.html": b"x"}
    dump = as_python_2 if version == "python 2" else lambda value: pickle.dumps(value, 2)
    files = {name: dump(batch(number)) for number, name in enumerate(FILES)}
    return files | {"batches.meta": dump({"label_names": NAMES, "num_vis": 12}), "readme.html": b"x"}


def written(tmp_path, files, packed):
    inner = "cifar-10-batches-py"
    if not packed:
        (tmp_path / "cifar" / inner).mkdir(parents=True)
        for name, data in files.items():
            (tmp_path / "cifar" / inner / name).write_bytes(data)
        return tmp_path / "cifar"
    with tarfile.open(tmp_path / "cifar-10.tar.gz", "w:gz") as archive:
        for name, data in reversed(files.items()):
            info = tarfile.TarInfo(f"{inner}/{name}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return tmp_path / "cifar-10.tar.gz"


@pytest.mark.parametrize("packed", [True, False], ids=["archive", "folder"])
@pytest.mark.parametrize("version", ["binary", "python 2", "python 3"])
def test_images_labels_names_and_the_test_part_come_back(tmp_path, version, packed):
    store, report = prepare(written(tmp_path, contents(version), packed))
    np.testing.assert_array_equal(store.images[:], IMAGES.reshape(-1, 32, 32, 3))
    assert store.labels.tolist() == np.ravel(LABELS).tolist()
    assert store.class_names == tuple(NAMES)
    assert (store.n_test, report.opened) == (N, 3 * N)
    if version != "binary":
        assert store.file_names[0] == "data_batch_1_0.png"


def test_options_change_size_and_colour_and_a_limit_takes_some_of_each_file(tmp_path):
    path = written(tmp_path, contents("binary"), packed=True)
    store, _ = prepare(path, size=20, grey=True, limit=6)
    assert store.images.shape == (6, 20, 20, 1)
    assert store.n_test == 2
    expected = Image.fromarray(IMAGES[0, 0]).convert("L").resize((20, 20), Image.Resampling.BICUBIC)
    np.testing.assert_array_equal(store.images[:][0, ..., 0], np.asarray(expected))
    assert store.labels.tolist()[::5] == [LABELS[0][0], LABELS[2][-1]]


class Harmful:
    def __reduce__(self):
        return print, ("executed",)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "data_batch_1",
            pickle.dumps(Harmful(), 2),
            r"data_batch_1” in “.*” is not opened: it asks for .*print",
        ),
        ("data_batch_1", contents("python 2")["data_batch_1"][:5000], "is not opened: it is"),
        ("data_batch_1", pickle.dumps({"data": 3}, 2), "holds no images of CIFAR-10"),
        ("data_batch_1", as_python_2(batch(0) | {"labels": [1, 2]}), "holds 12 images but 2 labels"),
        ("data_batch_1", as_python_2(batch(0) | {"labels": [11] * N}), "holds no labels"),
        ("batches.meta", as_python_2({"label_names": NAMES[:3]}), "does not name ten classes"),
        ("data_batch_3.bin", b"x" * 100, "data_batch_3.bin” in “.*” is truncated"),
    ],
)
@pytest.mark.parametrize("packed", [True, False], ids=["archive", "folder"])
def test_what_is_wrong_in_a_file_is_named_and_nothing_is_executed(
    tmp_path, capsys, name, content, message, packed
):
    path = written(tmp_path, contents("python 2") | {name: content}, packed)
    with pytest.raises(DatasetError, match=message):
        scan(str(path))
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["cifar.tgz", "downloaded", "data.tar.gz.1"])
def test_an_archive_is_known_by_its_files_not_by_its_name(tmp_path, name):
    path = written(tmp_path, contents("binary"), packed=True).rename(tmp_path / name)
    assert scan(str(path)).preview.n == 3 * N


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_batches_pickled_again_by_python_3_are_read_in_any_protocol(tmp_path, protocol):
    """As `pickle.load(…, encoding="bytes")` and `pickle.dump` leave them; the batch has an empty label."""
    changed = {key.encode(): value for key, value in batch(1).items()}
    changed[b"filenames"] = [name.encode() for name in changed[b"filenames"]]
    changed[b"batch_label"] = b""
    files = contents("python 2") | {"data_batch_2": pickle.dumps(changed, protocol)}
    store, _ = prepare(written(tmp_path, files, packed=False))
    np.testing.assert_array_equal(store.images[:], IMAGES.reshape(-1, 32, 32, 3))
    assert store.file_names[N] == "data_batch_2_0.png"


def test_archives_without_cifar_or_that_are_none_are_named(tmp_path):
    path = written(tmp_path, {"readme.html": b"x"}, packed=True)
    with pytest.raises(DatasetError, match=r"cifar-10\.tar\.gz” holds no CIFAR-10: there is no data_batch_1"):
        scan(str(path))
    for content in (b"text", b"\x1f\x8btext"):
        path.write_bytes(content)
        with pytest.raises(DatasetError, match=r"cifar-10\.tar\.gz” (is damaged|cannot be read)"):
            scan(str(path))


def test_an_archive_that_unpacks_to_gigabytes_is_refused_before(tmp_path):
    path = tmp_path / "bomb.tar.gz"
    info = tarfile.TarInfo("other")
    info.size = 2**33
    with gzip.open(path, "wb") as file:
        file.write(info.tobuf() + b"\0" * 100_000)
    with pytest.raises(
        DatasetError, match=r"bomb\.tar\.gz” is not opened: unpacked, it is larger than 67 MB"
    ):
        scan(str(path))
