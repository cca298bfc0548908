"""`cadl share`: serves a web page to the devices in a room."""

import argparse
import ipaddress
import os
import signal
import sys
from pathlib import Path
from threading import Thread
from typing import Any

from cadl_gui.cli.interruption import raising
from cadl_gui.cli.number_range import int_range
from cadl_gui.cli.output import add_json_option, emit
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.exports import IF_NOT_FOUND
from cadl_gui.domain.file_format import require_ending
from cadl_gui.domain.formatting import count_text
from cadl_gui.system.whole_file import read_whole, telling
from cadl_gui.system.words import _

_MOST_BYTES = 100_000_000
_STANDARD_INPUT, _MOST_READ = 0, 4_096


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser(
        "share",
        help=_("serve a web page to the devices in a room"),
        description=_(
            "Serves one file, a page of `cadl export --format html`, until Ctrl+C: read-only, at "
            "one address and port. Whoever is in the same network can open it."
        ),
    )
    parser.add_argument("file", type=Path, metavar="FILE", help=_("an .html file"))
    parser.add_argument(
        "--address",
        required=True,
        metavar="ADDRESS",
        help=_("an address of this computer; “room” finds that in the network"),
    )
    parser.add_argument("--port", type=int_range(1_024, 65_535), default=8_000, help="(%(default)s)")
    parser.add_argument(
        "--until-input-ends",
        action="store_true",
        help=_("stop, too, once standard input ends: with its writer"),
    )
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Serve the page.

    Raises:
        UserError: if there is no such page or address, or the port is taken.
    """
    from cadl_gui.system.page_server import PageServer

    content, address = _page(arguments.file), _address(arguments.address)

    def tell(n: int) -> None:
        emit(arguments, _("Opened by {devices}").format(devices=count_text(n, "device")), devices=n)

    try:
        server = PageServer(content, address, arguments.port, tell)
    except OSError as error:
        raise UserError(
            _(
                "{address} cannot be listened at, port {port}: {reason}. Choose another port, or an "
                "address of this computer."
            ).format(address=address, port=arguments.port, reason=error.strerror)
        ) from error
    with server, raising():
        _tell_where(arguments, address, server.port)
        if arguments.until_input_ends:
            Thread(target=_end_after_input, daemon=True).start()
        server.run()


def _end_after_input() -> None:
    while os.read(_STANDARD_INPUT, _MOST_READ):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _tell_where(arguments: argparse.Namespace, address: str, port: int) -> None:
    host = f"[{address}]" if ":" in address else address
    url = f"http://{host}:{port}/"
    about = _("{url}  {file}  until Ctrl+C").format(url=url, file=arguments.file)
    emit(arguments, about, IF_NOT_FOUND, url=url, file=str(arguments.file))
    if sys.stdout.isatty() and not arguments.json:
        import segno

        segno.make(url, micro=False).terminal(compact=True)


def _page(path: Path) -> bytes:
    require_ending(path, ".html")
    with telling(path, UserError):
        return read_whole(path, _MOST_BYTES)


def _address(text: str) -> str:
    """Return one address.

    Raises:
        UserError: if it is none, or stands for all of a computer's.
    """
    from cadl_gui.system.page_server import own_address

    if text == "room":
        if not (found := own_address()):
            raise UserError(_("This computer is in no network: choose an address."))
        return found
    try:
        address = ipaddress.ip_address(text)
    except ValueError as error:
        raise UserError(_("“{text}” is no address, such as 192.168.1.5.").format(text=text)) from error
    if address.is_unspecified or address.is_multicast:
        raise UserError(_("“{text}” stands for several addresses: choose one.").format(text=text))
    return str(address)
