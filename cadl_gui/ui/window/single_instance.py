"""Allows one window per user: a second start passes its files to the first window and exits.

It listens in a folder that only the user can enter; elsewhere, whoever listens first is told the names of the
user's files.
"""

import getpass
import hashlib
import json
import logging
import os
import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from cadl_gui.system.bounded_json import parse

_log = logging.getLogger(__name__)

_ANSWERS_WITHIN_MS, _BUILT_WITHIN_MS = 2000, 10_000
"""How long an open window is waited for, and one that may only be being built, on a busy machine."""

_LONGEST_MESSAGE = 2**16
_LONGEST_PATH = 100
"""Bytes of a socket's path, for which systems have room for 104 or more."""

_ACTIVATION = "XDG_ACTIVATION_TOKEN"
"""Variable with the token that lets a program raise its window under Wayland, set by the desktop at start."""


class SingleInstance(QObject):
    """Listens for later starts of the program; see `claim`. Needs an application object.

    What arrives is kept until `begin`.

    Signals:
        message_received: (list of `Path`) the program was started again, with these files to open, if any.
    """

    message_received = Signal(list)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: list[list[Path]] | None = []
        self._server = QLocalServer(self)
        if os.name == "nt":
            self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)

    def listen(self, name: str) -> bool:
        """Listen on a name from `instance_name`; return False if its socket is there already."""
        # On Unix, Qt's option for this would move the socket over one on which another process listens.
        before = os.umask(0o177)
        try:
            return self._server.listen(name)
        finally:
            os.umask(before)

    def begin(self) -> None:
        """Emit `message_received` for what has arrived already, and from now on."""
        kept, self._kept = self._kept or [], None
        for files in kept:
            self.message_received.emit(files)

    def close(self) -> None:
        """Listen no longer."""
        self._server.close()

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
            if self._kept is None:
                self.message_received.emit(files)
            else:
                self._kept.append(files)


def instance_name(runs: Path) -> str:
    """Return the name that the window of this user and this runs folder listens on.

    On Windows it is that of a pipe, which only this user may open; elsewhere the path of a socket in a folder
    of this user, so that nobody else can listen there and be told the names of files. "" if there is no such
    folder: each start then opens a window of its own.
    """
    user = os.getuid() if hasattr(os, "getuid") else getpass.getuser()
    whose = f"{user} {runs}"
    name = f"cadl_gui-{hashlib.sha256(whose.encode(errors='surrogateescape')).hexdigest()[:16]}"
    if os.name == "nt":
        return name
    places = map(str, (folder / name for folder in _own_folders()))
    return next((place for place in places if len(os.fsencode(place)) <= _LONGEST_PATH), "")


def _own_folders() -> list[Path]:
    """Return folders that only this user can write to: that of the session, and one among temporary files."""
    temporary = Path(tempfile.gettempdir(), f"cadl_gui-{os.getuid()}")
    try:
        temporary.mkdir(mode=0o700, exist_ok=True)
    except OSError:  # the disk is full, or a file is in the way
        _log.warning("“%s” cannot be created", temporary)
    session = Path(os.environ.get("XDG_RUNTIME_DIR", ""))
    folders = [session, temporary] if session.is_absolute() else [temporary]
    return [folder for folder in folders if _is_private(folder)]


def _is_private(folder: Path) -> bool:
    try:
        about = folder.lstat()
    except (OSError, ValueError):
        return False
    is_ours = stat.S_ISDIR(about.st_mode) and about.st_uid == os.getuid() and not about.st_mode & 0o077
    if not is_ours:
        _log.warning("“%s” is not this user’s alone; no window listens there", folder)
    return is_ours


def claim(name: str, files: Sequence[Path]) -> SingleInstance | None:
    """Listen for later starts, or pass files to the window that does.

    Args:
        name: name from `instance_name`.

    Returns:
        None if another window took the files, be it one that is only being built.
    """
    instance = SingleInstance()
    if name and not instance.listen(name):
        if send_files(name, files, _BUILT_WITHIN_MS):
            return None
        # Left behind by a window that crashed, or its window hangs.
        QLocalServer.removeServer(name)
        instance.listen(name)
    return instance


def send_files(name: str, files: Sequence[Path], within_ms: int = 0) -> bool:
    """Pass files to the listening window, and let it come to the front.

    Args:
        name: name from `instance_name`.
        within_ms: how long to wait for the answer; 0 is as long as an open window needs at most.

    Returns:
        Whether the window answered; if not, there is none, or it hangs.
    """
    if not name:
        return False
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_ANSWERS_WITHIN_MS):
        return False
    message = {
        "files": [str(file.absolute()) for file in files],
        "activation": os.environ.get(_ACTIVATION, ""),
    }
    socket.write(json.dumps(message).encode() + b"\n")
    answered = socket.waitForReadyRead(within_ms or _ANSWERS_WITHIN_MS)
    socket.disconnectFromServer()
    if answered:
        _log.info("A window is open already; it was handed %s", files or "nothing")
    return answered


def _understood(line: QByteArray) -> list[Path] | None:
    """Return the files in a message, or None if the message is not valid."""
    try:
        message = parse(bytes(line.data()))
        files, activation = message["files"], message["activation"]
        texts = [activation, *files] if isinstance(files, list) else [None]
        if not all(isinstance(text, str) and b"\0" not in os.fsencode(text) for text in texts):
            return None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if activation:
        os.environ[_ACTIVATION] = activation
    return [Path(file) for file in files]
