"""`cadl train`: the Train tab without a window."""

import argparse
import shutil
import tempfile
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cadl_gui.cli.checkpoint_options import (
    add_checkpoint_output,
    add_set_option,
    check_checkpoint_output,
    settings_of,
)
from cadl_gui.cli.output import add_json_option, say
from cadl_gui.cli.quiet import import_tensorflow
from cadl_gui.core.configuration import Configuration, parse
from cadl_gui.core.errors import CheckpointError, RecordingError, UserError
from cadl_gui.core.events import EpochCompleted, Event, RecordingFailed, TrainingEnded, TrainingStarted
from cadl_gui.core.history import EpochRecord
from cadl_gui.core.presets import preset
from cadl_gui.core.requests import TrainingRequest, Turn

_TURN_SECONDS = 1.0
_OPTIONS = ("dataset", "epochs", "batch_size", "learning_rate", "seed")


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser("train", help="train a preset")
    parser.add_argument("preset", metavar="PRESET", help="see `cadl presets`")
    parser.add_argument("--dataset", metavar="NAME|PATH", help="mnist, or IDX files")
    parser.add_argument("--epochs", metavar="N", help="total number, also with --resume")
    parser.add_argument("--batch-size", metavar="N")
    parser.add_argument("--learning-rate", metavar="X")
    parser.add_argument("--seed", metavar="N")
    add_set_option(parser, "any other field; may be repeated")
    parser.add_argument("--run", metavar="DIR", dest="folder", type=Path, help="run folder to write")
    parser.add_argument("--resume", action="store_true", help="go on with the run in --run DIR")
    parser.add_argument("--deterministic", action="store_true", help="ask for deterministic kernels")
    add_checkpoint_output(parser)
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Train, telling each epoch as soon as it is safely on disk.

    Raises:
        CadlError: with a sentence for everything that a user can get wrong.
    """
    configuration = _configuration(arguments)
    _check(arguments)
    import_tensorflow()
    with tempfile.TemporaryDirectory() as scratch:
        # Without a run folder to keep, the run is written all the same: its last checkpoint becomes FILE.
        folder = arguments.folder or Path(scratch) / "run"
        request = TrainingRequest(
            uuid.uuid4().hex,
            configuration.preset,
            configuration,
            folder,
            resume=arguments.resume,
            deterministic=arguments.deterministic,
        )
        train(arguments, request)
        finish(arguments, folder)


def _configuration(arguments: argparse.Namespace) -> Configuration:
    return preset(arguments.preset).configuration.replace(**chosen_values(arguments, _OPTIONS))


def chosen_values(arguments: argparse.Namespace, options: Iterable[str]) -> dict[str, Any]:
    """The values of these options and of every `--set`, by field.

    Raises:
        UserError: if one of them cannot be such a value.
    """
    texts = {field: getattr(arguments, field) for field in options}
    values = {field: parse(field, text) for field, text in texts.items() if text is not None}
    return values | settings_of(arguments)


def _check(arguments: argparse.Namespace) -> None:
    if arguments.resume and arguments.folder is None:
        raise UserError("--resume needs the run folder: --run DIR.")
    if arguments.output is not None:
        check_checkpoint_output(arguments.output)


def train(arguments: argparse.Namespace, request: TrainingRequest) -> None:
    """Train, and print what happens.

    Raises:
        CadlError: if it cannot begin, or not go on.
    """
    from cadl_gui.training.recorded import train_and_record

    training = train_and_record(request)
    turn = Turn(_TURN_SECONDS, None, request.configuration.learning_rate)
    try:
        events = next(training)
        while _tell(arguments, events):
            events = training.send(turn)
    except KeyboardInterrupt:
        _tell(arguments, training.send(Turn(0.0, 0, turn.learning_rate)))
        raise
    finally:
        training.close()


def _tell(arguments: argparse.Namespace, events: tuple[Event, ...]) -> bool:
    """Print what happened; returns whether the training goes on."""
    for event in events:
        if isinstance(event, RecordingFailed):  # before an epoch is told that is not on disk
            raise RecordingError(event.sentence)
    for event in events:
        match event:
            case TrainingStarted():
                configuration = event.description.configuration
                say_started = f"{configuration.preset} on {event.description.dataset_name}"
                if not arguments.json:
                    print(
                        f"{say_started}, {configuration.epochs} epochs, seed {configuration.seed}", flush=True
                    )
            case EpochCompleted(record=record) if record.epoch > 0:
                say(arguments, _line(record), **_values(record))
            case TrainingEnded():
                return False
    return True


def _values(record: EpochRecord) -> dict[str, Any]:
    return {"epoch": record.epoch, **record.metrics, "images_per_second": round(record.images_per_second, 1)}


def _line(record: EpochRecord) -> str:
    metrics = "  ".join(f"{name} {value:.6f}" for name, value in record.metrics.items())
    return f"epoch {record.epoch:3}  {metrics}  {record.images_per_second:,.0f} images/s"


def finish(arguments: argparse.Namespace, folder: Path) -> None:
    """Measure what was trained, and write it where `-o` says.

    Raises:
        CadlError: if there is nothing to measure, or it cannot be written.
    """
    from cadl_gui.core.replacing import replacing
    from cadl_gui.runs.reader import read_run
    from cadl_gui.training.measure import measure

    checkpoint = read_run(folder).checkpoint
    if checkpoint is None:
        raise CheckpointError("No epoch was completed, so there is no checkpoint.")
    metrics = measure(checkpoint).metrics
    kept = checkpoint if arguments.folder else None
    if arguments.output is not None:
        try:
            with replacing(arguments.output) as beside:
                shutil.copyfile(checkpoint, beside)
        except OSError as error:
            raise RecordingError(
                f"“{arguments.output}” cannot be written: {error.strerror or error}."
            ) from error
        kept = arguments.output
    text = "test   " + "  ".join(f"{name} {value:.6f}" for name, value in metrics.items())
    say(arguments, text + (f"\n{kept}" if kept else ""), test=metrics, checkpoint=str(kept) if kept else None)
