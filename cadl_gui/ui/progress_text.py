"""The progress of a training in one line, and how long one takes."""

from typing import TYPE_CHECKING

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.estimate import training_seconds
from cadl_gui.domain.formatting import count_text
from cadl_gui.domain.graph import FROZEN_GRAPH
from cadl_gui.domain.part_sizes import n_training_images
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.engine.run import Run, RunState
from cadl_gui.engine.training_speed import FULL_SPEED, TrainingSpeed
from cadl_gui.engine.training_status import TrainingState, TrainingStatus
from cadl_gui.system.words import _

if TYPE_CHECKING:
    from cadl_gui.engine.engine import Engine

_TOO_FAST_SECONDS = 10.0


def progress_text(
    run: Run | None, training: TrainingStatus, *, details: bool, shown: Position | None = None
) -> str:
    """Return epoch, batch and time left and, with Details, images a second; at rest, where we look.

    Example: "Epoch 3 of 5 · batch 212 of 540 · 18,400 images/s · 12 s left".

    Args:
        run: the run that is shown, or None.
        shown: its position that is shown; None for the newest.
    """
    if run is None:
        return _("Starting…") if training.reported_state is TrainingState.STARTING else ""
    epochs, steps = run.description.config.training.epochs, run.description.steps_per_epoch
    epoch, step = run.newest
    if run.description.is_graph:
        return _("Opened · {frozen_graph}").format(frozen_graph=FROZEN_GRAPH)
    if not training.trains(run):
        return _at_rest(run, shown or run.newest, training)
    parts = [
        run.newest.in_epoch(epochs).capitalize(),
        *([_("batch {step} of {steps}").format(step=step, steps=steps)] if step else []),
    ]
    if training.is_reported_paused(run):
        return " · ".join([*parts, "paused"])
    speed = training.images_per_second(run)
    if speed > 0:
        left = (epochs - epoch) * steps - step
        seconds = left * run.description.config.training.batch_size / speed
        parts += [_("{speed:,.0f} images/s").format(speed=speed)] if details else []
        parts.append(_("{duration} left").format(duration=duration_text(seconds)))
    return " · ".join(parts)


def _at_rest(run: Run, shown: Position, training: TrainingStatus) -> str:
    """Return which position is shown and, of the newest one, how the run came to it."""
    epochs = run.description.config.training.epochs
    where = shown.in_epoch(epochs) + (_(", batch {step}").format(step=shown.step) if shown.step else "")
    words = {
        RunState.COMPLETE: _("Trained to"),
        RunState.FAILED: _("Failed at"),
        RunState.STOPPED: _("Stopped at"),
        RunState.FOLLOWED: _("Trained by process {writer} to").format(writer=run.writer),
    }
    if shown == UNTRAINED or shown != run.newest:
        return where.capitalize()
    return f"{words.get(run.state, _('Opened · trained to'))} {where}{_too_fast(run, training)}"


def _too_fast(run: Run, training: TrainingStatus) -> str:
    """Return how to watch a training that was over before anybody could; "" if its speed was limited."""
    images = run.newest.epoch * run.description.steps_per_epoch * run.description.config.training.batch_size
    is_known = run.state is RunState.COMPLETE and run.images_per_second > 0
    if not is_known or training.speed != FULL_SPEED:
        return ""
    is_short = images / run.images_per_second < _TOO_FAST_SECONDS
    return _(" · to watch it, lower the speed and train again") if is_short else ""


def speed_text(speed: TrainingSpeed) -> str:
    """Return a training speed as text."""
    rate = speed.batches_per_second
    if rate is None:
        return _("Full speed")
    return _("{batches} a second").format(batches=count_text(round(rate), "batch", "batches"))


def time_text(config: RunConfig, engine: "Engine") -> str:
    """Return how long a training takes, from runs of the same network, those trained here first; else ""."""
    preview = engine.opened_datasets.preview_of(config.data.dataset)
    alike = [run for run in engine.runs if run.description.config.model == config.model]
    for run in sorted(alike, key=engine.runs.owns, reverse=True):
        speeds = [epoch.images_per_second for epoch in run.history.epochs if epoch.images_per_second]
        if speeds and preview is not None:
            seconds = training_seconds(config, n_training_images(preview, config), max(speeds))
            is_own = engine.runs.owns(run)
            where = _("Training takes") if is_own else _("On the computer that trained ours, it took")
            return _("{where} about {duration}.").format(where=where, duration=duration_text(seconds))
    return ""


def duration_text(seconds: float) -> str:
    """Return a duration to two digits: “89 s”, “12 min” or “1.5 h”."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return _("{seconds:.0f} min").format(seconds=seconds / 60)
    return f"{seconds / 3600:.1f} h"
