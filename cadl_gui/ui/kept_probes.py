"""What was recorded beside weights, at the newest kept position up to the one that is shown."""

from cadl_gui.core.position import Position
from cadl_gui.core.requests import FetchSnapshot, Reply
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.ui.shown_weights import ShownWeights, is_about


class KeptProbes:
    """Asks for them once, and tells the answers from those to earlier questions.

    Probes take too long to compute while a hand drags; between two kept positions those of the earlier one
    stay.

    Args:
        engine: that is asked.
        channel: for the requests, nobody else's.
    """

    def __init__(self, engine: Engine, channel: str) -> None:
        self._engine = engine
        self._channel = channel
        self._asked: ShownWeights | None = None

    def fetch(self, run: Run, position: Position) -> None:
        """Ask for those up to this position of a run, unless that was asked last."""
        kept = run.kept_until(position)
        asked = None if kept is None else ShownWeights.of(run, kept, self._engine.bending.of(run.run_id))
        if asked == self._asked:
            return
        self._asked = asked
        if asked is not None:
            self._engine.ask(FetchSnapshot(self._channel, asked.run_id, asked.position))

    def forget(self) -> None:
        """Want nothing of what was asked for."""
        self._asked = None

    def answers(self, reply: Reply) -> bool:
        """Whether a reply is about what was asked last."""
        return reply.request.channel == self._channel and is_about(reply, self._asked)
