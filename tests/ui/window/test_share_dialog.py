"""File → Share in this room…: the page is served at one address, until it is stopped or the window ends."""

import dataclasses
import http.client
import os
import signal
import socket
import subprocess
import sys

import numpy as np
import pytest
from menus import entry
from ports import free_ports
from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QPushButton, QSpinBox
from trained import train

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.presets import preset
from cadl_gui.ui.window.share_dialog import ShareDialog, own_addresses

pytestmark = pytest.mark.gui

AUTOENCODER, SOFTMAX = (
    preset(name).config.replace(epochs=2) for name in ("lecture-autoencoder", "lecture-softmax")
)
STOPPED = "Stopped. Nothing is shared."


@pytest.fixture
def pages():
    return "seen"


@pytest.fixture
def port():
    return free_ports(1)[0]


@pytest.fixture
def opened(qtbot, window, engine, find, port):
    """Trains two networks and opens the dialog, for this computer alone; finds its widgets by name."""

    def opened():
        if not engine.runs:
            for config in (AUTOENCODER, SOFTMAX):
                train(qtbot, engine, config)
        qtbot.waitUntil(entry(window, "share").isEnabled)
        entry(window, "share").trigger()
        address = find("shareAddressCombo", QComboBox)
        address.setCurrentIndex(address.findData("127.0.0.1"))
        find("sharePortSpin", QSpinBox).setValue(port)
        return find

    return opened


def says(find):
    return find("shareMessage", QLabel).text()


def buttons(find):
    return [find(f"share{name}Button").isVisible() for name in ("Start", "Stop")]


def begin(qtbot, find):
    """Share; return the process."""
    find("shareStartButton", QPushButton).click()
    qtbot.waitUntil(lambda: says(find) == "Running. No device has opened it yet.")
    return find("shareDialog", QDialog).findChild(QProcess)


def fetch(port, device="127.0.0.1"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10, source_address=(device, 0))
    connection.request("GET", "/")
    page = connection.getresponse().read().decode()
    connection.close()
    return page


def is_refused(port, address="127.0.0.1"):
    try:
        socket.create_connection((address, port), timeout=10).close()
    except ConnectionRefusedError:
        return True
    return False


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_sharing_needs_a_run_that_can_be_on_a_page(qtbot, window, engine):
    share = entry(window, "share")
    assert not share.isEnabled()
    train(qtbot, engine, SOFTMAX)
    qtbot.waitUntil(share.isEnabled)
    run = engine.view.run
    run.description = dataclasses.replace(run.description, image_shape=(28, 28, 3))
    qtbot.waitUntil(lambda: not share.isEnabled())
    assert share.toolTip()


@pytest.mark.slow
def test_a_page_is_shared_counted_and_stopped_twice_and_the_window_ends_it(qtbot, window, opened, port):
    find = opened()
    entry(window, "share").trigger()
    assert len(window.findChildren(ShareDialog)) == 1
    assert (buttons(find), is_refused(port)) == ([True, False], True)
    for networks, held in enumerate(["2 networks", "1 network"]):
        find("shareNetworksCombo", QComboBox).setCurrentIndex(networks)
        begin(qtbot, find)
        assert buttons(find) == [False, True]
        assert not find("shareAddressCombo").isVisible()
        assert find("shareUrl", QLabel).text() == f"http://127.0.0.1:{port}/"
        assert find("shareHint", QLabel).isVisible()
        assert len(fetch(port).split("; ")) == int(held[0])
        qtbot.waitUntil(lambda: says(find) == "Running. Opened by 1 device.")
        fetch(port)
        fetch(port, "127.0.0.2")
        qtbot.waitUntil(lambda: says(find) == "Running. Opened by 2 devices.")
        find("shareStopButton", QPushButton).click()
        assert (says(find), buttons(find), is_refused(port)) == (STOPPED, [True, False], True)
        assert not find("shareCode").isVisible()
        assert find("shareAddressCombo").isEnabled()
    begin(qtbot, find)
    window.close()
    assert is_refused(port)


@pytest.mark.slow
def test_the_chosen_address_is_the_only_one_that_is_served(qtbot, opened, port):
    find = opened()
    begin(qtbot, find)
    fetch(port)
    for address in {"127.0.0.2", *own_addresses()}:
        assert is_refused(port, address), address
    find("shareDialog", QDialog).close()
    assert is_refused(port)


@pytest.mark.slow
def test_the_code_on_the_screen_is_that_of_the_address(qtbot, opened):
    import segno

    find = opened()
    begin(qtbot, find)
    image = find("shareCode", QLabel).pixmap().toImage()
    wanted = np.array([[*row] for row in segno.make(find("shareUrl", QLabel).text(), micro=False).matrix])
    size = len(wanted) + 8
    step = image.width() // size
    dark = [
        [image.pixelColor(x * step + step // 2, y * step + step // 2).value() == 0 for x in range(size)]
        for y in range(size)
    ]
    assert np.array_equal(np.array(dark), np.pad(wanted, 4).astype(bool))
    assert step >= 4


@pytest.mark.slow
def test_a_port_that_is_taken_is_a_sentence_and_another_one_is_tried(qtbot, opened, port):
    find = opened()
    with socket.create_server(("127.0.0.1", port)):
        find("shareStartButton", QPushButton).click()
        qtbot.waitUntil(lambda: "Choose another port" in says(find))
        assert find("shareMessage").property("invalid")
        assert buttons(find) == [True, False]
    begin(qtbot, find)
    assert not find("shareMessage").property("invalid")


def test_what_cannot_be_shared_is_a_sentence(qtbot, window, opened, engine):
    find = opened()
    run = engine.view.run
    engine.bending.bend(run.run_id, scaled((), Part("output", 3), 0.0))
    find("shareStartButton", QPushButton).click()
    assert "is modified" in says(find)
    assert find("shareMessage").property("invalid")
    find("sharePortSpin", QSpinBox).lineEdit().setText("80")
    find("shareStartButton", QPushButton).click()
    assert says(find) == "The port is a number from 1024 to 65535."
    find("shareDialog", QDialog).close()
    alone = ShareDialog(window, engine, run, None, [])
    qtbot.addWidget(alone)
    assert "in no network" in alone.findChild(QLabel, "shareMessage").text()


def test_making_a_page_is_stopped_and_no_other_file_is_made_meanwhile(qtbot, window, opened, engine, port):
    find = opened()
    find("shareStartButton", QPushButton).click()
    assert (says(find), buttons(find)) == ("Fetching the weights…", [False, True])
    assert not find("shareAddressCombo").isEnabled()
    entry(window, "export").trigger()
    assert not window.findChildren(QDialog, "exportDialog")
    find("shareStopButton", QPushButton).click()
    assert (says(find), buttons(find)) == (STOPPED, [True, False])
    qtbot.waitUntil(lambda: not engine.exporting.is_busy)
    assert says(find) == STOPPED
    entry(window, "export").trigger()
    assert find("exportMessage", QLabel).text() == ""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a process is killed otherwise there")
def test_the_server_ends_with_a_window_that_is_killed(qtbot, tmp_path, port):
    """Its standard input is a pipe of the window's, which the system closes."""
    page = tmp_path / "page.html"
    page.write_text("page")
    window = f"""
from PySide6.QtCore import QCoreApplication, QProcess
from cadl_gui.ui.window.command import command
app, server = QCoreApplication([]), QProcess()
program, *arguments = command()
place = ["--address", "127.0.0.1", "--port", "{port}", "--until-input-ends"]
server.start(program, [*arguments, "share", {str(page)!r}, *place])
print(server.processId() * server.waitForReadyRead(60_000), flush=True)
app.exec()
"""
    with subprocess.Popen([sys.executable, "-c", window], stdout=subprocess.PIPE, text=True) as killed:
        server = int(killed.stdout.readline())
        assert fetch(port) == "page"
        killed.send_signal(signal.SIGKILL)
        qtbot.waitUntil(lambda: not is_running(server))
    assert is_refused(port)
