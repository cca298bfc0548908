"""`cadl export`: exports a trained network to a format that other programs load."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cadl_gui.cli.file_argument import add_epoch_option, add_file_argument
from cadl_gui.cli.output import add_json_option, emit
from cadl_gui.cli.output_path import check_new_folder, check_output_path
from cadl_gui.cli.progress_line import ProgressLine
from cadl_gui.cli.tensorflow_import import import_tensorflow
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.events import RunOpened
from cadl_gui.domain.exports import (
    EXPORTS,
    FUNCTIONS,
    TENSORBOARD,
    WEB_PAGE,
    Exported,
    Format,
)
from cadl_gui.domain.file_format import require_ending
from cadl_gui.domain.lesson import SUFFIX
from cadl_gui.domain.page_lesson import PageLesson
from cadl_gui.domain.position import end_of_epoch
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.domain.training_requests import LogRequest, OpenFile, PageRequest, earlier_positions
from cadl_gui.system.resources import shipped_lessons
from cadl_gui.system.stages import result_of
from cadl_gui.system.words import _

if TYPE_CHECKING:
    from cadl_gui.saved.opened import Opened


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser(
        "export",
        help=_("write a model that loads without this program"),
        description=_(
            "Exports a trained network, preprocessing inside: it takes images in [0, 1]. Before "
            "it is moved to its path, a library that knows nothing of this program loads it "
            "back, and its answers are compared with the network's own. A log for TensorBoard "
            "has the history of a run instead. A web page has one or more networks that take "
            "drawn digits."
        ),
    )
    add_file_argument(parser, nargs="+")
    parser.add_argument(
        "--format",
        choices=EXPORTS,
        required=True,
        help="; ".join(f"{export_format.name}: {export_format.help}" for export_format in EXPORTS.values()),
    )
    parser.add_argument(
        "--function",
        choices=[function.name for function in FUNCTIONS],
        help=_(
            "the one function to export; by default, of a SavedModel all, else the first of them that fits"
        ),
    )
    parser.add_argument("-o", "--output", metavar="OUT", type=Path, required=True)
    parser.add_argument(
        "--lesson",
        metavar="LESSON",
        help=_("of a web page: the lesson whose steps it has, a file or the name of one that ships"),
    )
    add_epoch_option(parser, _("the last; for TensorBoard, all"))
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Export the network, and print what its outputs were compared with; or the log, and what it has.

    Raises:
        CadlError: if the arguments are invalid, or nothing can be exported.
    """
    export_format = EXPORTS[arguments.format]
    _check_output(arguments.output, export_format)
    if export_format == WEB_PAGE:
        _export_page(arguments)
        return
    if arguments.lesson is not None:
        raise UserError(_("Only a web page has the steps of a lesson: leave --lesson out."))
    if len(arguments.file) > 1:
        raise UserError(
            _("Only a web page has several networks; a {label} has one.").format(label=export_format.label)
        )
    (arguments.file,) = arguments.file
    if export_format == TENSORBOARD:
        _export_log(arguments)
    else:
        _export_network(arguments, export_format)


def _export_network(arguments: argparse.Namespace, export_format: Format) -> None:
    import_tensorflow()
    from cadl_gui.interop.export.export import export
    from cadl_gui.saved.opened import open_path
    from cadl_gui.training.examples import clean_examples

    opened = open_path(arguments.file, arguments.epoch)
    network, config = opened.network(), opened.manifest.config
    functions = network.config.kind.functions_for(export_format, arguments.function)
    images = clean_examples(config, network.image_shape)
    _emit(arguments, result_of(export(network, export_format, functions, arguments.output, images)))


def _export_page(arguments: argparse.Namespace) -> None:
    if arguments.function is not None:
        raise UserError(_("A web page has all functions: leave --function out."))
    import_tensorflow()
    from cadl_gui.saved.opened import open_path
    from cadl_gui.saved.page_export import export_page

    opened = [open_path(file, arguments.epoch) for file in arguments.file]
    lesson = None if arguments.lesson is None else _lesson(arguments.lesson)
    networks = tuple((each.described(), _snapshots(each, lesson)) for each in opened)
    _emit(arguments, result_of(export_page(PageRequest(networks, arguments.output, lesson))))


def _lesson(name: str) -> PageLesson:
    """Read a lesson by its file, or one that ships by its name.

    Raises:
        UserError: if there is none, or it cannot be read.
        LessonError: if there are faults.
    """
    from cadl_gui.cli.lesson import read_beside
    from cadl_gui.ui.lesson.page_texts import page_lesson
    from cadl_gui.ui.window.lesson_names import words_of

    shipped = {path.name.removesuffix(SUFFIX): path for path in shipped_lessons()}
    with read_beside(shipped.get(name, Path(name))) as (folder, _, lesson):
        read = page_lesson(lesson, folder, words_of)
        texts = {step: read.texts(step) for step in lesson.steps}  # the folder may be a bundle's, and go
    return PageLesson(lesson, texts.__getitem__)


def _snapshots(opened: "Opened", lesson: PageLesson | None) -> tuple[Snapshot, ...]:
    """Read the weights of a run that a page has, until those that are open."""
    from cadl_gui.runs.snapshots import read_snapshot

    earlier = earlier_positions(opened.recorded, opened.snapshot.position, lesson)
    return (*(read_snapshot(opened.path, position) for position in earlier), opened.snapshot)


def _emit(arguments: argparse.Namespace, exported: Exported) -> None:
    emit(
        arguments,
        f"{exported.path}  {', '.join(exported.functions)}  {exported}",
        output=str(exported.path),
        format=arguments.format,
        functions=list(exported.functions),
        loader=exported.loader,
        compared=exported.n_compared,
        largest_difference=exported.largest_difference,
    )


def _check_output(path: Path, export_format: Format) -> None:
    if export_format.suffix:
        require_ending(path, export_format.suffix)
        check_output_path(path)
    else:
        check_new_folder(
            path,
            _("A {label}").format(label=export_format.label) if export_format != TENSORBOARD else _("A log"),
        )


def _export_log(arguments: argparse.Namespace) -> None:
    if arguments.function is not None:
        raise UserError(_("A log for TensorBoard has no functions: leave --function out."))
    import_tensorflow()
    from cadl_gui.saved.backend import Training

    training, progress = Training(), ProgressLine(_("epochs"))
    exporting = training.export_log(_log_request(arguments, training.open(OpenFile("", arguments.file))))
    exported = result_of(exporting, lambda stage: progress.show(stage.n_done, stage.n_stages - 1))
    progress.close()
    emit(
        arguments,
        str(exported),
        output=str(exported.path),
        format=TENSORBOARD.name,
        epochs=list(exported.epochs),
    )


def _log_request(arguments: argparse.Namespace, opened: RunOpened) -> LogRequest:
    """Ask for the log of a run that was opened, at the epoch that was named or at all.

    Raises:
        UserError: if it has no such epoch, or none at all.
    """
    file, epoch = arguments.file, arguments.epoch
    ends = [position for position in opened.recorded if position.step == 0]
    if opened.description.is_graph or not ends:
        raise UserError(_("“{file}” holds no complete epoch, and a log has nothing else.").format(file=file))
    chosen = tuple(ends if epoch is None else [end_of_epoch(epoch, ends, f"“{file}”")])
    snapshots = () if file.is_dir() else (opened.snapshot,)
    return LogRequest(opened.description, opened.history, chosen, snapshots, arguments.output)
