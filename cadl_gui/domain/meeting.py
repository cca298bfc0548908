"""What workers tell each other before they train together, and what must agree."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from cadl_gui.domain.configuration import FIELDS, as_text
from cadl_gui.domain.data_config import PATH_FIELDS
from cadl_gui.domain.formatting import capitalised
from cadl_gui.domain.workers import Workers
from cadl_gui.system.bounded_json import whole_number

_LIBRARIES = {
    "cadl_gui": "cadl-gui", "tensorflow": "TensorFlow", "keras": "Keras", "numpy": "NumPy",
}  # fmt: skip


@dataclass(frozen=True)
class Greeting:
    """The first message of a worker to the chief.

    Attributes:
        index: number of the worker.
        addresses: addresses of all workers.
        versions: versions of the libraries, from `program_versions`.
        asked: field values of the command line, as text; with them the preset.
        switches: options without a value that were given and must agree, such as `--resume`.
    """

    index: int
    addresses: tuple[str, ...]
    versions: Mapping[str, str]
    asked: Mapping[str, str]
    switches: tuple[str, ...]

    @classmethod
    def of(
        cls,
        workers: Workers,
        versions: Mapping[str, str],
        asked: Mapping[str, Any],
        switches: Iterable[str] = (),
    ) -> Self:
        """Make the greeting of a worker; `asked` are the field values of its command line."""
        texts = {name: _text(name, value) for name, value in asked.items()}
        return cls(workers.index, workers.addresses, dict(versions), texts, tuple(switches))

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Read the output of `to_json`.

        Raises:
            KeyError: if it lacks something.
            TypeError: if something has another type.
            ValueError: as for `TypeError`.
        """
        return cls(
            whole_number(values["index"]),
            tuple(map(str, values["addresses"])),
            {str(name): str(version) for name, version in dict(values["versions"]).items()},
            {str(name): str(value) for name, value in dict(values["asked"]).items()},
            tuple(map(str, values["switches"])),
        )

    def to_json(self) -> dict[str, Any]:
        """JSON-serialisable values."""
        return {
            "index": self.index,
            "addresses": list(self.addresses),
            "versions": dict(self.versions),
            "asked": dict(self.asked),
            "switches": list(self.switches),
        }


def disagreement(chief: Greeting, other: Greeting, name: str) -> str:
    """Return a sentence if a worker cannot train with the chief, or ""."""
    if chief.addresses != other.addresses:
        return (
            f"{capitalised(name)} has another list of workers ({', '.join(other.addresses)}) than the chief."
        )
    for library, label in _LIBRARIES.items():
        own, its = chief.versions.get(library, "unknown"), other.versions.get(library, "unknown")
        if own != its:
            return f"{capitalised(name)} has {label} {its}, the chief {own}: all workers need the same."
    for switch in sorted({*chief.switches} ^ {*other.switches}):
        return f"Either all workers are started with {switch} or none; {name} and the chief differ."
    for field in {**chief.asked, **other.asked}:
        own, its = chief.asked.get(field, "nothing"), other.asked.get(field, "nothing")
        if own != its and field not in PATH_FIELDS:
            label = FIELDS[field].label if field in FIELDS else field
            return f"{capitalised(name)} is asked for {label} {its}, the chief for {own}: all need the same."
    return ""


def _text(field: str, value: Any) -> str:
    return as_text(field, value) if field in FIELDS else str(value)
