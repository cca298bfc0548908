"""Kills a training that saves every epoch, again and again, and looks at what it leaves.

    python tests/benchmarks/kill_campaign.py [--kills 200] [--preset lecture-softmax] [--seed 1]

Each training is a process of its own (forked from one that has imported TensorFlow, which saves the seconds
of its import) that runs `cadl train … --run DIR --resume --json`, and is killed with SIGKILL: a third of them
right after they have taken their folder, where they tidy up and write their first files, the others at a
random instant while they train. After each kill the folder is read as the window reads it:

- every epoch that the process had told is there, and no epoch that was there before is lost;
- its last checkpoint opens, with all its checksums; every snapshot that is listed can be read;
- the next process goes on with the epoch after it.

At the end the run that was killed last is trained to an end, and so is one that is never interrupted: their
weights are compared bit for bit. Exit status 1 if anything is not so. Needs `fork`: Linux and macOS.
"""

import argparse
import gzip
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from cadl_gui.cli import main as cadl
from cadl_gui.cli.quiet import import_tensorflow
from cadl_gui.core.errors import CadlError
from cadl_gui.core.position import Position
from cadl_gui.runs import layout
from cadl_gui.runs.lock import was_interrupted
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.snapshots import read_snapshot

_KILLS_PER_RUN = 20
_MANY_EPOCHS = 9000
_TAKING_SECONDS, _TRAINING_SECONDS = 0.06, 1.0
"""For how long after the folder is taken, or after the first epoch is told, the kill may come."""
_MORE_EPOCHS = 3
_POLL_SECONDS = 0.004
_TIMEOUT_SECONDS = 900.0


class BrokenRunError(Exception):
    """A kill has left what it should not."""


@dataclass
class Report:
    """What was found."""

    places: Counter[str] = field(default_factory=Counter)
    epochs: int = 0
    snapshots: int = 0
    resumed: int = 0


def main() -> None:
    """Kill as often as the options say, and print what was found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--preset", default="lecture-softmax")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import_tensorflow()
    import cadl_gui.training.measure
    import cadl_gui.training.recorded  # noqa: F401 - so that no child has to

    with tempfile.TemporaryDirectory() as folder:
        try:
            report = campaign(Path(folder), arguments.preset, arguments.kills, random.Random(arguments.seed))
        except BrokenRunError as error:
            print(f"BROKEN: {error}", flush=True)
            sys.exit(1)
    print(f"kills                                  {sum(report.places.values()):6}")
    for place, n in sorted(report.places.items()):
        print(f"  {place:36} {n:6}")
    print(f"epochs told before kills, all there    {report.epochs:6}")
    print(f"snapshots read after kills, all whole  {report.snapshots:6}")
    print(f"resumed with the very next epoch       {report.resumed:6}")
    print("killed and resumed = never interrupted, every weight, bit for bit")


def campaign(scratch: Path, preset: str, kills: int, chance: random.Random) -> Report:
    """Kill, read and resume.

    Raises:
        BrokenRunError: if anything is lost or damaged.
    """
    dataset = scratch / "idx"
    write_dataset(dataset)
    options = [preset, "--dataset", str(dataset), "--batch-size", "50", "--json"]
    report, last, run = Report(), -1, scratch / "run-0"
    for number in range(kills):
        if number % _KILLS_PER_RUN == 0:
            shutil.rmtree(run, ignore_errors=True)
            run, last = scratch / f"run-{number}", -1
        training = Training(options, run, resume=last >= 0)
        place = training.kill_at_random(chance)
        told = training.told_epochs
        if last >= 0 and told:
            _require(told[0] == last + 1, f"after epoch {last} the resumed run told epoch {told[0]}")
            report.resumed += 1
        last = _check(run, told, last, report)
        report.places[place if last >= 0 else "before epoch 0 was complete"] += 1
        report.epochs += len(told)
        if last < 0:
            shutil.rmtree(run, ignore_errors=True)
        if (number + 1) % 10 == 0:
            print(f"{number + 1} kills, now at epoch {last}", file=sys.stderr, flush=True)
    _compare(options, run, scratch / "whole", max(last, 0) + _MORE_EPOCHS, resume=last >= 0)
    return report


class Training:
    """A process that trains, and what it tells."""

    def __init__(
        self, options: Sequence[str], run: Path, *, resume: bool, epochs: int = _MANY_EPOCHS
    ) -> None:
        self._run = run
        self._output = run.with_suffix(".jsonl")
        command = ["train", *options, "--epochs", str(epochs), "--run", str(run)]
        command += ["--resume"] if resume else []
        self._output.unlink(missing_ok=True)
        self._process = fork(lambda: cadl(command), self._output)

    def kill_at_random(self, chance: random.Random) -> str:
        """Kill it; returns where it was."""
        if chance.random() < 1 / 3:
            self._wait_for(self._has_taken_its_folder)
            place, seconds = "taking its folder, resuming", chance.uniform(0, _TAKING_SECONDS)
        else:
            self._wait_for(lambda: bool(self.told_epochs))
            place, seconds = "training", chance.uniform(0, _TRAINING_SECONDS)
        time.sleep(seconds)
        self._kill()
        return place

    def _kill(self) -> None:
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)

    def finish(self) -> None:
        """Let it come to its end."""
        _, status = os.waitpid(self._process, 0)
        _require(os.waitstatus_to_exitcode(status) == 0, f"{self._run.name} did not come to its end")

    @property
    def told_epochs(self) -> list[int]:
        """The epochs that it said are safely on disk."""
        if not self._output.exists():
            return []
        whole_lines = self._output.read_text().split("\n")[:-1]
        return [line["epoch"] for line in map(json.loads, whole_lines) if "epoch" in line]

    def _has_taken_its_folder(self) -> bool:
        path = layout.lock_path(self._run)
        return path.exists() and path.read_bytes() == f"{self._process}\n".encode()

    def _wait_for(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _TIMEOUT_SECONDS
        while not condition():
            ended, status = os.waitpid(self._process, os.WNOHANG)
            _require(not ended, f"the training ended by itself, with status {status}")
            if time.monotonic() > deadline:
                self._kill()
                raise TimeoutError("the training did not begin in time: is this machine busy?")
            time.sleep(_POLL_SECONDS)  # so rarely that it does not slow the training down


def fork(deed: Callable[[], int], output: Path) -> int:
    """Do something in a process of its own, which ends with it; returns its number."""
    process = os.fork()
    if process:
        return process
    status = 1
    try:
        with output.open("w") as file:
            os.dup2(file.fileno(), sys.stdout.fileno())
        status = deed()
    except BaseException:  # noqa: BLE001 - a child has nobody above it to tell
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def write_dataset(folder: Path) -> None:
    """Write 400 small pictures to train on, and 100 others, in the four files of MNIST."""
    folder.mkdir()
    noise = np.random.default_rng(0)
    for part, n in (("train", 400), ("t10k", 100)):
        pictures = (noise.random((n, 28, 28)) ** 3 * 255).astype(np.uint8)
        for name, array in (("images-idx3", pictures), ("labels-idx1", np.arange(n, dtype=np.uint8) % 10)):
            header = bytes([0, 0, 8, array.ndim]) + b"".join(size.to_bytes(4, "big") for size in array.shape)
            (folder / f"{part}-{name}-ubyte.gz").write_bytes(gzip.compress(header + array.tobytes()))


def _check(run: Path, told: Sequence[int], last_before: int, report: Report) -> int:
    """Read what a kill has left; returns the last complete epoch, -1 if there is none."""
    try:
        stored = read_run(run)
        for position in stored.recorded:
            read_snapshot(run, position)
    except CadlError as error:
        # Whoever is killed before the first epoch is complete leaves nothing, and loses nothing.
        _require(last_before < 0 and not told, f"{error} {sorted(path.name for path in run.iterdir())}")
        return -1
    report.snapshots += len(stored.recorded)
    _require(was_interrupted(run), "nobody would know that it was interrupted")
    if stored.checkpoint is None:
        _require(last_before < 0 and not told, f"no checkpoint after epoch {max(last_before, *told, -1)}")
        return -1
    last = layout.checkpoint_epoch(stored.checkpoint)
    _require(last >= max([last_before, *told]), f"epoch {max([last_before, *told])} is lost: {last}")
    _require(Position(last) in stored.recorded, f"the weights of epoch {last} are lost")
    _require(_opens(stored.checkpoint), f"{stored.checkpoint.name} does not open")
    return last


def _opens(checkpoint: Path) -> bool:
    """Whether a checkpoint opens with all its checksums; elsewhere, so that nobody forks after it."""

    def deed() -> int:
        from cadl_gui.runs.checkpoint import open_checkpoint

        return (
            0 if open_checkpoint(checkpoint).position == Position(layout.checkpoint_epoch(checkpoint)) else 1
        )

    _, status = os.waitpid(fork(deed, checkpoint.parent.with_suffix(".opens")), 0)
    return os.waitstatus_to_exitcode(status) == 0


def _compare(options: Sequence[str], killed: Path, whole: Path, epochs: int, *, resume: bool) -> None:
    Training(options, killed, resume=resume, epochs=epochs).finish()
    Training(options, whole, resume=False, epochs=epochs).finish()
    pairs = zip(*(read_snapshot(run, Position(epochs)).weights for run in (killed, whole)), strict=True)
    _require(all(np.array_equal(mine, theirs) for mine, theirs in pairs), "resumed weights differ")
    losses = [read_run(run).history.step_losses for run in (killed, whole)]
    _require(np.array_equal(*losses), "resumed losses differ")


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise BrokenRunError(otherwise)


if __name__ == "__main__":
    main()
