"""A session: one file with what a window showed, and the runs that it names, which others can open.

It is a ZIP archive of

view.json                        the view; see `View.to_json`
drawing-….json, labelled.json    its drawings, as the program keeps them for its next start
runs.json                        the runs: key, name and folder of each, and which epochs were kept
runs/1/…                         the files of a run's folder; see `layout`
runs/2/checkpoint.keras          a checkpoint that was open

A run that ships with the program is named by its key alone. The images of datasets are not inside; each run's
manifest has the name and the fingerprint of its own.
"""

import hashlib
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.domain.file_format import FORMAT, require_format
from cadl_gui.domain.images import evenly_spread
from cadl_gui.domain.session import Kept, PackedRun, Session
from cadl_gui.runs import layout
from cadl_gui.runs.manifest import parse_json
from cadl_gui.runs.reader import StoredRun, read_run
from cadl_gui.system.archive import open_archive, unpack_member
from cadl_gui.system.atomic_write import RUN_HISTORY, RUN_MANIFEST, atomic_folder, atomic_output
from cadl_gui.system.file_limits import (
    MOST_CHECKPOINT_BYTES,
    MOST_HISTORY_BYTES,
    MOST_MANIFEST_BYTES,
    MOST_SESSION_PARTS_BYTES,
    MOST_SESSION_RUNS,
    MOST_SNAPSHOT_BYTES,
    MOST_WORK_BYTES,
)
from cadl_gui.system.room_on_disk import bytes_of
from cadl_gui.system.words import _

_CHECKPOINT = "checkpoint.keras"
_LIMITS = (
    (re.compile(r"[a-z0-9-]{1,60}\.json"), MOST_WORK_BYTES),
    (re.compile(rf"runs/\d{{1,3}}/{re.escape(RUN_MANIFEST)}"), MOST_MANIFEST_BYTES),
    (re.compile(rf"runs/\d{{1,3}}/{re.escape(RUN_HISTORY)}"), MOST_HISTORY_BYTES),
    (re.compile(r"runs/\d{1,3}/checkpoint(-\d{4,9})?\.keras"), MOST_CHECKPOINT_BYTES),
    (re.compile(rf"runs/\d{{1,3}}/snapshots/{layout.SNAPSHOT.pattern}"), MOST_SNAPSHOT_BYTES),
)
"""Names of members, with the size of each: a session has no others, so none leads elsewhere."""

_FOLDER = re.compile(r"[0-9]{1,3}")
"""Name of a run's folder, here and where it is unpacked: it leads nowhere else."""

_FEW = 10
_LONGEST_NAME = 4096


def bytes_of_runs(sources: Iterable[Path]) -> dict[Kept, int]:
    """Return how many bytes these runs take in a session, for each choice of epochs."""
    read = [(source, None if source.is_file() else read_run(source)) for source in sources]
    return {
        kept: sum(bytes_of(file) for source, run in read for file in _files(source, run, kept).values())
        for kept in Kept
    }


def write_session(
    path: Path,
    parts: Mapping[str, Any],
    runs: Mapping[str, tuple[str, Path | None]],
    kept: Kept,
    require_go_on: Callable[[], None] = lambda: None,
) -> None:
    """Write a session. An existing file is replaced only once the new one is complete.

    Args:
        parts: what `Session.parts` returns.
        runs: name, and folder or checkpoint, by key; None for one that ships with the program.
        kept: which epochs to put in.
        require_go_on: called between files; what it raises ends the writing.

    Raises:
        CheckpointError: if there are too many runs, or one cannot be read.
        OSError: if the file cannot be written.
    """
    if len(runs) > MOST_SESSION_RUNS:
        raise CheckpointError(
            _("A session takes up to {most_session_runs} runs, not {n}.").format(
                most_session_runs=MOST_SESSION_RUNS, n=len(runs)
            )
        )
    packed = [
        PackedRun(key, name, "" if source is None else str(n))
        for n, (key, (name, source)) in enumerate(runs.items(), 1)
    ]
    listed = {"kept": kept, "runs": [asdict(run) for run in packed]}
    with atomic_output(path) as beside, zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, values in {**parts, "runs": listed}.items():
            archive.writestr(f"{name}.json", json.dumps({"format": FORMAT, **values}))
        for run, (_run, source) in zip(packed, runs.values(), strict=True):
            stored = None if source is None or source.is_file() else read_run(source)
            for name, file in ({} if source is None else _files(source, stored, kept)).items():
                require_go_on()
                # Weights hardly become smaller.
                method = zipfile.ZIP_STORED if file.suffix in {".h5", ".keras"} else zipfile.ZIP_DEFLATED
                archive.write(file, f"runs/{run.folder}/{name}", method)


def read_session(path: Path) -> Session:
    """Read what a session holds, but for its runs.

    Raises:
        CheckpointError: if it is not a session, is damaged, of a later format, or cannot be read.
    """
    with _open(path) as archive:
        parts = {}
        for name in (info.filename for info in archive.infolist() if "/" not in info.filename):
            values = parse_json(archive.read(name), path, _("its {name} cannot be read").format(name=name))
            require_format(values.pop("format"), f"“{path.name}”", CheckpointError)
            parts[name.removesuffix(".json")] = values
        listed = parts.pop("runs")
        runs = tuple(PackedRun(**run) for run in listed["runs"])
        folders = [run.folder for run in runs if run.folder]
        texts = [text for run in runs for text in (run.key, run.name, run.folder)]
        are_names = all(isinstance(text, str) and len(text) <= _LONGEST_NAME for text in texts)
        if not are_names or not all(map(_FOLDER.fullmatch, folders)):
            raise ValueError("Expected names of runs and of their folders.")
        if len({run.key for run in runs}) + len({*folders}) < len(runs) + len(folders):
            raise ValueError("Expected different keys and folders.")
        infos = archive.infolist()
        digest = hashlib.sha256(repr([(info.filename, info.CRC) for info in infos]).encode()).hexdigest()
        n_bytes = sum(info.file_size for info in infos if "/" in info.filename)
        return Session(path, parts, runs, Kept(listed["kept"]), n_bytes, digest)


def unpack(session: Session, to: Path, require_go_on: Callable[[], None] = lambda: None) -> dict[str, Path]:
    """Write the runs of a session to a folder, each under a name of its own, the same whenever it is opened.

    A run that is there already is left as it is.

    Args:
        to: the folder; made if necessary.
        require_go_on: called between parts; what it raises ends the writing.

    Returns:
        The folder or checkpoint of each run by its key, but for those that ship with the program.

    Raises:
        CheckpointError: if the session is damaged, or a file cannot be written.
    """
    to.mkdir(parents=True, exist_ok=True)
    placed = {}
    with _open(session.path) as archive:
        for run in (run for run in session.runs if run.folder):
            start, place = f"runs/{run.folder}/", to / f"{session.digest[:16]}-{run.folder}"
            members = [name for name in archive.namelist() if name.startswith(start)]
            if members == [start + _CHECKPOINT]:
                place = place.with_suffix(".keras")
                if not place.is_file():
                    with atomic_output(place) as beside:
                        unpack_member(archive, members[0], beside, require_go_on)
            elif not place.is_dir():
                with atomic_folder(place) as beside:
                    layout.snapshots_folder(beside).mkdir(parents=True)
                    layout.stranger_path(beside).touch()
                    for name in members:
                        unpack_member(archive, name, beside / name.removeprefix(start), require_go_on)
            placed[run.key] = place
    return placed


def _files(source: Path, stored: StoredRun | None, kept: Kept) -> dict[str, Path]:
    """Return the files of a run, None for a checkpoint, that a session takes, by their name in its folder.

    The history is last, since a training may go on meanwhile: no file is further than it.
    """
    if stored is None:
        return {_CHECKPOINT: source}
    recorded = stored.recorded
    if kept is Kept.TEN:
        recorded = tuple(recorded[place] for place in evenly_spread(len(recorded), _FEW))
    elif kept is Kept.LAST:
        recorded = recorded[-1:]
    files = [layout.snapshot_path(source, position) for position in recorded]
    if kept is Kept.ALL and stored.checkpoint is not None:
        files.append(stored.checkpoint)
    files += [layout.manifest_path(source), layout.history_path(source)]
    return {file.relative_to(source).as_posix(): file for file in files}


@contextmanager
def _open(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a session, whose members are then those of a session, and not too large."""
    with open_archive(path, _LIMITS, "session", CheckpointError) as archive:
        parts = [info.file_size for info in archive.infolist() if "/" not in info.filename]
        if sum(parts) > MOST_SESSION_PARTS_BYTES:
            raise ValueError("Expected a view and its drawings.")
        yield archive
