"""`cadl info`: shows the contents of a checkpoint (also of the course), a run folder or an export."""

import argparse
from typing import Any

from cadl_gui.cli.export_info import is_export, print_export
from cadl_gui.cli.file_argument import add_file_argument
from cadl_gui.cli.output import add_json_option, class_lines, emit
from cadl_gui.cli.tensorflow_import import import_tensorflow
from cadl_gui.domain.configuration import as_text
from cadl_gui.system.words import _

_KINDS = {
    "run": _("run"),
    "checkpoint": _("checkpoint"),
    "checkpoint of the course": _("checkpoint of the course"),
}


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser("info", help=_("show what is in a checkpoint, a run folder or an export"))
    add_file_argument(parser)
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Print the configuration, the recorded positions and the metrics, or the signatures of an export."""
    if is_export(arguments.file):
        print_export(arguments)
        return
    kind = "run"
    if not arguments.file.is_dir():
        import_tensorflow()
        from cadl_gui.interop.course.variables import is_course_checkpoint

        kind = "checkpoint of the course" if is_course_checkpoint(arguments.file) else "checkpoint"
    from cadl_gui.saved.opened import open_path

    opened = open_path(arguments.file, newest=True)
    manifest, history, positions, notes = opened.manifest, opened.history, opened.recorded, opened.notes
    config = manifest.config
    last = history.epochs[-1] if history.epochs else None
    lines = [
        _("{kind} “{name}”, made {created}").format(
            kind=_KINDS[kind], name=manifest.name, created=manifest.created
        ),
        _("dataset  {name}, images of {size}").format(
            name=manifest.dataset_name, size="×".join(map(str, manifest.image_shape))
        ),
        *class_lines(manifest.class_names),
        _("weights  {positions}").format(positions=", ".join(map(str, positions))),
    ]
    if manifest.branched_from:
        lines.append(_("branched from {branched_from}").format(branched_from=manifest.branched_from))
    if manifest.precision_choice:
        lines.append(manifest.precision_choice)
    if last is not None:
        metrics = "  ".join(f"{name} {value:.6f}" for name, value in last.metrics.items())
        lines.append(_("epoch {epoch}  {metrics}").format(epoch=last.epoch, metrics=metrics))
    lines += [f"  {field:18} {as_text(field, value)}" for field, value in config.values.items()]
    emit(
        arguments,
        *lines,
        *notes,
        kind=kind,
        name=manifest.name,
        created=manifest.created,
        branched_from=manifest.branched_from,
        precision_reason=manifest.precision_reason,
        dataset=manifest.dataset_name,
        image_shape=list(manifest.image_shape),
        class_names=list(manifest.class_names),
        positions=[list(position) for position in positions],
        epochs=[{"epoch": record.epoch, **record.metrics} for record in history.epochs],
        configuration=config.to_json(),
        notes=list(notes),
    )
