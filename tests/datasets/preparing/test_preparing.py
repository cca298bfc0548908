"""Preparing decodes once, in any number of processes, and leaves all or nothing."""

import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from preparing import prepare
from stores import leave_in_files

from cadl_gui.cli import main
from cadl_gui.datasets.load import load, load_if_asked_for, scan
from cadl_gui.datasets.preparing.cache import (
    IMAGES,
    datasets_folder,
    find_prepared,
    is_current,
    prepared_datasets,
)
from cadl_gui.datasets.preparing.pixel_file import PixelFile
from cadl_gui.datasets.source import NotPreparedError
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.preparing_options import PreparingOptions
from cadl_gui.system.stages import result_of

N = 1400
"""Images of a folder that is prepared in other processes."""


def make_folder(folder, n):
    """Images of one colour each, which tells which one it is; every hundredth is no image."""
    for number in range(n):
        path = folder / f"class {number % 3}" / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        if number % 100 == 50:
            path.write_text("no image")
        else:
            Image.new("RGB", (5, 4), (number % 256, number // 256, 7)).save(path)
    return folder


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "colours", 30)


@pytest.fixture(scope="session")
def many(tmp_path_factory):
    return make_folder(tmp_path_factory.mktemp("many") / "colours", N)


def in_cache():
    """Everything in the cache, whatever it is."""
    folder = datasets_folder()
    return sorted(folder.iterdir()) if folder.exists() else []


@pytest.mark.parametrize("workers", [1, 2])
def test_the_order_is_the_same_whatever_the_processes_do(many, workers):
    store, report = prepare(many, workers)
    assert report.opened == len(store.images) == N - 14
    pixels = store.images[:][:, 0, 0]
    numbers = [int(Path(name).stem) for name in store.file_names]
    assert (pixels[:, 0] + 256 * pixels[:, 1].astype(int)).tolist() == numbers
    assert [f"class {number % 3}" for number in numbers] == [store.class_names[i] for i in store.labels]
    assert numbers == sorted(numbers, key=lambda number: (number % 3, number))


def test_progress_ends_at_all_of_them(many):
    done = list(scan(str(many)).prepare(2))
    assert done[0] == (0, N)
    assert done[-1] == (N, N)
    assert len(done) > 4
    assert [progress.done for progress in done] == sorted(progress.done for progress in done)


def test_what_is_not_prepared_is_not_opened(folder):
    with pytest.raises(NotPreparedError, match=r"colours” has not been prepared yet: open it in the window"):
        load(str(folder))
    first, _ = prepare(folder)
    assert load(str(folder)) is first
    with pytest.raises(NotPreparedError):
        load(f"{folder}:size=20")
    prepare(folder, size=20)
    assert load(f"{folder}:size=20").image_shape == (20, 20, 3)
    assert load(str(folder)).image_shape == (64, 64, 3)


@pytest.mark.parametrize("change", ["added", "changed", "removed"])
def test_a_folder_that_has_changed_has_to_be_prepared_again(folder, change):
    before, _ = prepare(folder)
    path = folder / "class 0" / "0.png"
    if change == "added":
        Image.new("RGB", (5, 4)).save(folder / "class 0" / "new.png")
    elif change == "changed":
        Image.new("RGB", (5, 4), "white").save(path)
        os.utime(path, ns=(1, 1))
    else:
        path.unlink()
    with pytest.raises(NotPreparedError):
        load(str(folder))
    after, _ = prepare(folder)
    assert after.fingerprint != before.fingerprint
    assert before.is_current
    assert [is_current(each) for each in prepared_datasets()].count(True) == 1


def test_dataset_is_prepared_once(folder):
    store, report = prepare(folder)
    assert list(scan(str(folder)).prepare()) == []
    assert result_of(scan(str(folder)).prepare()) == report
    assert load(str(folder)) is store


def test_a_disk_that_is_not_connected_is_not_missed(folder):
    store, _ = prepare(folder)
    shutil.rmtree(folder)
    assert load(str(folder)) is store
    assert [is_current(each) for each in prepared_datasets()] == [False]


@pytest.mark.parametrize("n_stages", [0, 1, 3])
@pytest.mark.parametrize("workers", [0, 2])
def test_preparing_that_is_cancelled_leaves_nothing(many, folder, n_stages, workers):
    """Without workers, few images are decoded, in one process."""
    dataset = str(many if workers else folder)
    preparing = scan(dataset).prepare(workers)
    for _ in range(min(n_stages, 3 if workers else 1)):
        next(preparing)
    preparing.close()
    assert in_cache() == []
    with pytest.raises(NotPreparedError):
        load(dataset)


HALF = """
import os, sys
from cadl_gui.datasets.load import scan

if __name__ == "__main__":
    preparing = scan(sys.argv[1]).prepare(2)
    for _ in range(3):
        next(preparing)
    print("half", flush=True)
    sys.stdin.read()
    for _ in preparing:
        pass
"""


def test_what_was_killed_while_preparing_is_not_found_and_goes_when_it_is_prepared_anew(many, tmp_path):
    with half_prepared(many, tmp_path) as process:
        workers = children_of(process.pid)
        process.kill()
    assert any(path.is_dir() for path in in_cache()), "it was to be killed half-way"
    assert prepared_datasets() == []
    assert find_prepared(many, PreparingOptions()) is None
    with pytest.raises(NotPreparedError):
        load(str(many))
    given_up = time.monotonic() + 60
    while any(map(is_alive, workers)):
        assert time.monotonic() < given_up, "what was started by a process that is gone goes on"
        time.sleep(0.01)
    store, report = prepare(many)
    assert report.opened == len(store.images) == N - 14
    assert in_cache() == [prepared_datasets()[0].folder]


def test_half_of_another_dataset_that_was_killed_goes_as_well(many, folder, tmp_path):
    with half_prepared(many, tmp_path) as process:
        process.kill()
    prepare(folder)
    assert in_cache() == [prepared_datasets()[0].folder]


def test_what_was_killed_goes_with_all_others_by_the_command_line(many, folder, tmp_path):
    with half_prepared(many, tmp_path) as process:
        process.kill()
    assert any(path.is_dir() for path in in_cache()), "it was to be killed half-way"
    assert main(["data", "remove", "--all"]) == 0
    assert in_cache() == []


def test_a_dataset_is_prepared_by_one_process_at_a_time(many, folder, tmp_path):
    with half_prepared(many, tmp_path) as process:
        with pytest.raises(DatasetError, match=rf"is being prepared by another process \({process.pid}\)"):
            prepare(many)
        prepare(folder)
        process.stdin.write(b"end\n")
        process.stdin.close()
        assert process.wait() == 0
    assert result_of(scan(str(many)).prepare()).opened == N - 14
    assert len(in_cache()) == len(prepared_datasets()) == 2


@contextmanager
def half_prepared(path, scratch):
    """A process that prepares a dataset and has stopped half-way; it goes on when it is told to."""
    script = scratch / "half.py"
    script.write_text(HALF)
    command = [sys.executable, str(script), str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"half\n"
        yield process


def children_of(pid):
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return children.read_text().split() if children.exists() else []


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_a_full_disk_is_reported_and_leaves_nothing(folder, monkeypatch):
    def create(_, n, shape):
        return PixelFile(Path("/dev/full"), 0, n, shape)

    monkeypatch.setattr(PixelFile, "create", create)
    with pytest.raises(DatasetError, match=r"colours” cannot be prepared in .*: No space left on device\."):
        prepare(folder)
    assert in_cache() == []


def test_a_disk_with_too_little_room_is_reported_before(folder, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(DatasetError, match=r"colours” takes 369 kB prepared, but only 1 kB are free"):
        prepare(folder)
    assert in_cache() == []


def test_what_an_interrupted_removal_left_is_prepared_again(folder):
    prepare(folder)
    (prepared_datasets()[0].folder / "about.json").unlink()
    store, _ = prepare(folder)
    assert len(store.images) == 30
    assert len(in_cache()) == 1


def test_a_folder_that_disappears_meanwhile_is_named(many, tmp_path):
    copy = shutil.copytree(many, tmp_path / "copy")
    preparing = scan(str(copy)).prepare(1)
    next(preparing)
    shutil.rmtree(copy)
    with pytest.raises(DatasetError, match="copy” disappeared while its images were read"):
        result_of(preparing)
    assert in_cache() == []


def test_what_can_be_listed_can_be_removed(folder):
    prepare(folder)
    prepare(folder, grey=True)
    listed = prepared_datasets()
    assert [each.dataset for each in listed] == [str(folder), f"{folder}:grey=on"]
    assert listed[0].n_bytes > 30 * 64 * 64 * 3 > listed[1].n_bytes
    assert listed[0].report.opened == 30
    listed[0].remove()
    assert prepared_datasets() == listed[1:]
    with pytest.raises(NotPreparedError):
        load(str(folder))


@pytest.mark.parametrize("damage", ["{", "[]", '{"format": 99}', "\x00", '{"format": 1, "path": 3}'])
def test_what_is_damaged_in_the_cache_is_not_found(folder, damage):
    prepare(folder)
    (prepared_datasets()[0].folder / "about.json").write_text(damage)
    assert prepared_datasets() == []
    assert find_prepared(folder, PreparingOptions()) is None


def test_a_path_in_a_file_is_not_looked_up_even_if_it_is_prepared(folder):
    result_of(scan(str(folder)).prepare())
    with pytest.raises(DatasetError, match="not looked up unless you ask"):
        load_if_asked_for(str(folder))


def test_prepared_images_that_are_large_stay_in_their_file(folder, monkeypatch):
    leave_in_files(monkeypatch, more_bytes_than=1000)
    store, _ = prepare(folder)
    np.testing.assert_array_equal(store.images[:][7, 0, 0], [21, 0, 7])
    (file,) = datasets_folder().rglob(IMAGES)
    file.unlink()
    with pytest.raises(DatasetError, match="was changed while its images were in use"):
        store.images[:1]
