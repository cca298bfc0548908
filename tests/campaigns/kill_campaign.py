"""Repeatedly kills a training that saves every epoch, and checks what is left on disk.

    python tests/campaigns/kill_campaign.py [--kills 200] [--losses 8] [--preset lecture-softmax] [--seed 1]

Each training is a process (forked from one that has imported TensorFlow, which saves seconds) that runs `cadl
train … --run DIR --json`, with `--resume` if there is something to resume, and is killed with SIGKILL:

- a quarter in its first second, in which it creates or claims its folder;
- a quarter while it resumes: after it has claimed the folder of a run, before it reports an epoch;
- a tenth while it trains and a second process waits for its lock, which then resumes and is killed, too;
- the others at a random moment during training.

After each kill, the folder is read as the window reads it:

- every reported epoch is there, and no earlier epoch is lost;
- the last checkpoint opens with all checksums, and all listed snapshots can be read;
- the next process continues with the next epoch, or starts over if no epoch was complete.

Then `--losses` trainings are killed after epoch 2 or later, and their history is removed, emptied, cut to its
first line, or replaced by a link to nothing, as other programs do. `cadl train`, `cadl train --resume` and
the search at the window's start each say so in one sentence, and no byte of any other file changes.

Finally, the run that was killed last is trained to its end, and so is one that is never interrupted: their
weights must be equal bit for bit. The exit status is 1 if any check fails. Needs `fork`: Linux and macOS.
"""

import argparse
import contextlib
import gzip
import io
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
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from cadl_gui.cli import main as cadl
from cadl_gui.cli.tensorflow_import import import_tensorflow
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.position import Position
from cadl_gui.runs import layout
from cadl_gui.runs.interrupted import take_interrupted
from cadl_gui.runs.lock import was_interrupted
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.snapshots import read_snapshot

_KILLS_PER_RUN = 20
_MANY_EPOCHS = 9000
_FIRST_SECOND, _RESUMING, _WAITING, _TRAINING = (
    "in its first second",
    "resuming",
    "with a second process waiting",
    "training",
)
_SHARES = {_FIRST_SECOND: 0.25, _RESUMING: 0.25, _WAITING: 0.1}
_SECONDS = 1.0
"""Latest time of the kill after the start of the process, or after its first reported epoch."""
_ANOTHER_WRITES = 1
"""Exit status of a process if another one is writing to the folder."""
_MORE_EPOCHS = 3
_POLL_SECONDS = 0.004
_TIMEOUT_SECONDS = 900.0


class BrokenRunError(Exception):
    """A kill has left an invalid run."""


@dataclass
class Report:
    """The results."""

    places: Counter[str] = field(default_factory=Counter)
    epochs: int = 0
    snapshots: int = 0
    resumed: int = 0
    begun_anew: int = 0
    losses: Counter[str] = field(default_factory=Counter)
    sentences: dict[str, list[str]] = field(default_factory=dict)


def main() -> None:
    """Kill as often as requested, and print the results."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--losses", type=int, default=8)
    parser.add_argument("--preset", default="lecture-softmax")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import_tensorflow()
    import cadl_gui.saved.file_evaluation
    import cadl_gui.training.recorded  # noqa: F401 - so that no child has to

    with tempfile.TemporaryDirectory() as folder:
        try:
            chance = random.Random(arguments.seed)
            report = campaign(Path(folder), arguments.preset, arguments.kills, arguments.losses, chance)
        except BrokenRunError as error:
            print(f"BROKEN: {error}", flush=True)
            sys.exit(1)
    print(f"kills                                  {sum(report.places.values()):6}")
    for place, n in sorted(report.places.items()):
        print(f"  {place:36} {n:6}")
    print(f"epochs told before kills, all there    {report.epochs:6}")
    print(f"snapshots read after kills, all whole  {report.snapshots:6}")
    print(f"resumed with the very next epoch       {report.resumed:6}")
    print(f"killed before there was an epoch       {report.begun_anew:6}")
    print(f"histories lost, nothing else gone      {sum(report.losses.values()):6}")
    for loss, sentences in sorted(report.sentences.items()):
        print(
            f"  {loss:36} {report.losses[loss]:6}", *(f"    {sentence}" for sentence in sentences), sep="\n"
        )
    print("killed and resumed = never interrupted, every weight, bit for bit")


def campaign(scratch: Path, preset: str, kills: int, losses: int, chance: random.Random) -> Report:
    """Kill, check and resume; kill and take the history away.

    Raises:
        BrokenRunError: if anything is lost or damaged.
    """
    dataset = scratch / "idx"
    write_dataset(dataset)
    options = [preset, "--dataset", str(dataset), "--batch-size", "50", "--json"]
    report, last, run = Report(), -1, scratch / "run-0"
    left = Counter({place: round(share * kills) for place, share in _SHARES.items()})
    left[_TRAINING] = kills - left.total()
    for number in range(kills):
        if number % _KILLS_PER_RUN == 0 and left[_FIRST_SECOND] + left[_TRAINING]:
            shutil.rmtree(run, ignore_errors=True)
            run, last = scratch / f"run-{number}", -1
        places = [place for place in left.elements() if last >= 0 or place in {_FIRST_SECOND, _TRAINING}]
        place = chance.choice(places or [_TRAINING])  # at the end a run may be too young for what is left
        left[place] -= 1
        begins = last < 0
        resume = not begins or (run.exists() and chance.random() < 0.5)
        reported = _kill(place, Training(options, run, resume=resume), chance)
        if reported:
            _require(
                reported[0] == max(last, 0) + 1,
                f"after epoch {last} the next process told epoch {reported[0]}",
            )
            report.resumed += not begins
        last = _check(run, reported, last, report)
        report.places[place] += 1
        report.begun_anew += begins and last < 0
        report.epochs += len(reported)
        if (number + 1) % 10 == 0:
            print(f"{number + 1} kills, now at epoch {last}", file=sys.stderr, flush=True)
    runs = scratch / "runs"
    runs.mkdir()
    for number in range(losses):
        _lose(options, runs, list(_LOSSES)[number % len(_LOSSES)], report, chance)
    _compare(options, run, scratch / "whole", max(last, 0) + _MORE_EPOCHS, resume=last >= 0)
    return report


def _cut_to_first_line(path: Path) -> None:
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])


def _link_to_nothing(path: Path) -> None:
    path.unlink()
    path.symlink_to("elsewhere")


_LOSSES: dict[str, Callable[[Path], Any]] = {
    "removed": Path.unlink,
    "emptied": partial(os.truncate, length=0),
    "cut": _cut_to_first_line,
    "linked": _link_to_nothing,
}
"""What other programs do to a history."""


def _lose(options: Sequence[str], runs: Path, loss: str, report: Report, chance: random.Random) -> None:
    """Kill a training after epoch 2 or later, damage its history, and check that nothing is gone."""
    folder = runs / f"run-{sum(report.losses.values())}"
    training = Training(options, folder, resume=False)
    training.wait_for_an_epoch(2)
    time.sleep(chance.uniform(0, _SECONDS))
    training.kill()
    last = max(training.reported_epochs)
    _LOSSES[loss](layout.history_path(folder))
    before = _contents(folder)
    ways = {
        "cadl train": partial(_sentence_of_cadl, options, folder),
        "cadl train --resume": partial(_sentence_of_cadl, [*options, "--resume"], folder),
        "the window's start": partial(_sentence_of_window, runs),
    }
    sentences = [f"{way}: {ask()}" for way, ask in ways.items()]
    sentences += [f"{way}: {ask()}" for way, ask in list(ways.items())[:2]]  # its mark is cleared now
    expected = f"the checkpoint of epoch {layout.checkpoint_epochs(folder)[-1]} and "
    _require(layout.checkpoint_epochs(folder)[-1] >= last, f"the checkpoint of epoch {last} is lost")
    _require(all(expected in sentence for sentence in sentences), f"{expected} is not in {sentences}")
    _require(_contents(folder) == before, f"{loss}: files of {folder.name} are gone or changed")
    _require(not list(runs.glob("*.removed*")), f"{loss}: files of {folder.name} were moved")
    report.losses[loss] += 1
    report.sentences[loss] = [sentence.replace(str(runs), "…") for sentence in sentences[:3]]


def _contents(folder: Path) -> dict[str, bytes]:
    """Return the contents of all files but the lock, whose mark is cleared when it was reported."""
    files = (path for path in folder.rglob("*") if path.is_file() and path != layout.lock_path(folder))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def _sentence_of_cadl(options: Sequence[str], folder: Path) -> str:
    """Return the only line that `cadl train` writes to standard error; it must fail."""
    output, errors = folder.with_suffix(".output"), folder.with_suffix(".errors")

    def callback() -> int:
        with errors.open("w") as file:
            os.dup2(file.fileno(), sys.stderr.fileno())
        return cadl(["train", *options, "--run", str(folder)])

    _, status = os.waitpid(fork(callback, output), 0)
    lines = errors.read_text().splitlines()
    _require(
        os.waitstatus_to_exitcode(status) != 0, "a training began in the folder of a run without a history"
    )
    _require(len(lines) == 1, f"expected one sentence, and there are {lines}")
    for path in (output, errors):
        path.unlink()
    return lines[0]


def _sentence_of_window(runs: Path) -> str:
    """Return what the window's search for interrupted runs complains of."""
    found, complaints = take_interrupted(runs)
    _require(not found and len(complaints) == 1, f"expected one sentence, and there are {found} {complaints}")
    return complaints[0]


def _kill(place: str, training: "Training", chance: random.Random) -> list[int]:
    """Kill a training; returns the epochs that it, and the process waiting for it, reported."""
    if place == _FIRST_SECOND:
        time.sleep(chance.uniform(0, _SECONDS))
        training.kill()
        return training.reported_epochs
    if place == _RESUMING:
        began = time.monotonic()
        training.wait_until_it_takes_its_folder()
        # To take it is quick, to go on takes longer: half of the kills come while files are tidied up.
        longest = (time.monotonic() - began) * chance.choice([0.02, 1.0])
        time.sleep(chance.uniform(0, max(longest, 0.02)))
        training.kill()
        return training.reported_epochs
    training.wait_for_an_epoch()
    waiting = training.followed_by_another() if place == _WAITING else None
    time.sleep(chance.uniform(0, _SECONDS))
    training.kill()
    reported = training.reported_epochs
    if waiting is not None:
        waiting.wait_for_an_epoch()
        waiting.kill()
        reported_later = waiting.reported_epochs
        _require(
            reported_later[0] in {reported[-1] + 1, reported[-1] + 2},
            f"after {reported[-1]} came {reported_later[0]}",
        )
        reported = [*reported, *reported_later]
    return reported


class Training:
    """A process that trains, and its output.

    Args:
        options: options of the command.
        run: folder to write.
        resume: whether to resume the run in it.
        epochs: number of epochs.
        patient: whether to try again as long as another process writes to the folder.
    """

    def __init__(
        self,
        options: Sequence[str],
        run: Path,
        *,
        resume: bool,
        epochs: int = _MANY_EPOCHS,
        patient: bool = False,
    ) -> None:
        self._options, self._run = options, run
        self._output = run.with_suffix(".waiting.jsonl" if patient else ".jsonl")
        command = ["train", *options, "--epochs", str(epochs), "--run", str(run)]
        command += ["--resume"] if resume else []
        self._output.unlink(missing_ok=True)
        self._process = fork(
            partial(_patiently, command) if patient else partial(cadl, command), self._output
        )

    def followed_by_another(self) -> "Training":
        """Start a process that resumes the run as soon as it can."""
        return Training(self._options, self._run, resume=True, patient=True)

    def kill(self) -> None:
        """Kill the process; it must not have ended before, unless it was complete."""
        ended, status = os.waitpid(self._process, os.WNOHANG)
        _require(not ended, f"the training ended by itself, with status {status}")
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)

    def finish(self) -> None:
        """Wait until it ends."""
        _, status = os.waitpid(self._process, 0)
        _require(os.waitstatus_to_exitcode(status) == 0, f"{self._run.name} did not come to its end")

    @property
    def reported_epochs(self) -> list[int]:
        """The epochs that it reported to be on disk."""
        if not self._output.exists():
            return []
        whole_lines = self._output.read_text().split("\n")[:-1]
        return [line["epoch"] for line in map(json.loads, whole_lines) if "epoch" in line]

    def wait_until_it_takes_its_folder(self) -> None:
        """Wait until its process number is in the lock."""
        path, number = layout.lock_path(self._run), f"{self._process}\n".encode()
        self._wait_for(lambda: path.exists() and path.read_bytes() == number)

    def wait_for_an_epoch(self, number: int = 1) -> None:
        """Wait until it has reported an epoch, or as many."""
        self._wait_for(lambda: len(self.reported_epochs) >= number)

    def _wait_for(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _TIMEOUT_SECONDS
        while not condition():
            ended, status = os.waitpid(self._process, os.WNOHANG)
            _require(not ended, f"the training ended by itself, with status {status}")
            if time.monotonic() > deadline:
                self.kill()
                raise TimeoutError("the training did not begin in time: is this machine busy?")
            time.sleep(_POLL_SECONDS)  # so rarely that it does not slow the training down


def _patiently(command: Sequence[str]) -> int:
    with contextlib.redirect_stderr(io.StringIO()):
        while (status := cadl(command)) == _ANOTHER_WRITES:
            time.sleep(_POLL_SECONDS)
    return status


def fork(callback: Callable[[], int], output: Path) -> int:
    """Call a function in a forked process that then exits; returns the process number."""
    process = os.fork()
    if process:
        return process
    status = 1
    try:
        with output.open("w") as file:
            os.dup2(file.fileno(), sys.stdout.fileno())
        status = callback()
    except BaseException:  # noqa: BLE001 - a child has nobody above it to tell
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def write_dataset(folder: Path) -> None:
    """Write 400 small training images and 100 test images in MNIST's four files."""
    folder.mkdir()
    noise = np.random.default_rng(0)
    for part, n in (("train", 400), ("t10k", 100)):
        images = (noise.random((n, 28, 28)) ** 3 * 255).astype(np.uint8)
        for name, array in (("images-idx3", images), ("labels-idx1", np.arange(n, dtype=np.uint8) % 10)):
            header = bytes([0, 0, 8, array.ndim]) + b"".join(size.to_bytes(4, "big") for size in array.shape)
            (folder / f"{part}-{name}-ubyte.gz").write_bytes(gzip.compress(header + array.tobytes()))


def _check(run: Path, reported: Sequence[int], last_before: int, report: Report) -> int:
    """Check what a kill has left; returns the last complete epoch, -1 if there is none."""
    try:
        stored = read_run(run)
        for position in stored.recorded:
            read_snapshot(run, position)
    except CadlError as error:
        # Whoever is killed before the first epoch is complete leaves nothing, and loses nothing.
        _require(last_before < 0 and not reported, f"{error} {sorted(path.name for path in run.glob('*'))}")
        return -1
    report.snapshots += len(stored.recorded)
    if stored.checkpoint is None:
        _require(
            last_before < 0 and not reported, f"no checkpoint after epoch {max(last_before, *reported, -1)}"
        )
        return -1
    _require(was_interrupted(run) or not reported, "nobody would know that it was interrupted")
    last = layout.checkpoint_epoch(stored.checkpoint)
    _require(last >= max([last_before, *reported]), f"epoch {max([last_before, *reported])} is lost: {last}")
    _require(Position(last) in stored.recorded, f"the weights of epoch {last} are lost")
    _require(_opens(stored.checkpoint), f"{stored.checkpoint.name} does not open")
    return last


def _opens(checkpoint: Path) -> bool:
    """Whether a checkpoint opens with all its checksums; in another process, because this one forks."""

    def callback() -> int:
        from cadl_gui.runs.checkpoint import open_checkpoint

        return (
            0 if open_checkpoint(checkpoint).position == Position(layout.checkpoint_epoch(checkpoint)) else 1
        )

    _, status = os.waitpid(fork(callback, checkpoint.parent.with_suffix(".opens")), 0)
    return os.waitstatus_to_exitcode(status) == 0


def _compare(options: Sequence[str], killed: Path, whole: Path, epochs: int, *, resume: bool) -> None:
    Training(options, killed, resume=resume, epochs=epochs).finish()
    Training(options, whole, resume=False, epochs=epochs).finish()
    mine, theirs = (read_snapshot(run, Position(epochs)).weights for run in (killed, whole))
    _require(mine.keys() == theirs.keys(), "resumed weights are others")
    _require(all(np.array_equal(mine[path], theirs[path]) for path in mine), "resumed weights differ")
    losses = [read_run(run).history.step_losses for run in (killed, whole)]
    _require(np.array_equal(*losses), "resumed losses differ")


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise BrokenRunError(otherwise)


if __name__ == "__main__":
    main()
