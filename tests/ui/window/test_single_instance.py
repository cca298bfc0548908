"""A second start passes its files to the first window, and exits."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from cadl_gui.ui.window.single_instance import claim, instance_name, send_files

pytestmark = pytest.mark.gui


@pytest.fixture
def folder(monkeypatch):
    """A folder for temporary files with a short name, as sockets need, and no folder of a session."""
    with tempfile.TemporaryDirectory(prefix="cadl") as folder:
        monkeypatch.setenv("TMPDIR", folder)
        monkeypatch.setattr(tempfile, "tempdir", None)  # Python remembers the last one
        monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
        yield Path(folder)


@pytest.fixture
def name(folder, tmp_path):
    return instance_name(tmp_path)


@pytest.fixture
def instance(qtbot, name):
    instance = claim(name, [])
    instance.begin()
    yield instance
    instance.deleteLater()


_RINGS = (
    "from cadl_gui.ui.window.single_instance import claim, send_files; from pathlib import Path; "
    "from PySide6.QtCore import QCoreApplication; application = QCoreApplication([]); "
    "print({how}({name!r}, {files!r}))"
)


def started_again(name, *files, how="send_files"):
    """Send files from another process, as a second start does; our event loop has to run to answer it."""
    rings = _RINGS.format(how=how, name=name, files=list(files))
    program = f"from pathlib import PosixPath, WindowsPath; {rings}"
    return subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)


def test_a_second_start_rings_and_its_files_if_any_arrive_as_whole_paths(qtbot, instance, name):
    for files in ([Path("Prüfung 7 ✓.keras")], []):
        with qtbot.waitSignal(instance.message_received) as message_received:
            again = started_again(name, *files)
        assert message_received.args == [[Path.cwd() / file for file in files]]
        assert again.communicate()[0] == "True\n"


def test_without_a_listener_there_is_no_first_window(name):
    assert not send_files(name, [])


def test_users_with_other_runs_have_other_windows(tmp_path, name):
    assert instance_name(tmp_path / "others") != name


def test_a_window_that_hangs_is_not_waited_for(qtbot, name):
    silent = QLocalServer()
    assert silent.listen(name)
    assert not send_files(name, [], within_ms=50)
    silent.close()


def test_what_a_crashed_window_has_left_behind_is_taken_over(qtbot, name):
    crashes = f"from PySide6.QtNetwork import QLocalServer; s = QLocalServer(); s.listen({name!r})\n"
    subprocess.run([sys.executable, "-c", f"{crashes}import os; os._exit(0)"], check=True)
    instance = claim(name, [])
    instance.begin()
    with qtbot.waitSignal(instance.message_received):
        again = started_again(name)
    assert again.communicate()[0] == "True\n"


def test_of_two_starts_that_found_no_window_the_second_passes_its_file_to_the_first(qtbot, instance, name):
    """It took the first one's socket over, and there were two windows."""
    with qtbot.waitSignal(instance.message_received) as message_received:
        second = started_again(name, Path("a.keras"), how="claim")
    assert message_received.args == [[Path.cwd() / "a.keras"]]
    assert second.communicate()[0] == "None\n", "it opens no window"
    with qtbot.waitSignal(instance.message_received):
        third = started_again(name)
    assert third.communicate()[0] == "True\n"


def test_what_arrives_while_the_window_is_built_is_kept(qtbot, name):
    instance, received = claim(name, []), []
    instance.message_received.connect(received.append)
    again = started_again(name, Path("a.keras"))
    qtbot.waitUntil(lambda: again.poll() is not None)
    assert again.communicate()[0] == "True\n"
    assert not received
    instance.begin()
    assert received == [[Path.cwd() / "a.keras"]]
    instance.deleteLater()


posix = pytest.mark.skipif(os.name == "nt", reason="a pipe there, not a file")


@posix
def test_no_other_user_can_send_files(instance, name):
    assert not Path(name).stat().st_mode & 0o077
    assert not Path(name).parent.stat().st_mode & 0o077


@posix
def test_the_folder_of_the_session_comes_first_and_long_paths_last(folder, tmp_path, monkeypatch):
    session = folder / "session"
    session.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(session))
    assert Path(instance_name(tmp_path)).parent == session
    long = folder / ("x" * 90)
    long.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))
    assert Path(instance_name(tmp_path)).parent == folder / f"cadl_gui-{os.getuid()}"


@posix
@pytest.mark.parametrize("whose", ["anybody's", "another user's", "a link", "a file"])
def test_a_place_that_others_have_made_is_not_used_and_keeps_no_window_from_opening(
    qtbot, folder, tmp_path, whose
):
    """There they could listen first, be told the names of files, and let no window open."""
    theirs, place = folder / "theirs", folder / f"cadl_gui-{os.getuid()}"
    theirs.mkdir(mode=0o700)
    if whose == "a link":
        place.symlink_to(theirs)
    elif whose == "a file":
        place.touch()
    else:
        place.mkdir()
        place.chmod(0o777 if whose == "anybody's" else 0o700)
    if whose == "another user's":
        if os.getuid() != 0:
            pytest.skip("only root can make it")
        os.chown(place, 12345, 12345)
    name = instance_name(tmp_path)
    assert name == ""
    for _ in range(2):
        assert not send_files(name, [Path("secret.keras")])
        instance = claim(name, [Path("secret.keras")])
        assert instance is not None, "it opens a window"
        instance.begin()
        instance.close()
    assert [path.name for path in folder.rglob("*") if path.is_socket()] == []


@pytest.mark.parametrize(
    "words",
    [
        b"hello",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 60_000,
        b"9" * 5_000,
        b'{"files": 7, "activation": ""}',
        b'{"files": [7], "activation": ""}',
        b'{"files": "abc", "activation": ""}',
        b'{"files": {"a": "b"}, "activation": ""}',
        b'{"files": ["/a\\u0000b"], "activation": ""}',
        b'{"files": ["/\\ud800"], "activation": ""}',
        b'{"files": [], "activation": "a\\u0000b"}',
        b'{"files": [], "activation": "\\ud800"}',
        b'{"files": [], "activation": 7}',
    ],
    ids=lambda words: repr(words[:40]),
)
def test_words_of_others_are_not_understood(qtbot, instance, name, words):
    message_received = []
    instance.message_received.connect(message_received.append)
    send(qtbot, name, words)
    send(qtbot, name, json.dumps({"files": ["/a.keras"], "activation": ""}).encode())
    qtbot.waitUntil(lambda: message_received == [[Path("/a.keras")]])


def send(qtbot, name, words):
    socket = QLocalSocket()
    socket.connectToServer(name)
    assert socket.waitForConnected(1000)
    socket.write(words + b"\n")
    assert socket.waitForBytesWritten(1000)
    socket.disconnectFromServer()
