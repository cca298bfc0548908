"""What a kind of file is: valid specimens, ways to damage them, and how to open them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from hostile.mutations import Change, Random


class Hole(int):
    """Represents a file of so many zeros that take no space on the disk."""


Content = bytes | Path | Hole
Files = Mapping[str, Content]
"""Files of one specimen, by path in its folder: their content, or the targets of links."""

FilesChange = Callable[[Random, Files], dict[str, Content]]
"""Damages a whole folder of files."""

PIPE = Path("|")
"""Represents a pipe without a writer."""

_LEADS = (PIPE, Path("/dev/zero"), Path("/dev/tty"), Path("/etc/passwd"), Path("/"), Path("nowhere"))


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Attributes:
        name: display name.
        opened: name of the file to open in the folder; "" for the folder itself, "*" for the only file.
        originals: makes a few valid specimens.
        changes: ways to damage a file, by pattern of its name (the first match counts).
        open: opens it; returns the result.
        then: does the long work with what `open` returned, such as preparing a dataset; None for none.
        wholes: ways to damage all files together.
    """

    name: str
    opened: str
    originals: Callable[[Path], list[Files]]
    changes: Mapping[str, tuple[Change, ...]]
    open: Callable[[Path], object]
    then: Callable[[object], object] | None = None
    wholes: tuple[FilesChange, ...] = ()

    def damaged(self, random: Random, specimens: list[Files]) -> tuple[str, dict[str, Content]]:
        """A specimen with one file damaged, missing or exchanged, and a description of the damage."""
        files = dict(specimens[random.integers(len(specimens))])
        if self.wholes and random.random() < 0.5:
            whole = self.wholes[random.integers(len(self.wholes))]
            return whole.__name__, whole(random, files)
        name = sorted(files)[random.integers(len(files))]
        if len(files) > 1 and random.random() < 0.03:
            del files[name]
            return f"{name} is missing", files
        if random.random() < 0.05:
            other = specimens[random.integers(len(specimens))]
            files[name] = other.get(name, b"")
            return f"{name} of another", files
        if random.random() < 0.03:
            files[name] = _LEADS[random.integers(len(_LEADS))]
            return f"{name} leads to {files[name]}", files
        changes = next(ways for pattern, ways in self.changes.items() if Path(name).match(pattern))
        change = changes[random.integers(len(changes))]
        files[name] = change(random, files[name])
        return f"{change.__name__} in {name}", files

    def path_in(self, folder: Path) -> Path:
        """What is to be opened in a folder with the files."""
        if self.opened == "*":
            return next(iter(folder.iterdir()), folder / "nothing")
        return folder / self.opened if self.opened else folder


def files_of(folder: Path) -> Files:
    """The files in a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
