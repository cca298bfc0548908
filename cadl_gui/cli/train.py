"""`cadl train`: trains a preset, or resumes a run, like the Train tab."""

import argparse
import contextlib
import os
import sys
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cadl_gui.cli.checkpoint_options import (
    add_checkpoint_output,
    add_set_option,
    check_checkpoint_output,
    settings_of,
)
from cadl_gui.cli.data_preparing import prepare_if_needed
from cadl_gui.cli.epoch_log import EpochLog
from cadl_gui.cli.interruption import Interrupted, Stopping
from cadl_gui.cli.kept_training import folder_to_train_in, keeping_last_epoch, write_output
from cadl_gui.cli.output import add_json_option, emit, message, printable
from cadl_gui.cli.output_path import check_new_folder, require_distinct
from cadl_gui.cli.progress_line import show_stage
from cadl_gui.cli.tensorflow_import import import_tensorflow
from cadl_gui.cli.train_workers import (
    OPEN_PORTS,
    add_worker_options,
    meeting_of,
    print_workers,
    started_with,
    team_of,
)
from cadl_gui.datasets.load import preview
from cadl_gui.datasets.sources import SOURCES
from cadl_gui.domain.configuration import RunConfig, parse
from cadl_gui.domain.data_config import PATH_FIELDS
from cadl_gui.domain.dataset_source import dataset_help
from cadl_gui.domain.errors import CheckpointError, RecordingError, UserError
from cadl_gui.domain.estimate import estimate
from cadl_gui.domain.events import EpochCompleted, Event, RecordingFailed, TrainingEnded, TrainingStarted
from cadl_gui.domain.formatting import count_text
from cadl_gui.domain.history import EpochRecord
from cadl_gui.domain.part_sizes import fitting_batch_size, n_training_images
from cadl_gui.domain.position import Position
from cadl_gui.domain.precision import require_offered
from cadl_gui.domain.presets import preset
from cadl_gui.domain.training_config import BFLOAT16
from cadl_gui.domain.training_requests import StepBudget, TrainingRequest
from cadl_gui.domain.workers import workers_of
from cadl_gui.runs.claim import recording_to, require_vacant
from cadl_gui.runs.layout import manifest_path
from cadl_gui.runs.reader import read_manifest, read_run
from cadl_gui.system.processor import bfloat16_refusal
from cadl_gui.system.words import _

if TYPE_CHECKING:
    from cadl_gui.training.sharing import Team
    from cadl_gui.training.team.meeting import Meeting

_TURN_SECONDS = 0.25
"""Duration of a training turn; Ctrl+C stops the training at the end of the current turn."""
_OPTIONS = ("dataset", "epochs", "batch_size", "learning_rate", "seed")


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    caution = _("On several machines: {caution}").format(caution=OPEN_PORTS[0].lower() + OPEN_PORTS[1:])
    parser = commands.add_parser("train", help=_("train a preset"), epilog=caution)
    parser.add_argument("preset", metavar="PRESET", nargs="?", help=_("see `cadl presets`"))
    parser.add_argument("--dataset", metavar="NAME|PATH", help=dataset_help(SOURCES))
    parser.add_argument("--epochs", metavar="N", help=_("total number; with --resume it may be another"))
    parser.add_argument("--batch-size", metavar="N")
    parser.add_argument("--learning-rate", metavar="X")
    parser.add_argument("--seed", metavar="N")
    add_set_option(parser, _("any other field; may be repeated"))
    parser.add_argument("--run", metavar="DIR", dest="folder", type=Path, help=_("run folder to write"))
    parser.add_argument(
        "--resume",
        action="store_true",
        help=_(
            "resume the run in --run DIR; all else is taken from it (--dataset: if its images have moved)"
        ),
    )
    parser.add_argument(
        "--log-tensorboard",
        metavar="DIR",
        dest="log",
        type=Path,
        help=_("folder for a log that TensorBoard shows, written epoch by epoch; --resume adds to it"),
    )
    parser.add_argument("--deterministic", action="store_true", help=_("ask for deterministic kernels"))
    add_worker_options(parser)
    add_checkpoint_output(parser)
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Train, and print each epoch once it is safely on disk.

    Where `TF_CONFIG` or Slurm names other workers, this process trains with them; only the chief writes.

    Raises:
        CadlError: if the arguments are invalid, or the run cannot be trained or written.
        Interrupted: after Ctrl+C; completed epochs are retained where `--run` and `-o` specify.
    """
    if arguments.print_workers:
        _asked(arguments)
        print_workers(arguments)
        return
    workers = workers_of(os.environ)
    if workers is None:
        _train_new_or_resumed(arguments, None)
        return
    with meeting_of(arguments, workers) as meeting:
        if workers.is_chief:
            _train_new_or_resumed(arguments, meeting)
        else:
            _help(arguments, meeting)


def _train_new_or_resumed(arguments: argparse.Namespace, meeting: "Meeting | None") -> None:
    """Train in this process, or as the chief of those that meet."""
    asked = _asked(arguments)
    config = _config(arguments, asked)
    check_outputs(arguments, resume=arguments.resume)
    require_distinct(arguments.folder, arguments.output, arguments.log)
    if arguments.log is not None:
        check_new_folder(arguments.log, _("A log"), may_exist=arguments.resume)
    prepare_if_needed(config.data.dataset)
    if meeting is None and not arguments.resume and "batch_size" not in asked:
        config = _with_fitting_batches(config)
    show_stage(_("Loading TensorFlow"))
    import_tensorflow()
    stopping = Stopping()
    team = None
    if meeting is not None:
        others = meeting.workers.addresses[1:]
        message(
            arguments,
            OPEN_PORTS,
            _("waiting for {n} more: {others}").format(n=len(others), others=", ".join(others)),
        )
        team = team_of(meeting, started_with(arguments, asked), stopping)
    with folder_to_train_in(arguments.folder) as folder:
        request = _request(arguments, config, asked, folder)
        train_and_finish(arguments, request, folder, arguments.log, team, stopping)


def _help(arguments: argparse.Namespace, meeting: "Meeting") -> None:
    """Train as a worker that is not the chief, with the chief's configuration; nothing is written."""
    asked = _asked(arguments)
    if not arguments.resume:  # what is wrong with the options is wrong here, too
        _config(arguments, asked)
    import_tensorflow()
    alike = started_with(arguments, asked)
    name = meeting.workers.name
    message(
        arguments,
        OPEN_PORTS,
        _("{mine}, for {chief}").format(mine=name(meeting.workers.index), chief=name(0)),
    )
    config = meeting.come(alike)
    config = config.replace(**{name: asked[name] for name in PATH_FIELDS if name in asked})
    prepare_if_needed(config.data.dataset)
    stopping = Stopping()
    team = team_of(meeting, alike, stopping)
    with stopping.noting(), team.leaving():
        _train(arguments, _request(arguments, config, asked, None), stopping, EpochLog(None), team)
    if stopping.asked:
        raise Interrupted(_("Stopped; the chief says what is kept."))


def _request(
    arguments: argparse.Namespace, config: RunConfig, asked: Mapping[str, Any], folder: Path | None
) -> TrainingRequest:
    return TrainingRequest(
        uuid.uuid4().hex,
        config.preset,
        config,
        folder,
        resume=arguments.resume and folder is not None,
        asked=asked,
        deterministic=arguments.deterministic,
        on_stage=show_stage,
    )


def _asked(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the values of fields that the command line names, by field, with the preset's name.

    Raises:
        UserError: if there is no such preset or field, or a value is invalid.
    """
    asked = chosen_values(arguments, _OPTIONS)
    if arguments.preset is not None:
        asked["preset"] = preset(arguments.preset).config.preset
    return asked


def _config(arguments: argparse.Namespace, asked: Mapping[str, Any]) -> RunConfig:
    """Return the configuration of the new run, or of the run to resume as read before the folder is claimed.

    Raises:
        UserError: if no preset is named and there is no run to resume, if the preset's dataset does not ship
            and none is named, if --resume is given without --run, or if the precision is not offered.
    """
    if arguments.resume:
        if arguments.folder is None:
            raise UserError(_("--resume needs the run folder: --run DIR."))
        if manifest_path(arguments.folder).is_file():
            moved = {name: asked[name] for name in PATH_FIELDS if name in asked}
            return read_manifest(arguments.folder).config.replace(**moved)
    if arguments.preset is None:
        raise UserError(_("Name a preset to train; `cadl presets` lists them."))
    chosen = preset(arguments.preset)
    if chosen.to_open and "dataset" not in asked:
        raise UserError(_("{to_open} Its path is an option: --dataset PATH.").format(to_open=chosen.to_open))
    config = chosen.config.replace(**asked)
    if config.training.precision == BFLOAT16 and bfloat16_refusal():
        # Only TensorFlow knows of a GPU, which may compute in it all the same.
        import_tensorflow()
        from cadl_gui.training import bfloat16

        require_offered(config, bfloat16.refusal())
    return config


def _with_fitting_batches(config: RunConfig) -> RunConfig:
    """Return the configuration with smaller batches if too few images are there to fill one."""
    wanted = config.training.batch_size
    n_train = n_training_images(preview(config.data.dataset), config)
    fitting = fitting_batch_size(n_train, wanted)
    if fitting != wanted:
        images = count_text(n_train, "image")
        print(
            _("Batch size: {fitting} instead of {wanted}, since there are {images} to train with.").format(
                fitting=fitting, wanted=wanted, images=images
            ),
            file=sys.stderr,
        )
    return config.replace(batch_size=fitting)


def chosen_values(arguments: argparse.Namespace, options: Iterable[str]) -> dict[str, Any]:
    """Return the values of options and of every `--set`, by field.

    Args:
        options: fields that have an option with the same name; options that are not given are left out.

    Raises:
        UserError: if a field does not exist, or its value is invalid.
    """
    texts = {field: getattr(arguments, field) for field in options}
    values = {field: parse(field, text) for field, text in texts.items() if text is not None}
    return values | settings_of(arguments)


def check_outputs(arguments: argparse.Namespace, *, resume: bool = False) -> None:
    """Check, before the work begins, that the run folder and the checkpoint can be written.

    Args:
        resume: whether a run in the folder is to be resumed; otherwise the folder must be vacant.

    Raises:
        CadlError: if the run folder or the checkpoint cannot be written, or both are the same.
    """
    require_distinct(arguments.folder, arguments.output)
    if arguments.folder is not None and not resume:
        with recording_to(arguments.folder):
            require_vacant(arguments.folder)
    if arguments.output is not None:
        check_checkpoint_output(arguments.output)


def train_and_finish(
    arguments: argparse.Namespace,
    request: TrainingRequest,
    folder: Path,
    log: Path | None = None,
    team: "Team | None" = None,
    stopping: Stopping | None = None,
) -> None:
    """Train and print the progress; then write the checkpoint, evaluate it and print its metrics.

    Args:
        log: folder of the log for TensorBoard, or None.
        team: the workers of the training; None for this process and its GPUs.
        stopping: notes Ctrl+C.

    Raises:
        CadlError: if the run cannot be trained, written or evaluated; or, at last, if its log ended early.
        Interrupted: after Ctrl+C; the run is then in its folder, and its checkpoint where `-o` specifies.
    """
    from cadl_gui.training.sharing import alone_here

    stopping, team = stopping or Stopping(), team or alone_here()
    with stopping.noting():
        with (
            contextlib.closing(EpochLog(log)) as logging,
            keeping_last_epoch(folder, arguments.output),
            team.leaving(),
        ):
            ended = _train(arguments, request, stopping, logging, team)
        stopping.asked = stopping.asked or not ended.complete  # or another worker was stopped
        try:
            _finish(arguments, folder, stopping)
        except KeyboardInterrupt:
            raise Interrupted(_interruption_message(arguments, ended)) from None
        logging.require_complete()


def _train(
    arguments: argparse.Namespace,
    request: TrainingRequest,
    stopping: Stopping,
    log: EpochLog,
    team: "Team",
) -> TrainingEnded:
    from cadl_gui.training.recorded import train_and_record

    with contextlib.closing(train_and_record(request, team)) as training:
        events = next(training)
        log.begin(events)
        started = next(event for event in events if isinstance(event, TrainingStarted))
        rate, precision = started.learning_rate, started.description.config.training.precision
        stop, turn = StepBudget(0.0, 0, rate), StepBudget(_TURN_SECONDS, None, rate)
        while (ended := _report(arguments, events, precision)) is None:
            events = training.send(stop if stopping.asked else turn)
            log.add(events)
        return ended


def _report(arguments: argparse.Namespace, events: tuple[Event, ...], precision: str) -> TrainingEnded | None:
    """Print training events, and return the last one, `TrainingEnded`, if it is among them."""
    for event in events:
        if isinstance(event, RecordingFailed):  # first: only epochs on disk are printed
            raise RecordingError(event.message)
    for event in events:
        match event:
            case TrainingStarted(description=about, caution=caution):
                config, training = about.config, about.config.training
                epochs = count_text(training.epochs, "epoch")
                message(
                    arguments,
                    _("{preset} on {dataset_name}, {epochs}, seed {seed}").format(
                        preset=config.preset,
                        dataset_name=about.dataset_name,
                        epochs=epochs,
                        seed=training.seed,
                    ),
                    *(
                        [_("takes about {time}").format(time=estimate(config, about.spec))]
                        if about.source
                        else []
                    ),
                    *filter(None, (about.precision_choice, caution)),
                )
            case EpochCompleted(record=record) if record.epoch > 0:
                emit(arguments, _line(record, precision), **_values(record, precision))
            case TrainingEnded():
                return event
    return None


def _values(record: EpochRecord, precision: str) -> dict[str, Any]:
    speed = round(record.images_per_second, 1)
    return {"epoch": record.epoch, **record.metrics, "images_per_second": speed, "precision": precision}


def _line(record: EpochRecord, precision: str) -> str:
    metrics = "  ".join(f"{name} {value:.6f}" for name, value in record.metrics.items())
    return _("epoch {epoch:3}  {metrics}  {speed:,.0f} images/s in {precision}").format(
        epoch=record.epoch, metrics=metrics, speed=record.images_per_second, precision=precision
    )


def _finish(arguments: argparse.Namespace, folder: Path, stopping: Stopping) -> None:
    """Write the last checkpoint to the path given by `-o`, evaluate it, and print its metrics.

    Raises:
        CadlError: if no epoch was completed, or the checkpoint cannot be written or evaluated.
        KeyboardInterrupt: after Ctrl+C, before or during the evaluation.
    """
    from cadl_gui.saved.file_evaluation import evaluate_file

    run = read_run(folder)
    checkpoint = run.checkpoint
    if checkpoint is None:
        raise CheckpointError(_("No epoch was completed, so there is no checkpoint."))
    if arguments.output is not None:
        write_output(run, checkpoint, arguments.output)
    with stopping.raising():
        metrics = evaluate_file(checkpoint).metrics
    retained = arguments.output or (checkpoint if arguments.folder else None)
    text = _("test") + "   " + "  ".join(f"{name} {value:.6f}" for name, value in metrics.items())
    lines = [text, str(retained)] if retained else [text]
    emit(arguments, *lines, test=metrics, checkpoint=str(retained) if retained else None)


def _interruption_message(arguments: argparse.Namespace, ended: TrainingEnded) -> str:
    """Return one line that states what was retained after Ctrl+C."""
    trained = (
        _("all epochs trained") if ended.complete else _("at {position}").format(position=ended.position)
    )
    places = [f"“{path}”" for path in (arguments.folder, arguments.output) if path is not None]
    if not places:
        return _("Stopped, {trained}; neither --run nor -o says where to keep it.").format(trained=trained)
    last = Position(ended.position.epoch)
    text = _("Stopped, {trained}; {last} is kept in {places}.")
    if arguments.folder is not None and not ended.complete:
        text = _(
            "Stopped, {trained}; {last} is kept in {places}, and `cadl train --run DIR --resume` "
            "resumes from there."
        )
    return printable(text.format(trained=trained, last=last, places=_(" and ").join(places)))
