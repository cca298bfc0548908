"""Short texts about runs."""

from cadl_gui.domain.formatting import count_text
from cadl_gui.engine.run import Run, RunState

_USUAL_DATASET = "MNIST"


def describe(run: Run) -> str:
    """Return quality and progress: “134.4 nats · 7/20 epochs”, at the end “134.4 nats · 20 epochs”."""
    if run.description.graph is not None:
        return f"{run.description.graph.n_parameters:,} weights, no history"
    epoch, epochs = run.newest.epoch, run.description.config.training.epochs
    progress = count_text(epoch, "epoch") if epoch >= epochs else f"{epoch}/{epochs} epochs"
    if run.state is RunState.FAILED:
        progress = f"failed after epoch {epoch}" if epoch else "failed in its first epoch"
    return f"{run.best_text} · {progress}" if run.best_text else progress


def kind_text(run: Run) -> str:
    """Return what the name does not contain: the preset, and the dataset unless it is the usual one."""
    about = run.description
    preset, dataset = about.config.preset, about.dataset_name
    parts = [preset] if not about.name.startswith(preset) else []
    return " · ".join([*parts, *([dataset] if dataset not in {_USUAL_DATASET, preset} else [])])


def display_name(run: Run) -> str:
    """Return a run's letter and name, as in messages: “B vae 2”."""
    return f"{run.letter} {run.description.name}"


def continuing(run: Run) -> str:
    """Return where a stopped run resumes and what it repeats: “resumes after epoch 2; the 341 batches …”."""
    epoch, step = run.newest
    where = f"resumes after epoch {epoch}" if epoch else "starts again, untrained"
    if not step:
        return where
    batches, verb = ("batch", "is") if step == 1 else (count_text(step, "batch", "batches"), "are")
    return f"{where}; the {batches} after it {verb} trained again"
