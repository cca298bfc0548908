"""`cadl train` on several machines: their command lines, and how they meet."""

import argparse
import contextlib
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cadl_gui.cli.interruption import Stopping
from cadl_gui.cli.number_range import float_range
from cadl_gui.cli.output import emit, message
from cadl_gui.domain.configuration import FIELDS, as_text
from cadl_gui.domain.data_config import PATH_FIELDS
from cadl_gui.domain.errors import CadlError, UserError, WorkerLostError
from cadl_gui.domain.workers import Workers, tf_config
from cadl_gui.runs.layout import manifest_path
from cadl_gui.system.versions import program_versions
from cadl_gui.system.words import _

if TYPE_CHECKING:
    from cadl_gui.training.sharing import Team
    from cadl_gui.training.team.meeting import Meeting

OPEN_PORTS = _(
    "Whoever can reach the ports of the workers can read and write your files: "
    "TensorFlow’s server listens there on all networks of the machine and asks for no "
    "password. Let only the other workers in, by a firewall, a private network or an ssh "
    "tunnel."
)
"""A caution that nothing here can spare the user: TensorFlow binds its port to no single address."""

_WAIT_SECONDS = 120.0
"""How long the workers wait for each other, unless `--wait` says otherwise."""


def add_worker_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of a training on several machines."""
    parser.add_argument(
        "--print-workers",
        metavar="HOST:PORT",
        nargs="+",
        dest="print_workers",
        help=_(
            "print the command line of each machine of a training on several, the chief’s first, "
            "and exit; see the caution below"
        ),
    )
    parser.add_argument(
        "--wait",
        metavar="SECONDS",
        type=float_range(0.1, 86_400.0),
        default=_WAIT_SECONDS,
        help=_("how long the workers of a training on several machines wait for each other (%(default)g)"),
    )


def print_workers(arguments: argparse.Namespace) -> None:
    """Print the command line of each worker.

    Raises:
        UserError: if there are fewer than two addresses, or one is invalid.
    """
    addresses: tuple[str, ...] = tuple(arguments.print_workers)
    if len(addresses) < 2:
        raise UserError(_("A training on several machines has at least two workers: HOST:PORT HOST:PORT."))
    command = shlex.join(["cadl", *_without_own_options(arguments.argv)])
    message(arguments, f"# {OPEN_PORTS}")
    for index, address in enumerate(addresses):
        config = tf_config(addresses, index)
        host = address.rpartition(":")[0]
        line = f"TF_CONFIG={shlex.quote(config)} {command}"
        text = _("# on {host}") if index else _("# on {host}, the chief, which writes the run")
        emit(arguments, text.format(host=host), line, host=host, TF_CONFIG=config, command=command)


def _without_own_options(argv: Sequence[str]) -> list[str]:
    """The arguments of this command without `--print-workers` and its addresses."""
    retained: list[str] = []
    skips = False
    for argument in argv:
        if len(argument) > 2 and "--print-workers".startswith(argument):  # options may be shortened
            skips = True
        elif not skips or not re.fullmatch(r"[^-].*:\d+", argument):
            skips = False
            retained.append(argument)
    return retained


@contextlib.contextmanager
def meeting_of(arguments: argparse.Namespace, workers: Workers) -> Iterator["Meeting"]:
    """The meeting of this worker with the others, for its whole training.

    Of what fails before they have met, the others are told, which may still be importing TensorFlow: the
    chief stays a while for those that come, and another worker tries for as long to reach the chief.

    Raises:
        CadlError: what the block raises; of another worker that has ended, with what is kept.
    """
    from cadl_gui.training.team.meeting import TELLING_SECONDS, Meeting

    meeting = Meeting(workers, arguments.wait)
    try:
        yield meeting
    except WorkerLostError as error:
        if not workers.is_chief:
            raise
        raise WorkerLostError(f"{error} {_what_remains(arguments)}") from error
    except Exception as error:
        if not meeting.is_over:
            reason = (
                str(error) if isinstance(error, CadlError) else _("It failed ({error}).").format(error=error)
            )
            with contextlib.suppress(KeyboardInterrupt):
                message(
                    arguments,
                    _("Telling the other workers, for {seconds:g} s at most: {reason}").format(
                        seconds=TELLING_SECONDS, reason=reason
                    ),
                )
                meeting.refuse(reason)
        raise
    finally:
        meeting.close()


def started_with(arguments: argparse.Namespace, asked: Mapping[str, Any]) -> dict[str, str]:
    """What all workers have to be started with alike, by name; `asked` are fields of the command line."""
    alike = {name: version for name, version in program_versions().items() if name != "python"}
    alike |= {f"--{name}": "given" for name in ("resume", "deterministic") if getattr(arguments, name)}
    for name, value in asked.items():
        if name not in PATH_FIELDS:
            label = FIELDS[name].label if name in FIELDS else name
            alike[label] = as_text(name, value) if name in FIELDS else str(value)
    return alike


def team_of(meeting: "Meeting", alike: Mapping[str, str], stopping: Stopping) -> "Team":
    """The team of a worker, which meets the others once it knows what it trains; Ctrl+C ends that at once."""
    from cadl_gui.training.team.several import Several, connected

    def begin(about: Mapping[str, Any]) -> Any:
        with stopping.raising():
            meeting.hold({"alike": alike, **about})
        with stopping.noting(raises=False):  # at its end, TensorFlow no longer has SIGTERM for itself
            return connected(meeting.workers)

    return Several(meeting.workers, begin)


def _what_remains(arguments: argparse.Namespace) -> str:
    if arguments.folder is None:
        return _("Without --run, nothing is kept.")
    if not manifest_path(arguments.folder).is_file():
        return _("No epoch was complete, so nothing is kept.")
    return _(
        "The run in “{folder}” is kept up to its last complete epoch; to resume it, add --resume to the same "
        "commands."
    ).format(folder=arguments.folder)
