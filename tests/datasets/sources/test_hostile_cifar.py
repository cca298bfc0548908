"""Archives and folders like CIFAR-10's that claim what is not there are refused by a sentence."""

import gzip
import io
import os
import pickle
import tarfile

import numpy as np
import pytest

from cadl_gui.datasets.load import scan
from cadl_gui.domain.errors import DatasetError

EMPTY = tarfile.TarInfo("readme").tobuf()


def header(size=0, name="data_batch_1", kind=tarfile.REGTYPE):
    info = tarfile.TarInfo(name)
    info.size, info.type = size, kind
    return info.tobuf()


def backwards():
    """A header whose member ends before it begins, so that the next header is the same one again."""
    whole = bytearray(EMPTY)
    whole[124:136] = b"\xff" * 10 + b"\xfe\x00"  # -512
    whole[148:156] = b" " * 8
    whole[148:156] = b"%06o\0 " % sum(whole)
    return EMPTY * 3 + bytes(whole)


def sparse():
    """A batch of 8 GB that consists of nothing but a hole, in the format of GNU."""
    whole = bytearray(header(kind=b"S"))
    whole[257:265] = b"ustar  \0"
    whole[483:495] = b"\x80" + (2**33).to_bytes(11, "big")
    whole[148:156] = b" " * 8
    whole[148:156] = b"%06o\0 " % sum(whole)
    return bytes(whole)


ARCHIVES = {
    "a chain of names": (header(2, kind=b"L") + b"x\0".ljust(512, b"\0")) * 3000,
    "goes back": backwards(),
    "a hole": sparse(),
    "a long name": header(2**25, kind=b"L") + b"x" * 2**25,
    "a large batch": header(2**26 + 1) + bytes(2**20),
    "very many": EMPTY * 1001,
}
MESSAGES = {
    "goes back": "over 1,000 files|holds no CIFAR-10",  # the latter since Python 3.13
    "a hole": "holds no CIFAR-10",
    "a large batch": "larger than 67 MB|” is too large: at most 67 MB",
    "very many": "over 1,000 files",
}


@pytest.mark.parametrize("name", ARCHIVES)
@pytest.mark.parametrize("suffix", ["tar", "tar.gz"])
def test_archives_that_claim_what_is_not_there_are_refused(tmp_path, name, suffix):
    path = tmp_path / f"cifar.{suffix}"
    data = ARCHIVES[name] + bytes(1024)
    path.write_bytes(gzip.compress(data, 1) if suffix == "tar.gz" else data)
    with pytest.raises(DatasetError, match=f"cifar.*{MESSAGES.get(name, 'is damaged')}"):
        scan(str(path))


def test_no_more_files_are_read_than_cifar_has(tmp_path):
    for number in range(1, 20):
        (tmp_path / f"data_batch_{number}.bin").write_bytes(bytes(3073))
    with pytest.raises(DatasetError, match="CIFAR-10 has seven files"):
        scan(str(tmp_path))


def test_batches_of_zeros_that_take_no_space_are_not_all_read(tmp_path):
    for number in range(1, 7):
        with (tmp_path / f"data_batch_{number}.bin").open("wb") as file:
            file.truncate(3073 * 20_000)
    with pytest.raises(DatasetError, match="too large: at most 268 MB"):
        scan(str(tmp_path))


ODD = {
    "lists": [[]] * 4,
    "a tuple": ("a",),
    "a dictionary": {"a": 1},
    "none": None,
}


def archive_with(path, values):
    with tarfile.open(path, "w") as archive:
        data = values if isinstance(values, bytes) else pickle.dumps(values, 2)
        info = tarfile.TarInfo("data_batch_1")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return str(path)


@pytest.mark.parametrize("odd", ODD)
def test_values_of_other_kinds_are_neglected_where_nothing_depends_on_them(tmp_path, odd):
    values = {"data": np.zeros((4, 3072), np.uint8), "labels": [1] * 4, "filenames": ODD[odd]}
    assert scan(archive_with(tmp_path / "cifar.tar", values)).preview.n == 4


@pytest.mark.parametrize("odd", ODD)
def test_labels_of_other_kinds_are_named(tmp_path, odd):
    values = {"data": np.zeros((4, 3072), np.uint8), "labels": ODD[odd]}
    with pytest.raises(DatasetError, match=r"“data_batch_1” in “.*” holds no labels"):
        scan(archive_with(tmp_path / "cifar.tar", values))


class Harmful:
    def __init__(self, *call):
        self._call = call

    def __reduce__(self):
        return self._call


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("call", [(os.system, "touch '{}'"), (eval, "open({!r}, 'w')"), (os.makedirs, "{}")])
def test_what_a_pickle_would_call_is_named_and_not_called(tmp_path, protocol, call):
    function, does = call
    harmful = Harmful(function, (does.format(str(tmp_path / "touched")),))
    values = pickle.dumps({"data": harmful, "labels": [1]}, protocol)
    with pytest.raises(
        DatasetError, match=r"it asks for “.*(system|eval|makedirs)”, which plain values do not"
    ):
        scan(archive_with(tmp_path / "cifar.tar", values))
    assert [path.name for path in tmp_path.iterdir()] == ["cifar.tar"]


def test_the_name_of_what_a_pickle_asks_for_is_shown_in_part(tmp_path):
    with pytest.raises(DatasetError, match=r"it asks for “os n{97}”") as refused:
        scan(archive_with(tmp_path / "cifar.tar", b"cos\n" + b"n" * 10**6 + b"\n."))
    assert len(str(refused.value)) < 400


TEXT = (
    b"\x80\2c_codecs\nencode\nq\0X" + (10**6).to_bytes(4, "little") + b"x" * 10**6 + b"q\1X\6\0\0\0latin1q\2]"
)
DAMAGED = {
    "a text as shape": b"(U\1aJ\0\0\0\x7ft",
    "a long shape": b"(" + b"J\xff\xff\xff\x7f" * 50_000 + b"t",
    "a huge shape": b"(J\xff\xff\xff\x7fJ\xff\xff\xff\x7ft",
}
ARRAY = (
    b"\x80\2cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\0tU\1btR(K\1%bcnumpy\ndtype\n"
    b"(U\2u1K\0K\1tR(K\3U\1|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb\x89U\3abctb."
)


@pytest.mark.parametrize("name", DAMAGED)
def test_an_array_that_is_not_as_large_as_it_says_is_damaged(tmp_path, name):
    with pytest.raises(DatasetError, match="is not opened: it is damaged"):
        scan(archive_with(tmp_path / "cifar.tar", ARRAY % DAMAGED[name]))


@pytest.mark.parametrize(
    "values", [np.arange(3.0), np.array([None]), np.asfortranarray(np.zeros((2, 3072), np.uint8))]
)
def test_arrays_of_anything_but_bytes_row_by_row_are_refused(tmp_path, values):
    with pytest.raises(DatasetError, match=r"it (is damaged|asks for)|holds no images of CIFAR-10"):
        scan(archive_with(tmp_path / "cifar.tar", {"data": values, "labels": [1] * len(values)}))


def test_a_megabyte_does_not_become_gigabytes(tmp_path):
    with pytest.raises(DatasetError, match="it is damaged or truncated"):
        scan(archive_with(tmp_path / "cifar.tar", TEXT + b"h\0h\1h\2\x86Ra" * 5000 + b"."))
    values = {"data": np.zeros((4, 3072), np.uint8), "labels": [1] * 4}
    assert scan(archive_with(tmp_path / "cifar.tar", values)).preview.n == 4


@pytest.mark.slow
def test_a_key_that_would_be_hashed_for_ages_ends_the_process_that_reads_it(tmp_path):
    key = b"K\1\x85q\0" + b"h\0\x86q\0" * 100
    with pytest.raises(DatasetError, match="it takes too long, or too much memory"):
        scan(archive_with(tmp_path / "cifar.tar", b"\x80\2}" + key + b"K\1s."))
