"""Allows one window per user: a second start passes its files to the first window and exits."""

import getpass
import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_ANSWERS_WITHIN_MS = 2000
_LONGEST_MESSAGE = 2**16
_ACTIVATION = "XDG_ACTIVATION_TOKEN"
"""Variable with the token that lets a program raise its window under Wayland, set by the desktop at start."""


class SingleInstance(QObject):
    """Listens for later starts of the program.

    Args:
        name: name from `instance_name`.

    Signals:
        message_received: (list of `Path`) the program was started again, with these files to open, if any.
    """

    message_received = Signal(list)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        if not self._server.listen(name):
            # Left behind by a window that crashed, since nothing answered there.
            QLocalServer.removeServer(name)
            self._server.listen(name)

    @Slot()
    def _on_connection(self) -> None:
        socket = self._server.nextPendingConnection()
        socket.readyRead.connect(self._on_message)
        socket.disconnected.connect(socket.deleteLater)

    @Slot()
    def _on_message(self) -> None:
        socket = self.sender()
        assert isinstance(socket, QLocalSocket), "only sockets are connected"
        if not socket.canReadLine():
            if socket.bytesAvailable() > _LONGEST_MESSAGE:
                socket.abort()
            return
        files = _understood(socket.readLine(_LONGEST_MESSAGE))
        if files is not None:
            socket.write(b"\n")
            socket.flush()
            self.message_received.emit(files)


def instance_name(runs: Path) -> str:
    """Return the name that the window of this user and this runs folder listens on."""
    user = os.getuid() if hasattr(os, "getuid") else getpass.getuser()
    whose = f"{user} {runs}"
    return f"cadl_gui-{hashlib.sha256(whose.encode()).hexdigest()[:16]}"


def send_files(name: str, files: Sequence[Path]) -> bool:
    """Pass files to the listening window, and let it come to the front.

    Args:
        name: name from `instance_name`.
        files: files to open; may be empty.

    Returns:
        Whether the window answered; if not, there is none, or it hangs.
    """
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_ANSWERS_WITHIN_MS):
        return False
    message = {
        "files": [str(file.absolute()) for file in files],
        "activation": os.environ.get(_ACTIVATION, ""),
    }
    socket.write(json.dumps(message).encode() + b"\n")
    answered = socket.waitForReadyRead(_ANSWERS_WITHIN_MS)
    socket.disconnectFromServer()
    return answered


def _understood(line: QByteArray) -> list[Path] | None:
    """Return the files in a message, or None if the message is not valid."""
    try:
        message = json.loads(bytes(line.data()))
        files, activation = [Path(file) for file in message["files"]], str(message["activation"])
    except (ValueError, KeyError, TypeError):
        return None
    if activation:
        os.environ[_ACTIVATION] = activation
    return files
