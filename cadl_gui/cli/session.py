"""`cadl session`: puts runs into a session that can be sent, shows what is in one, and opens it."""

import argparse
from pathlib import Path
from typing import Any

from cadl_gui.cli.output import add_json_option, emit
from cadl_gui.cli.output_path import check_output_path
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.file_format import require_ending
from cadl_gui.domain.formatting import count_text
from cadl_gui.domain.session import SUFFIX, Kept
from cadl_gui.domain.view import SHIPPED, View
from cadl_gui.runs.session import bytes_of_runs, read_session, write_session
from cadl_gui.system.file_limits import megabytes
from cadl_gui.system.resources import ships
from cadl_gui.system.words import _


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser("session", help=_("pack runs into a file that others can open"))
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    pack = actions.add_parser("pack", help=_("put runs into a session"))
    pack.add_argument("source", nargs="+", type=Path, metavar="RUN", help=_("a run folder"))
    pack.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        help=_("the session, a {suffix} file").format(suffix=SUFFIX),
    )
    pack.add_argument(
        "--epochs",
        choices=[*Kept],
        type=Kept,
        default=Kept.ALL,
        help=_(
            "which recorded epochs of each run to put in; only a run with all can be resumed (%(default)s)"
        ),
    )
    add_json_option(pack)
    pack.set_defaults(run=_pack)
    info = actions.add_parser("info", help=_("show what is in a session"))
    info.add_argument("file", type=Path, metavar="FILE", help=_("a session"))
    add_json_option(info)
    info.set_defaults(run=_info)
    show = actions.add_parser("open", help=_("open a session in a window"))
    show.add_argument("file", type=Path, metavar="FILE", help=_("a session"))
    show.set_defaults(run=_open)


def _pack(arguments: argparse.Namespace) -> None:
    """Write a session that shows the first run.

    Raises:
        UserError: if a run cannot be read, or is given twice, or the output cannot be written.
    """
    from cadl_gui.runs.reader import read_run

    require_ending(arguments.output, SUFFIX)
    check_output_path(arguments.output)
    runs: dict[str, tuple[str, Path | None]] = {}
    for source in arguments.source:
        stored = read_run(source)
        key = f"{SHIPPED}{source.resolve().name}" if ships(source) else f"id:{stored.uuid}"
        if key in runs:
            raise UserError(
                _("“{source}” is given twice, or is a copy of another of the runs.").format(source=source)
            )
        runs[key] = stored.name, None if ships(source) else source
    own = [source for _name, source in runs.values() if source is not None]
    view = View(runs=tuple(runs), run=next(iter(runs)))
    write_session(arguments.output, {"view": view.to_json()}, runs, arguments.epochs)
    n_bytes = bytes_of_runs(own)[arguments.epochs]
    emit(
        arguments,
        f"{arguments.output}: {', '.join(name for name, _source in runs.values())}, {megabytes(n_bytes)}",
        file=str(arguments.output),
        runs=[name for name, _source in runs.values()],
        bytes=n_bytes,
    )


def _info(arguments: argparse.Namespace) -> None:
    """Print the runs of a session, and their size."""
    session = read_session(arguments.file)
    shipping = _("{name}, ships with the program")
    emit(
        arguments,
        _("session of {runs}, {size}, epochs: {epochs}").format(
            runs=count_text(len(session.runs), "run"),
            size=megabytes(session.n_bytes),
            epochs=session.kept,
        ),
        *(f"  {run.name if run.folder else shipping.format(name=run.name)}" for run in session.runs),
        kind="session",
        runs=[{"key": run.key, "name": run.name, "ships": not run.folder} for run in session.runs],
        epochs=session.kept,
        bytes=session.n_bytes,
        parts=sorted(session.parts),
    )


def _open(arguments: argparse.Namespace) -> None:
    """Check a session, and open it in a window, as `cadl-gui FILE` does."""
    from cadl_gui import app

    read_session(arguments.file)
    if status := app.main([str(arguments.file)]):
        raise SystemExit(status)
