"""Sessions: what is written is read, and a stranger's file can neither hurt nor write elsewhere."""

import json
import os
import random
import shutil
import signal
import time
import zipfile
from functools import partial
from pathlib import Path

import pytest

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.domain.session import Kept
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.session import bytes_of_runs, read_session, unpack, write_session
from cadl_gui.system.resources import shipped_run

HUGE = b" " * 2**25 + b"{}"
PARTS = {"view": {"run": "id:x", "tab": "drawTab"}, "drawing-28": {"strokes": [[1, 2, 3]]}}
N_HOSTILE = 500


@pytest.fixture
def run(tmp_path):
    """A run of one's own, with the files of the shipped softmax."""
    return Path(shutil.copytree(shipped_run("softmax"), tmp_path / "own"))


@pytest.fixture
def listed(run):
    """The runs of a session: one of one's own, and one that ships."""
    stored = read_run(run)
    return {f"id:{stored.uuid}": ("Max", run), "shipped:vae": ("vae", None)}


def files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rewritten(session, to, change=lambda name, content: (name, content)):
    """Return a copy of a session whose members a function has changed; None leaves one out."""
    with zipfile.ZipFile(session) as old, zipfile.ZipFile(to, "w") as new:
        for info in old.infolist():
            name, content = change(info.filename, old.read(info))
            if name is not None:
                new.writestr(name, content)
    return to


def test_a_session_holds_what_was_put_in_and_unpacks_it_once(tmp_path, run, listed):
    path, to = tmp_path / "lesson.cadl", tmp_path / "to"
    write_session(path, PARTS, listed, Kept.ALL)
    session = read_session(path)
    assert session.parts == PARTS
    assert [(each.key, each.name, each.folder) for each in session.runs] == [
        (next(iter(listed)), "Max", "1"), ("shipped:vae", "vae", "")
    ]  # fmt: skip
    assert session.n_bytes == bytes_of_runs([run])[Kept.ALL] == sum(map(len, files(run).values()))
    placed = unpack(session, to)
    ((key, folder),) = placed.items()
    assert (key, folder.parent) == (next(iter(listed)), to)
    assert files(folder) == {**files(run), Path("from-session"): b""}
    mine = folder / "mine.txt"
    mine.write_text("kept")
    assert unpack(session, to) == placed
    assert mine.read_text() == "kept"


def test_ten_epochs_or_the_last_are_those_that_the_run_then_has(tmp_path, run, listed):
    recorded = read_run(run).recorded
    assert len(recorded) > 3
    for kept, expected in ((Kept.LAST, recorded[-1:]), (Kept.TEN, recorded)):
        session = tmp_path / f"{kept}.cadl"
        write_session(session, PARTS, listed, kept)
        (folder,) = unpack(read_session(session), tmp_path / kept).values()
        stored = read_run(folder)
        assert stored.recorded == (expected if len(expected) < 10 else stored.recorded)
        assert (stored.recorded[0], stored.recorded[-1], len(stored.recorded)) == (
            expected[0], expected[-1], min(10, len(expected))
        )  # fmt: skip
        assert len(stored.history.epochs) == len(read_run(run).history.epochs)
        with pytest.raises(CheckpointError, match="branch from an epoch instead"):
            stored.checkpoint_to_resume()
    assert read_session(tmp_path / "last.cadl").digest != read_session(tmp_path / "ten.cadl").digest


def test_what_ends_the_writing_or_unpacking_leaves_what_was_there(tmp_path, listed):
    class CancelledError(Exception):
        pass

    def cancel():
        raise CancelledError

    path, to = tmp_path / "lesson.cadl", tmp_path / "to"
    write_session(path, PARTS, listed, Kept.LAST)
    before = path.read_bytes()
    with pytest.raises(CancelledError):
        write_session(path, {}, listed, Kept.ALL, cancel)
    with pytest.raises(CancelledError):
        unpack(read_session(path), to, cancel)
    assert (path.read_bytes(), [*to.iterdir()]) == (before, [])
    assert {each.name for each in tmp_path.iterdir()} == {"lesson.cadl", "own", "to"}


@pytest.mark.parametrize(
    ("member", "content"),
    [
        ("../escaped.json", b"{}"), ("/tmp/escaped.json", b"{}"), ("runs/1/../../escaped.json", b"{}"),
        ("runs/1/snapshots/evil.py", b""), ("runs\\1\\run.json", b"{}"), ("runs/1/RUN.json", b"{}"),
        pytest.param("view.json", HUGE, id="huge"),
        ("view.json", b"{}"), ("view.json", b"[" * 100_000), ("runs.json", b'{"format": 1}'),
        ("runs.json", b'{"format": 99, "kept": "all", "runs": []}'),
        ("runs.json", b'{"format": 1, "kept": "some", "runs": []}'),
        ("runs.json", b'{"format": 1, "kept": "all", "runs": [{"key": "a", "name": "a", "folder": ".."}]}'),
        ("runs.json", b'{"format": 1, "kept": "all", "runs": [{"key": "a", "name": "a", "folder": "/etc"}]}'),
        ("runs.json", b'{"format": 1, "kept": "all", "runs": [{"key": "a", "name": "a", "folder": "../n"}]}'),
        ("runs.json", b'{"format": 1, "kept": "all", "runs": [{"key": "a", "name": "a", "folder": [1]}]}'),
        ("runs.json", b'{"format": 1, "kept": "all", "runs": [{"key": 1, "name": "a", "folder": "1"}]}'),
    ],
)  # fmt: skip
def test_a_session_with_other_members_is_refused_in_a_sentence(tmp_path, listed, member, content):
    write_session(tmp_path / "good.cadl", PARTS, listed, Kept.LAST)
    bad = rewritten(
        tmp_path / "good.cadl",
        tmp_path / "bad.cadl",
        lambda name, old: (name, content if name == member else old),
    )
    with zipfile.ZipFile(bad, "a") as archive:
        if member not in archive.namelist():
            archive.writestr(member, content)
    with pytest.raises(
        CheckpointError, match=r"bad\.cadl”|“view\.json” in the session takes 34 MB"
    ) as raised:
        unpack(read_session(bad), tmp_path / "to")
    assert str(raised.value).endswith(".")
    assert not (tmp_path / "to").exists()


def damaged(chance, original):
    """Change some bytes, and leave out the end of some files."""
    content = bytearray(original)
    # The list of members at the end decides most.
    start = chance.choice((0, max(0, len(content) - 1500)))
    for _ in range(chance.choice((1, 4, 40))):
        content[chance.randrange(start, len(content))] = chance.randrange(256)
    if chance.random() < 0.2:
        del content[chance.randrange(len(content)) :]
    return content


OTHER = shipped_run("vae")


def of_another(chance, name, content):
    """What a member holds in another run: its id, its history or its key, so that they belong to two runs."""
    part = chance.choice(("run.json", "history.jsonl", "runs.json"))
    if name == f"runs/1/{part}":
        return name, (OTHER / part).read_bytes()
    return name, content.replace(b"id:", b"shipped:") if name == part else content


@pytest.mark.slow
def test_hundreds_of_damaged_sessions_open_or_are_refused(tmp_path, run, listed):
    """Bytes flipped, cut off and repeated, and runs with another's id, history or key.

    What opens has nothing outside its folder, and each run in it can be read or is refused, too.
    """
    good, before = tmp_path / "good.cadl", files(run)
    write_session(good, PARTS, listed, Kept.LAST)
    original, chance = good.read_bytes(), random.Random(7)
    refused, n_read = [], 0
    for n in range(N_HOSTILE):
        bad, to = tmp_path / "bad.cadl", tmp_path / f"to-{n}"
        if n % 5 == 0:
            rewritten(good, bad, partial(of_another, chance))
        else:
            bad.write_bytes(damaged(chance, original))
        try:
            session = read_session(bad)
            json.dumps(session.parts)
            for place in unpack(session, to).values():
                assert place.parent == to
                read_run(place)
                n_read += 1
        except CheckpointError as error:
            refused.append(str(error))
        shutil.rmtree(to, ignore_errors=True)
    assert len(refused) > N_HOSTILE / 2
    assert n_read > N_HOSTILE / 20
    assert all(sentence.endswith(".") for sentence in refused)
    assert {each.name for each in tmp_path.iterdir()} == {"good.cadl", "bad.cadl", "own"}
    assert files(run) == before


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows cannot fork; its files are moved the same way")
def test_a_session_killed_a_hundred_times_while_it_is_saved_is_whole(tmp_path, listed):
    """Each child saves one of two sessions over and over, until it is killed at some moment."""
    path, chance, seen = tmp_path / "lesson.cadl", random.Random(11), set()
    write_session(path, {**PARTS, "labelled": {"n": 0}}, listed, Kept.LAST)
    for n in range(1, 101):
        child = os.fork()
        if child == 0:
            while True:
                write_session(path, {**PARTS, "labelled": {"n": n}}, listed, Kept.LAST)
        time.sleep(chance.uniform(0, 0.15))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        session = read_session(path)
        assert session.parts["labelled"]["n"] in {n, *seen, 0}
        seen.add(session.parts["labelled"]["n"])
        unpack(session, tmp_path / f"to-{n}")
    assert len(seen) > 10, "it was hardly ever complete: it was killed too early"
