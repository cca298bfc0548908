"""The positions of a run that have a name on the timeline."""

from collections.abc import Iterable
from dataclasses import dataclass

from cadl_gui.domain.health import HealthNote
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.engine.run import Run
from cadl_gui.system.words import _


@dataclass(frozen=True)
class Mark:
    """A position with a name on the timeline, such as “best”."""

    position: Position
    text: str


def epoch_ends(run: Run | None) -> list[Position]:
    """Return the recorded ends of epochs of a run."""
    return (
        [] if run is None else [position for position in run.recorded if position.epoch and not position.step]
    )


def marks_of(run: Run, notes: Iterable[HealthNote] = ()) -> tuple[Mark, ...]:
    """Return the named positions of a run, the most important first; one position may have two names.

    Args:
        notes: its health notes, as far as they are shown.
    """
    ends = epoch_ends(run)
    named = [(run.best_epoch, _("best")), (0 if run.recorded[:1] == [UNTRAINED] else None, _("untrained"))]
    if ends:
        named.append(
            (
                ends[-1].epoch,
                _("last") if ends[-1] == run.newest else _("epoch {epoch}").format(epoch=ends[-1].epoch),
            )
        )
        if ends[0].epoch not in {epoch for epoch, _name in named}:
            named.append((ends[0].epoch, _("epoch {epoch}").format(epoch=ends[0].epoch)))
    named += [(note.position.epoch, "warning") for note in notes if not note.position.step]
    texts: dict[int, list[str]] = {}
    for epoch, text in dict.fromkeys(named):
        if epoch is not None:
            texts.setdefault(epoch, []).append(text)
    return tuple(Mark(Position(epoch), " · ".join(several)) for epoch, several in texts.items())
