"""Our own trainers: the loop of `cadl train`, and the open window."""

import contextlib
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))

from open_window import open_window, spin, wait_until
from plain_training import Trainer

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.events import EpochCompleted, StepsTaken
from cadl_gui.domain.training_config import BFLOAT16
from cadl_gui.domain.training_requests import StepBudget, TrainingRequest
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.training.recorded import train_and_record

_ENDLESS = 10_000
"""Number of epochs, longer than any measurement."""


@contextlib.contextmanager
def headless(config: RunConfig, *, deterministic: bool = False) -> Iterator[Trainer]:
    """All of `cadl train`: turns, live weights and, at each epoch's end, validation, artifacts and files."""
    with tempfile.TemporaryDirectory() as folder:
        request = TrainingRequest(
            "benchmark",
            "benchmark",
            config.replace(epochs=_ENDLESS),
            Path(folder) / "run",
            deterministic=deterministic,
        )
        with contextlib.closing(train_and_record(request)) as training:
            next(training)
            turn = StepBudget(0.1, None, config.training.learning_rate)

            def run(n_epochs: int) -> float:
                began, n_steps = time.perf_counter(), 0
                while n_epochs:
                    for event in training.send(turn):
                        if isinstance(event, StepsTaken):
                            n_steps += len(event.metrics["loss"])
                        n_epochs -= isinstance(event, EpochCompleted)
                return n_steps * config.training.batch_size / (time.perf_counter() - began)

            yield run


@contextlib.contextmanager
def in_bfloat16(config: RunConfig) -> Iterator[Trainer]:
    """The same with steps in bfloat16."""
    with headless(config.replace(precision=BFLOAT16)) as run:
        yield run


@contextlib.contextmanager
def deterministic(config: RunConfig) -> Iterator[Trainer]:
    """The same with `--deterministic`, which affects the whole process."""
    with headless(config, deterministic=True) as run:
        yield run


@contextlib.contextmanager
def in_window(config: RunConfig) -> Iterator[Trainer]:
    """The same in the open window, with live images and plots; paused between measurements."""
    with open_window() as (_, engine, _):
        engine.training.train(config.replace(epochs=_ENDLESS), paused=True)
        wait_until(lambda: engine.training.state is TrainingState.PAUSED, 120)
        history = engine.training.run.history
        heard: list[tuple[float, int]] = []
        engine.runs.changed.connect(lambda _: heard.append((time.perf_counter(), history.n_steps)))

        def run(n_epochs: int) -> float:
            heard.clear()
            engine.training.resume()
            # Epochs of training and the ends of as many; they need not begin with the first batch of one.
            n_steps = n_epochs * history.steps_per_epoch
            # Fifty looks a second took more than a hundredth of the steps.
            wait_until(lambda: heard and heard[-1][1] - heard[0][1] >= n_steps, 600, every=0.5)
            (began, before), (ended, after) = heard[0], heard[-1]
            engine.training.pause()
            spin(0.5)
            return (after - before) * config.training.batch_size / (ended - began)

        yield run
