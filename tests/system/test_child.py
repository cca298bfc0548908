"""Whatever a file does to the process that reads it, this one goes on."""

import multiprocessing
import os
import re
import signal
import sys
import time

import foreign
import pytest

from cadl_gui.domain.errors import DatasetError
from cadl_gui.system.child import in_child

NAME = "“film.mp4”"
MESSAGE = re.escape(f"{NAME} is not opened: it takes too long, or too much memory, or is damaged.")


def called(function, *arguments, seconds=60.0):
    return in_child(NAME, DatasetError, function, *arguments, seconds=seconds)


@pytest.mark.parametrize(
    ("function", "seconds"),
    [
        (foreign.crashes, 60),
        (foreign.hangs, 5),
        pytest.param(
            foreign.grows,
            60,
            marks=pytest.mark.skipif(sys.platform != "linux", reason="only there is a limit"),
        ),
    ],
)
def test_a_process_that_a_file_ends_is_a_sentence_and_the_next_one_works(function, seconds):
    values = called(function, seconds=seconds)
    assert next(values) == 1
    with pytest.raises(DatasetError, match=MESSAGE):
        next(values)
    assert list(called(foreign.well, 3)) == [0, 1, 2]


def test_the_process_that_waits_is_not_lent_twice():
    [first] = called(foreign.number)
    assert list(called(foreign.number)) == [first] != [os.getpid()]
    outer = called(foreign.well, 3)
    assert next(outer) == 0
    assert list(called(foreign.number)) != [first]
    assert list(outer) == [1, 2]


def test_the_process_that_waits_may_end_meanwhile():
    [waiting] = called(foreign.number)
    os.kill(waiting, signal.SIGKILL)
    while waiting in {process.pid for process in multiprocessing.active_children()}:
        time.sleep(0.01)
    assert list(called(foreign.well, 2)) == [0, 1]


def test_what_is_raised_there_is_raised_here_and_what_is_given_up_ends():
    [first] = called(foreign.number)
    with pytest.raises(ValueError, match=r"It is damaged\.") as raised:
        list(called(foreign.raises))
    assert "in raises" in str(raised.value.__cause__), "what the log needs"
    assert list(called(foreign.number)) == [first]
    values = called(foreign.hangs)
    next(values)
    running = len(multiprocessing.active_children())
    values.close()
    assert len(multiprocessing.active_children()) == running - 1
    assert list(called(foreign.well, 2)) == [0, 1]
