"""What happened to the files of a dataset while it was prepared."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Self

from cadl_gui.domain.formatting import count_text
from cadl_gui.system.words import _

NoteKind = Literal["turned", "converted", "skipped", "problem"]

_MOST_NAMES = 100
"""Names that are kept of all files with the same note."""

_NAMES_IN_A_LINE = 3

_RANKS = {"skipped": 0, "problem": 1, "turned": 2, "converted": 3}


class Note(NamedTuple):
    """What happened to one file.

    Attributes:
        kind: `turned` upright, `converted` from another kind of pixels, `skipped`, or a `problem` with a file
            whose images were taken nevertheless.
        name: name of the file.
        text: what was converted or why it was skipped, such as "from CMYK" or "is empty".
    """

    kind: NoteKind
    name: str
    text: str


@dataclass(frozen=True)
class Noted:
    """All files with the same note.

    Attributes:
        n: number of files.
        names: names of the first hundred.
    """

    n: int = 0
    names: tuple[str, ...] = ()

    def plus(self, name: str) -> "Noted":
        """Add a file."""
        return Noted(self.n + 1, (*self.names, name) if self.n < _MOST_NAMES else self.names)


@dataclass(frozen=True)
class ImportReport:
    """Summary of preparing a dataset.

    Attributes:
        opened: number of images that were taken.
        notes: files by kind of note and text.
    """

    opened: int = 0
    notes: Mapping[tuple[NoteKind, str], Noted] = field(default_factory=dict)

    def plus(self, opened: int, notes: Iterable[Note] = ()) -> "ImportReport":
        """Add images that were taken, and notes."""
        merged = dict(self.notes)
        for note in notes:
            key = (note.kind, note.text)
            merged[key] = merged.get(key, Noted()).plus(note.name)
        return ImportReport(self.opened + opened, merged)

    def count(self, kind: NoteKind) -> int:
        """Number of files with a kind of note; a file that was converted in two ways counts twice."""
        return sum(noted.n for (other, _), noted in self.notes.items() if other == kind)

    def __str__(self) -> str:
        """Format in one line: “1,203 images opened, 14 turned by EXIF, 1 skipped: “a.jpg” (empty)”."""
        parts = [_("{images} opened").format(images=count_text(self.opened, "image"))]
        parts += (
            [_("{count:,} turned by EXIF").format(count=self.count("turned"))] if self.count("turned") else []
        )
        parts += [
            _("{n:,} converted {text}").format(n=noted.n, text=text)
            for (kind, text), noted in self.notes.items()
            if kind == "converted"
        ]
        skipped = [f"“{name}” ({_brief(text)})" for text, name in self._names_of("skipped")]
        if skipped:
            more = self.count("skipped") - len(skipped[:_NAMES_IN_A_LINE])
            shown = ", ".join(skipped[:_NAMES_IN_A_LINE]) + (
                _(" and {more:,} more").format(more=more) if more else ""
            )
            parts.append(_("{count:,} skipped: {shown}").format(count=self.count("skipped"), shown=shown))
        problems = [f"“{name}” {text}" for text, name in self._names_of("problem")]
        return "; ".join([", ".join(parts), *problems])

    @property
    def lines(self) -> list[str]:
        """One line for each kind of note, with the names of its files; what was skipped comes first."""
        lines = []
        for (kind, text), noted in sorted(self.notes.items(), key=_rank):
            what = {"turned": _("turned by EXIF"), "converted": _("converted {text}").format(text=text)}.get(
                kind, f"{kind} ({_brief(text)})"
            )
            names = ", ".join(f"“{name}”" for name in noted.names)
            more = (
                _(" and {n:,} more").format(n=noted.n - len(noted.names))
                if noted.n > len(noted.names)
                else ""
            )
            lines.append(f"{noted.n:,} {what}: {names}{more}")
        return lines

    def to_json(self) -> dict[str, Any]:
        """JSON-serialisable values."""
        notes = [
            {"kind": kind, "text": text, "n": noted.n, "names": list(noted.names)}
            for (kind, text), noted in self.notes.items()
        ]
        return {"opened": self.opened, "notes": notes}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Create a report from the output of `to_json`.

        Raises:
            KeyError: if a member is missing.
            TypeError: if a member has another type.
        """
        notes = {
            (each["kind"], each["text"]): Noted(each["n"], tuple(each["names"])) for each in values["notes"]
        }
        return cls(values["opened"], notes)

    def _names_of(self, kind: NoteKind) -> list[tuple[str, str]]:
        return [
            (text, name)
            for (other, text), noted in self.notes.items()
            if other == kind
            for name in noted.names
        ]


def _rank(item: tuple[tuple[NoteKind, str], Noted]) -> int:
    (kind, _), _ = item
    return _RANKS.get(kind, len(_RANKS))


def _brief(text: str) -> str:
    """Return a reason for one file or several: “is empty” becomes “empty”."""
    return text.removeprefix("is ")
