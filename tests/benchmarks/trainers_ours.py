"""Our own trainers: the loop of `cadl train`, and the open window."""

import contextlib
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from open_window import open_window, spin, wait_until
from plain_training import Trainer

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.events import StepsTaken
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

            def run(seconds: float) -> float:
                began, n_steps = time.perf_counter(), 0
                while time.perf_counter() - began < seconds:
                    events = training.send(turn)
                    n_steps += sum(
                        len(event.metrics["loss"]) for event in events if isinstance(event, StepsTaken)
                    )
                return n_steps * config.training.batch_size / (time.perf_counter() - began)

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

        def run(seconds: float) -> float:
            heard.clear()
            engine.training.resume()
            spin(seconds)
            wait_until(lambda: len(heard) > 1, 60)
            (began, before), (ended, after) = heard[0], heard[-1]
            engine.training.pause()
            spin(0.5)
            return (after - before) * config.training.batch_size / (ended - began)

        yield run
