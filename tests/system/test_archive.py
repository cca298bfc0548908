"""The length of an archive's list of members is checked before the list is read."""

import struct
import zipfile

import pytest

from cadl_gui.system.archive import require_few_members


def archive(path, n_members):
    with zipfile.ZipFile(path, "w") as file:
        for i in range(n_members):
            file.writestr(f"member {i}", b"x")
    return path


def with_long_numbers(path, *, moved=0):
    """The same archive with the ending of archives above two gigabytes (ZIP64)."""
    data = path.read_bytes()
    _, _, _, _, n, size, start, _ = struct.unpack("<4s4H2LH", data[-22:])
    large = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, n, n, size, start)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, len(data) - 22 + moved, 1)
    path.write_bytes(data[:-22] + large + locator + data[-22:])
    return path


def test_a_few_members_are_no_reason_to_refuse(tmp_path):
    require_few_members(archive(tmp_path / "a.zip", 4))
    long = with_long_numbers(archive(tmp_path / "b.zip", 4))
    assert len(zipfile.ZipFile(long).namelist()) == 4
    require_few_members(long)


def test_very_many_are_refused(tmp_path):
    for path in (archive(tmp_path / "a.zip", 2000), with_long_numbers(archive(tmp_path / "b.zip", 2000))):
        with pytest.raises(OSError, match="at most 66 kB are read"):
            require_few_members(path)


def test_list_that_is_elsewhere_is_refused(tmp_path):
    with pytest.raises(zipfile.BadZipFile, match="not before its end"):
        require_few_members(with_long_numbers(archive(tmp_path / "a.zip", 4), moved=-50))


@pytest.mark.parametrize("data", [b"", b"PK\5\6", b"PK\3\4" * 20])
def test_file_that_is_no_archive_is_refused(tmp_path, data):
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(zipfile.BadZipFile):
        require_few_members(tmp_path / "a.zip")


def commented(path, comment):
    with zipfile.ZipFile(path, "a") as file:
        file.comment = comment
    return path


@pytest.mark.parametrize("comment", [b"4d5e6f" * 7, b"x" * 65_535])
def test_a_comment_is_no_reason_to_refuse_but_hides_nothing(tmp_path, comment):
    """What GitHub packs has one."""
    require_few_members(commented(archive(tmp_path / "a.zip", 4), comment))
    with pytest.raises(OSError, match="at most 66 kB are read"):
        require_few_members(commented(archive(tmp_path / "b.zip", 2000), comment))


def test_a_second_end_in_a_comment_is_refused(tmp_path):
    path = commented(archive(tmp_path / "a.zip", 4), b"PK\5\6" + bytes(16) + b"\1\0" + b"x" * 9)
    with pytest.raises(zipfile.BadZipFile, match="does not end as archives do"):
        require_few_members(path)
