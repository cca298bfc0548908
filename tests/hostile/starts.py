"""Passes damaged files to the real command, each in a process of its own: `cadl info FILE` and all others."""

import json
import os
import subprocess
import sys
import tempfile
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hostile.campaign import MOST_BYTES_GROWN, Fault, Tally, remove, write
from hostile.dataset_kinds import DATASET_KINDS
from hostile.kinds import KINDS

_MOST_SECONDS = 2.0
"""Limit of processor time beyond what the same command needs for a valid file."""


@dataclass(frozen=True)
class Command:
    """A command that is given a file.

    Attributes:
        name: name of the command.
        kinds: kinds of files that it is given.
        arguments: its arguments; `{file}` is the damaged file, `{out}` a folder for output.
    """

    name: str
    kinds: tuple[str, ...]
    arguments: tuple[str, ...]


_RUNS = ("checkpoint", "run folder", "TensorFlow 1, format 1", "TensorFlow 1, format 2")
_OURS, _COURSES = _RUNS[:2], _RUNS[2:]
_IMAGES, _DATASETS = ("picture",), ("IDX files", "labelled images", *(kind.name for kind in DATASET_KINDS))
_TRAIN = "train lecture-autoencoder --epochs 1 --batch-size 10 -o {out}/x.keras --dataset {file}"

STARTS = tuple(
    Command(name, kinds, tuple(command.split()))
    for name, kinds, command in (
        ("info", _RUNS, "info {file}"),
        ("evaluate", _RUNS, "evaluate {file}"),
        ("encode", _IMAGES, "encode vae {file}"),
        ("classify", _IMAGES, "classify conv-classifier {file}"),
        ("reconstruct", _IMAGES, "reconstruct vae {file} -o {out}/x.png"),
        ("classify by a graph", ("frozen graph",), "classify {file} {image}"),
        ("decode", _OURS, "decode {file} --z 0,0,0 -o {out}/x.png"),
        ("export", _RUNS, "export {file} --format pb -o {out}/x.pb"),
        ("import-tf", _COURSES, "import-tf {file} -o {out}/x.keras"),
        ("render", _OURS, "render {file} --what weights -o {out}/x.png"),
        ("render a path", ("latent path",), "render vae --what path --path {file} -o {out}/x.gif"),
        ("train", _DATASETS, _TRAIN),
        ("data info", _DATASETS, "data info {file}"),
        ("data prepare", _DATASETS, "data prepare {file}"),
        ("branch", _OURS, "branch {file} --run {out}/run"),
        ("resume", ("run folder",), "train --run {file} --resume --epochs 3"),
    )
)


_LAUNCHER = """
import json, os, sys
answers = os.dup(1)
os.set_inheritable(answers, False)
os.dup2(2, 1)
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(process, 0)
about = (os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, 1024 * usage.ru_maxrss)
os.write(answers, json.dumps(about).encode())
"""
"""Starts a command from a small process: its peak of memory begins with that of the one that starts it."""


def starts(start: Command, n: int, seed: int, keep: Path) -> Tally:
    """Start a command for `n` damaged files, and copy those that do harm to `keep`."""
    random = np.random.default_rng([seed, zlib.crc32(start.name.encode())])
    tally = Tally(Counter())
    kinds = [kind for kind in KINDS if kind.name in start.kinds]
    with tempfile.TemporaryDirectory() as scratch:
        specimens = {}
        for kind in kinds:
            (Path(scratch) / kind.name).mkdir()
            specimens[kind.name] = kind.originals(Path(scratch) / kind.name)
        idle = {
            kind.name: _run(start, kind, specimens[kind.name][0], Path(scratch)) for kind in kinds
        }  # of a whole file: what the command itself takes
        for reported in idle.values():
            tally.outcomes[f"whole: status {reported.status}"] += 1
        for i in range(n):
            kind = kinds[i % len(kinds)]
            how, files = kind.damaged(random, specimens[kind.name])
            reported = _run(start, kind, files, Path(scratch))
            fault = _fault(reported, idle[kind.name])
            tally.outcomes[f"status {reported.status}"] += 1
            tally.most_cpu_seconds = max(tally.most_cpu_seconds, reported.seconds - idle[kind.name].seconds)
            tally.most_bytes = max(tally.most_bytes, reported.n_bytes - idle[kind.name].n_bytes)
            if fault:
                folder = keep / f"{start.name.replace(' ', '-')}-{i}"
                write(folder, files)
                tally.faults.append(Fault(f"cadl {start.name}", how, fault, folder))
    return tally


@dataclass(frozen=True)
class _Reported:
    status: int
    errors: str
    seconds: float
    n_bytes: int


def _fault(reported: _Reported, idle: _Reported) -> str:
    if reported.status not in {0, 1, 2} or "Traceback" in reported.errors:
        return f"status {reported.status}: {reported.errors[-600:]}"
    if reported.status and not reported.errors.strip():
        return "no sentence"
    if reported.seconds > idle.seconds + _MOST_SECONDS:
        return f"took {reported.seconds - idle.seconds:.1f} s more than a whole file"
    if reported.n_bytes > idle.n_bytes + MOST_BYTES_GROWN:
        return f"took {(reported.n_bytes - idle.n_bytes) / 1e6:.0f} MB more than a whole file"
    return ""


def _run(start: Command, kind, files, scratch: Path) -> _Reported:
    place, out, errors = scratch / "place", scratch / "out", scratch / "errors.txt"
    write(place, files)
    out.mkdir(exist_ok=True)
    values = {"file": kind.path_in(place), "out": out, "image": _image(scratch)}
    command = [sys.executable, "-m", "cadl_gui.cli", *(text.format(**values) for text in start.arguments)]
    environment = os.environ | {"HOME": str(scratch), "TMPDIR": str(scratch), "XDG_CACHE_HOME": str(out)}
    with errors.open("wb") as sink:
        launched = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _LAUNCHER, *command],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=sink, env=environment, cwd=scratch,
            check=True,
        )  # fmt: skip
    remove(place)
    remove(out)
    status, seconds, n_bytes = json.loads(launched.stdout)
    return _Reported(status, errors.read_text(errors="replace"), seconds, n_bytes)


def _image(scratch: Path) -> Path:
    from PIL import Image

    path = scratch / "seven.png"
    if not path.exists():
        Image.new("L", (28, 28), 200).save(path)
    return path
