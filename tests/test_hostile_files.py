"""A few dozen damaged files of all kinds; for thousands, see `tests/campaigns/hostile_files.py`."""

import subprocess
import sys

import pytest
from hostile.campaign import campaign
from hostile.forgeries import CANARY
from hostile.kinds import KINDS
from hostile.watched import BEGIN, Watched

pytestmark = [
    pytest.mark.tf,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="limits of time and memory are Linux's"),
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_strangers_file_cannot_hurt(kind, tmp_path):
    """It opens as something valid, or is refused with a message; `hostile.worker` monitors it."""
    tally = campaign(kind, n=24, seed=7, keep=tmp_path)
    assert tally.faults == []
    assert sum(tally.outcomes.values()) == 24


@pytest.mark.parametrize("name", ["checkpoint", "picture", "labelled images", "film", "folder of images"])
def test_no_file_makes_the_program_start_another_or_touch_what_is_elsewhere(name, tmp_path):
    """Needs strace; without it, `Watched` fails and says how to install it."""
    (kind,) = (kind for kind in KINDS if kind.name == name)
    tally = campaign(kind, n=8, seed=7, keep=tmp_path, watched=Watched(tmp_path))
    assert tally.faults == []


@pytest.mark.parametrize(
    ("callback", "call"),
    [
        ("import os; os.system('true')", "execve"),
        ("import pathlib; pathlib.Path('{outside}').write_text('x')", "O_WRONLY"),
        (f"import pathlib; pathlib.Path('/tmp/{CANARY}/data').exists()", CANARY),
        ("import socket; socket.socket(socket.AF_UNIX).connect_ex('/nowhere')", "connect"),
    ],
)
def test_what_is_watched_for_is_noticed(tmp_path, callback, call):
    (tmp_path / "logs").mkdir()
    (tmp_path / "room").mkdir()
    watched = Watched(tmp_path / "logs")
    watched.allow(tmp_path / "room")
    begin = f"import pathlib; pathlib.Path('{BEGIN}').exists(); pathlib.Path('{tmp_path}/room/x').touch()"
    script = f"{begin}; {callback.format(outside=tmp_path / 'elsewhere')}"
    subprocess.run([*watched.command(), sys.executable, "-c", script], check=True)
    reported = watched.forbidden()
    assert any(call in line for line in reported)
    subprocess.run([*watched.command(), sys.executable, "-c", begin], check=True)
    assert watched.forbidden() == reported
