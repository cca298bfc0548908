"""Finds files that ship with the program: data, fonts, icons."""

import sys
from functools import cache
from pathlib import Path


def shipped_run(preset: str) -> Path | None:
    """Run folder of a preset's shipped trained run, or None if there is none.

    The name may come from a file, so it is no path to look up: “..” is another folder.
    """
    return next((run for run in shipped_runs() if run.name == preset), None)


_FIRST = ("vae", "conv-classifier")
"""Opened first, so that on first start the one fills Latent and the other answers in Draw."""


def shipped_runs() -> list[Path]:
    """Run folders of all shipped trained runs, in the order in which they are opened."""
    folder = resource_path("pretrained")
    runs = sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    return sorted(runs, key=lambda path: _FIRST.index(path.name) if path.name in _FIRST else len(_FIRST))


@cache
def shipped_lessons() -> tuple[Path, ...]:
    """The lessons that ship, in the order in which they are taught: by name.

    Remembered, since the file of a lesson is looked up often while it is played, and disks can be slow.
    """
    return tuple(sorted(resource_path("lessons").glob("*.lesson.md")))


@cache
def ships(run: Path) -> bool:
    """Whether a run folder ships with the program, whatever links lead to it.

    Remembered, since it is asked for every run whenever another one is shown, and disks can be slow.
    """
    return run.resolve().parent == resource_path("pretrained").resolve()


def resource_path(name: str) -> Path:
    """Path of a shipped file.

    Works in the packaged app (PyInstaller unpacks the folder next to the program), in an installed wheel (the
    folder is inside the package) and in a checkout, editable or not (the folder is next to the package).

    Args:
        name: path inside `resources/`, with forward slashes, such as `mnist.h5` or `icons/player-play.svg`.
    """
    package = Path(__file__).resolve().parents[1]
    frozen = getattr(sys, "_MEIPASS", None)
    candidates = [package / "resources", package.parent / "resources"]
    if frozen is not None:
        candidates.insert(0, Path(frozen) / "resources")
    for folder in candidates:
        if (folder / name).exists():
            return folder / name
    return candidates[-1] / name
