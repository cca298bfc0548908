"""`cadl train` on several machines: their command lines, and what a worker other than the chief does."""

import argparse
import contextlib
import os
import re
import shlex
import socket
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cadl_gui.cli.data_preparing import prepare_if_needed
from cadl_gui.cli.interruption import Interrupted, Stopping
from cadl_gui.cli.number_range import float_range
from cadl_gui.cli.output import emit, message, printable
from cadl_gui.domain.errors import CadlError, UserError, WorkerLostError
from cadl_gui.domain.formatting import capitalised
from cadl_gui.domain.workers import Workers, tf_config
from cadl_gui.runs.layout import manifest_path
from cadl_gui.system.versions import program_versions

if TYPE_CHECKING:
    from cadl_gui.domain.meeting import Greeting
    from cadl_gui.training.team.chief import Chief

OPEN_PORTS = (
    "Whoever can reach the ports of the workers can read and write your files: TensorFlow’s server listens "
    "there on all networks of the machine and asks for no password. Let only the other workers in, by a "
    "firewall, a private network or an ssh tunnel."
)
"""A caution that nothing here can spare the user: TensorFlow binds its port to no single address."""

_WAIT_SECONDS = 120.0
"""How long the workers wait for each other, unless `--wait` says otherwise."""

_TELLING_SECONDS = 30.0
"""How long one that cannot begin stays to tell the others, which may be importing TensorFlow."""


def add_worker_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of a training on several machines."""
    parser.add_argument(
        "--print-workers",
        metavar="HOST:PORT",
        nargs="+",
        dest="print_workers",
        help="print the command line of each machine of a training on several, the chief’s first, and exit; "
        "see the caution below",
    )
    parser.add_argument(
        "--wait",
        metavar="SECONDS",
        type=float_range(0.1, 86_400.0),
        default=_WAIT_SECONDS,
        help="how long the workers of a training on several machines wait for each other (%(default)g)",
    )


def print_workers(arguments: argparse.Namespace) -> None:
    """Print the command line of each worker.

    Raises:
        UserError: if there are fewer than two addresses, or one is invalid.
    """
    addresses: tuple[str, ...] = tuple(arguments.print_workers)
    if len(addresses) < 2:
        raise UserError("A training on several machines has at least two workers: HOST:PORT HOST:PORT.")
    command = shlex.join(["cadl", *_without_own_options(arguments.argv)])
    message(arguments, f"# {OPEN_PORTS}")
    for index, address in enumerate(addresses):
        config = tf_config(addresses, index)
        host = address.rpartition(":")[0]
        line = f"TF_CONFIG={shlex.quote(config)} {command}"
        about = f"# on {host}" + (", the chief, which writes the run" if index == 0 else "")
        emit(arguments, about, line, host=host, TF_CONFIG=config, command=command)


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
def refusals_told(arguments: argparse.Namespace, workers: Workers | None) -> Iterator[None]:
    """Let the other workers of a training end, too, if this one cannot begin: for whatever this block raises.

    They may still be importing TensorFlow. So the chief stays a while for those that come, and another worker
    tries for as long to reach the chief; Ctrl+C ends that. Ctrl+C in the block is not told.

    Args:
        workers: the workers, or None if this process trains alone.
    """
    try:
        yield
    except Exception as error:
        if workers is not None:
            _tell_refusal(arguments, workers, range(1, len(workers.addresses)), error)
        raise


@contextlib.contextmanager
def chief_of(arguments: argparse.Namespace, workers: Workers, asked: Mapping[str, Any]) -> Iterator["Chief"]:
    """Gather the other workers, and let them end with this block, for the same reason.

    Raises:
        CadlError: if they do not come or do not fit, or one ends during the block.
    """
    from cadl_gui.training.team.chief import Chief

    message(arguments, OPEN_PORTS)
    message(arguments, f"waiting for {len(workers.addresses) - 1} more: {', '.join(workers.addresses[1:])}")
    chief = Chief(workers, _greeting(arguments, workers, asked), _leave)

    def tell_missing(listener: socket.socket, missing: set[int], error: UserError) -> None:
        _tell_refusal(arguments, workers, missing, error, listener)

    chief.gather(arguments.wait, tell_missing)
    try:
        yield chief
    except CadlError as error:
        chief.fail(str(error))
        if isinstance(error, WorkerLostError):
            raise WorkerLostError(f"{error} {_what_remains(arguments)}") from error
        raise
    except BaseException as error:
        chief.fail(f"It {_how_it_ended(error)}.")
        raise
    else:
        chief.close()


def help_the_chief(arguments: argparse.Namespace, workers: Workers, asked: Mapping[str, Any]) -> None:
    """Train as a worker that is not the chief; nothing is written.

    Raises:
        CadlError: if the chief is not found, or the training ends before its last epoch.
        Interrupted: after Ctrl+C, once the chief has stopped.
    """
    from cadl_gui.training.helping import help_to_train
    from cadl_gui.training.team.helper import Helper

    message(arguments, OPEN_PORTS)
    stopping = Stopping()
    helper = Helper(workers, _greeting(arguments, workers, asked), arguments.wait, _leave)
    message(arguments, f"{helper.name}, for the chief ({workers.addresses[0]})")
    try:
        with stopping.noting():
            help_to_train(
                helper,
                asked,
                prepare_if_needed,
                lambda: stopping.asked,
                deterministic=arguments.deterministic,
            )
    except CadlError as error:
        helper.fail(f"{capitalised(helper.name)}: {error}")
        raise
    except BaseException as error:
        helper.fail(f"{capitalised(helper.name)} {_how_it_ended(error)}.")
        raise
    helper.close()
    if stopping.asked:
        raise Interrupted("Stopped; the chief says what is kept.")


def _tell_refusal(
    arguments: argparse.Namespace,
    workers: Workers,
    missing: Collection[int],
    error: Exception,
    listener: socket.socket | None = None,
) -> None:
    from cadl_gui.training.team.ports import listen_as
    from cadl_gui.training.team.refusal import tell_chief, tell_others

    reason = str(error) if isinstance(error, CadlError) else f"It {_how_it_ended(error)}."
    seconds = min(arguments.wait, _TELLING_SECONDS)
    names = " and ".join(workers.name(index) for index in (sorted(missing) if workers.is_chief else [0]))
    if not names:
        return
    with contextlib.suppress(UserError, KeyboardInterrupt):  # nobody can be told, or need be
        message(arguments, f"Notifying {names} (up to {seconds:g} s): {reason}")
        if not workers.is_chief:
            tell_chief(workers, reason, seconds)
        else:
            own = listen_as(workers) if listener is None else contextlib.nullcontext(listener)
            with own as chosen:
                tell_others(chosen, workers, missing, reason, seconds)


def _how_it_ended(error: BaseException) -> str:
    """How a worker ended without a sentence of its own, for the others."""
    return "was interrupted" if isinstance(error, KeyboardInterrupt) else f"failed ({error})"


def _greeting(arguments: argparse.Namespace, workers: Workers, asked: Mapping[str, Any]) -> "Greeting":
    from cadl_gui.domain.meeting import Greeting

    given = {"--resume": arguments.resume, "--deterministic": arguments.deterministic}
    return Greeting.of(workers, program_versions(), asked, [name for name in given if given[name]])


def _what_remains(arguments: argparse.Namespace) -> str:
    if arguments.folder is None:
        return "Without --run, nothing is kept."
    if not manifest_path(arguments.folder).is_file():
        return "No epoch was complete, so nothing is kept."
    return (
        f"The run in “{arguments.folder}” is kept up to its last complete epoch; "
        "to resume it, add --resume to the same commands."
    )


def _leave(reason: str) -> None:
    """End the process, whatever its other threads wait for; each epoch that was printed is on disk."""
    print(printable(reason), file=sys.stderr, flush=True)
    os._exit(CadlError.exit_status)
