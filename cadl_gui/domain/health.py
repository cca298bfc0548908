"""Health notes on a training: problems, and values to try instead."""

from dataclasses import dataclass
from typing import Any

from cadl_gui.domain.configuration import FIELDS, as_text
from cadl_gui.domain.position import Position
from cadl_gui.system.words import _


@dataclass(frozen=True)
class Suggestion:
    """A suggested value for one field of the configuration of the next run."""

    field: str
    value: Any

    @property
    def text(self) -> str:
        """Text of the button, such as “Set β to 0.5”."""
        label = _(FIELDS[self.field].label)
        value = as_text(self.field, self.value)
        return _("Set {field} to {value}").format(field=f"{label[0].lower()}{label[1:]}", value=value)


FAILED = "failed"
"""Kind of the note on what ended a training; its position is that of the last weights that were kept."""


@dataclass(frozen=True)
class HealthNote:
    """A problem found during training.

    Attributes:
        position: position at which it was found.
        kind: `stuck`, `worse`, `chance`, `collapse`, `units` or `gap`; noted once per
            kind until the problem is resolved. `FAILED` if the training ended with it.
        message: what happened and what helps.
        suggestion: what to try, or None.
    """

    position: Position
    kind: str
    message: str
    suggestion: Suggestion | None = None
