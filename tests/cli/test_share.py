"""`cadl share`: what it refuses, and that the page is there until Ctrl+C."""

import json
import os
import signal
import subprocess
import sys
import urllib.request

import pytest
from ports import free_ports

from cadl_gui.cli import main


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("<title>Draw, and networks answer</title>")
    return path


@pytest.mark.parametrize(
    ("name", "address", "says"),
    [
        ("page.html", "0.0.0.0", "stands for several addresses"),
        ("page.html", "::", "stands for several addresses"),
        ("page.html", "224.0.0.1", "stands for several addresses"),
        ("page.html", "localhost", "“localhost” is no address, such as 192.168.1.5"),
        ("page.html", "192.0.2.1", "cannot be listened at"),
        ("page.txt", "127.0.0.1", "has to end in .html"),
        ("other.html", "127.0.0.1", "other.html"),
        ("pipe.html", "127.0.0.1", "a pipe or a device"),
    ],
)
def test_what_cannot_be_shared_is_a_message(page, capsys, name, address, says):
    os.mkfifo(page.with_name("pipe.html"))
    (port,) = free_ports(1)
    assert main(["share", str(page.with_name(name)), "--address", address, "--port", str(port)]) != 0
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("port", ["80", "65536", "x"])
def test_ports_that_are_none_or_reserved_are_refused(page, port):
    with pytest.raises(SystemExit):
        main(["share", str(page), "--address", "127.0.0.1", "--port", port])


def test_a_page_is_not_shared_without_an_address(page):
    with pytest.raises(SystemExit):
        main(["share", str(page)])


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no way to press Ctrl+C in one process only")
@pytest.mark.usefixtures("interruptible")
def test_a_page_is_shared_until_ctrl_c_as_it_was_when_that_began(page):
    (port,) = free_ports(1)
    arguments = ["share", str(page), "--address", "127.0.0.1", "--port", str(port), "--json"]
    with subprocess.Popen(
        [sys.executable, "-m", "cadl_gui.cli", *arguments], stdout=subprocess.PIPE, text=True
    ) as sharing:
        url = json.loads(sharing.stdout.readline())["url"]
        assert url == f"http://127.0.0.1:{port}/"
        held = page.read_bytes()
        page.write_text("changed")
        for _ in range(2):
            with urllib.request.urlopen(url, timeout=10) as answer:
                assert answer.read() == held
        assert json.loads(sharing.stdout.readline()) == {"devices": 1}
        sharing.send_signal(signal.SIGINT)
        assert sharing.wait(timeout=30) == 0
        assert sharing.stdout.read() == ""
