"""What is not well with a training, in plain words, and what to try."""

from dataclasses import dataclass
from typing import Any

from cadl_gui.domain.configuration import FIELDS, as_text
from cadl_gui.domain.position import Position


@dataclass(frozen=True)
class Suggestion:
    """Another value for one field of the configuration, for the next run."""

    field: str
    value: Any

    @property
    def text(self) -> str:
        """What its button says, such as “Set β to 0.5”."""
        label = FIELDS[self.field].label
        return f"Set {label[0].lower()}{label[1:]} to {as_text(self.field, self.value)}"


@dataclass(frozen=True)
class HealthNote:
    """Something to look at.

    Attributes:
        position: where it was found.
        kind: `collapse`, `units` or `gap`; of one kind there is one note until it is well again.
        message: what happened and what helps.
        suggestion: what to try, or None.
    """

    position: Position
    kind: str
    message: str
    suggestion: Suggestion | None = None
