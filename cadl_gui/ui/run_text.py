"""Short texts about runs."""

from collections.abc import Iterable, Sequence

from cadl_gui.domain.comparison import has_effect, varying_fields
from cadl_gui.domain.formatting import count_text
from cadl_gui.domain.presets import PRESETS
from cadl_gui.domain.racing import value_text
from cadl_gui.engine.run import Run, RunState
from cadl_gui.system.words import _, ngettext

NOT_AT_HAND = _(
    "The images of this run are not at hand: its dataset was moved or changed, or comes from elsewhere. "
    "Open the dataset in Data, then this run again."
)
_USUAL_DATASET = "MNIST"
_SAID_ELSEWHERE = {"epochs", "dataset"}


def lacks_images(run: Run | None) -> bool:
    """Return whether a run's images are not at hand; see `NOT_AT_HAND`."""
    return run is not None and run.description.examples is None and not run.description.is_graph


def describe(run: Run) -> str:
    """Return the last epoch's metric and progress: “loss 134.4 · 7/20 epochs”, at the end “… · 20 epochs”."""
    if run.description.graph is not None:
        return _("{n_parameters:,} weights, no history").format(
            n_parameters=run.description.graph.n_parameters
        )
    epoch, epochs = run.newest.epoch, run.description.config.training.epochs
    progress = (
        count_text(epoch, "epoch")
        if epoch >= epochs
        else _("{epoch}/{epochs} epochs").format(epoch=epoch, epochs=epochs)
    )
    if run.state is RunState.FAILED:
        progress = (
            _("failed after epoch {epoch}").format(epoch=epoch) if epoch else _("failed in its first epoch")
        )
    quality = run.quality_text(epoch) if epoch else ""
    return f"{quality} · {progress}" if quality else progress


def kind_text(run: Run) -> str:
    """Return what the name does not contain: the preset, and the dataset unless it is the usual one."""
    about = run.description
    preset, dataset = about.config.preset, about.dataset_name
    parts = [preset] if not about.name.startswith(preset) else []
    return " · ".join([*parts, *([dataset] if dataset not in {_USUAL_DATASET, preset} else [])])


def varying_among(runs: Iterable[Run], preset: str) -> tuple[str, ...]:
    """Return the fields in which runs of a preset differ from each other, or from the preset itself."""
    about = (run.description for run in runs)
    configs = [each.config for each in about if each.config.preset == preset and not each.is_graph]
    return varying_fields([PRESETS[preset].config, *configs]) if preset in PRESETS else ()


def difference_text(run: Run, varying: Sequence[str]) -> str:
    """Return how a run differs from its preset and from others of that preset: “rate 0.1 · β 4”.

    What its name already says is left out, as are epochs and dataset, which are beside it.

    Args:
        varying: the fields in which they differ; see `varying_among`.
    """
    about = run.description
    if about.is_graph:
        return ""
    fields = (name for name in varying if name not in _SAID_ELSEWHERE and has_effect(name, about.config))
    texts = (value_text(about.config, name) for name in fields)
    return " · ".join(text for text in texts if text and text not in about.name)


def display_name(run: Run) -> str:
    """Return a run's letter and name, as in messages: “B vae 2”."""
    return f"{run.letter} {run.description.name}"


def resuming(run: Run) -> str:
    """Return where a stopped run resumes, and what it trains again: “resumes after epoch 2; the batch …”.

    Batches count once their epoch is complete, so before the end of the first one nothing would be left.
    """
    epoch, step = run.newest
    where = (
        _("resumes after epoch {epoch}").format(epoch=epoch)
        if epoch
        else _("resumes from its initial weights")
    )
    if not step:
        return where
    if epoch:
        again = ngettext("the batch after it is", "the {n:,} batches after it are", step)
    else:
        again = ngettext("the batch after them is", "the {n:,} batches after them are", step)
    return _("{where}; {batches} trained again").format(where=where, batches=again.format(n=step))
