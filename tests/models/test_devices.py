"""Training and inference compute in separate threads; each case runs in a separate process."""

import os
import subprocess
import sys
import textwrap

import pytest

from cadl_gui.system.niceness import IS_KNOWN

pytestmark = pytest.mark.slow

OWN = os.getpriority(os.PRIO_PROCESS, 0) if IS_KNOWN else 0
"""Niceness of the tests themselves, which may have been started with a low priority."""

ANSWERS, BACK = min(OWN + 4, 19), min(OWN + 7, 19)


def printed(program, *arguments):
    """The output of a program that starts like the app."""
    command = [sys.executable, "-c", textwrap.dedent(program), *map(str, arguments)]
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    return made.stdout.split()


def test_answers_come_from_another_device_than_the_training():
    assert printed(
        """
        import tensorflow as tf
        from cadl_gui.models.devices import answering, start_devices
        from cadl_gui.system.niceness import Niceness
        print(start_devices(Niceness()))
        with answering():
            print(tf.random.normal((300, 300)).device[-5:])
        print(tf.random.normal((300, 300)).device[-5:])
        """
    ) == ["CPU", "CPU:1", "CPU:0"]


def test_answers_come_from_the_processor_where_a_gpu_trains():
    """What TensorFlow does on a real GPU is not tested: none was there."""
    assert printed(
        """
        import tensorflow as tf
        from cadl_gui.models.devices import answering, start_devices
        from cadl_gui.system.niceness import Niceness

        listed = tf.config.list_physical_devices
        tf.config.list_physical_devices = lambda kind: ["a GPU"] if kind == "GPU" else listed(kind)
        print(start_devices(Niceness()))
        with answering():
            print(tf.random.normal((300, 300)).device[-5:])
        """
    ) == ["GPU", "CPU:1"]


@pytest.mark.skipif(not IS_KNOWN, reason="only Linux knows it of a thread")
def test_training_gives_way_to_answers_and_both_to_the_interface():
    """The niceness of the threads that compute a matrix product on each device, and of the process."""
    first, last, interface = printed(
        """
        import os
        import sys
        import tensorflow as tf
        from cadl_gui.system.niceness import Niceness, threads
        from cadl_gui.models.devices import answering, start_devices

        def work():
            matrix = tf.random.normal((1500, 1500))
            for _ in range(3):
                matrix = matrix @ matrix
            matrix.numpy()

        def worked():
            taken = {}
            for thread in threads() - {os.getpid()}:
                with open(f"/proc/self/task/{thread}/schedstat") as file:
                    taken[thread] = int(file.read().split()[0])
            return taken

        start_devices(Niceness(*map(int, sys.argv[1:])))
        before = worked()
        work()
        between = worked()
        with answering():
            work()
        after = worked()
        for earlier, later in ((before, between), (between, after)):
            busiest = max(later, key=lambda thread: later[thread] - earlier.get(thread, 0))
            print(os.getpriority(os.PRIO_PROCESS, busiest))
        print(os.getpriority(os.PRIO_PROCESS, 0))
        """,
        BACK,
        ANSWERS,
    )
    assert (int(first), int(last), int(interface)) == (BACK, ANSWERS, OWN)


@pytest.mark.skipif(not IS_KNOWN, reason="only Linux knows it of a thread")
def test_where_the_system_leaves_it_one_processor_one_thread_steps_back():
    """Training then has one thread, and the next thread belongs to inference."""
    priorities = printed(
        """
        import os
        import sys
        os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
        from cadl_gui.system.niceness import Niceness, threads
        from cadl_gui.models.devices import start_devices

        start_devices(Niceness(*map(int, sys.argv[1:])))
        print(*(os.getpriority(os.PRIO_PROCESS, thread) for thread in threads()))
        """,
        BACK,
        ANSWERS,
    )
    assert [int(priority) for priority in priorities].count(BACK) == 1


def test_a_network_gives_the_same_answers_without_a_window():
    """Once TensorFlow has computed, its devices cannot be changed: there is only one."""
    assert printed(
        """
        import tensorflow as tf
        from cadl_gui.models.devices import answering, start_devices
        from cadl_gui.system.niceness import Niceness
        tf.ones(3).numpy()
        print(start_devices(Niceness()))
        with answering():
            print(tf.random.normal((300, 300)).device[-5:])
        """
    ) == ["CPU", "CPU:0"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_what_a_large_answer_took_goes_back_to_the_system():
    """A hundred megabytes, in one tensor and in a hundred: TensorFlow's own pool would keep them forever."""
    retained_mib = printed(
        """
        import cadl_gui
        import tensorflow as tf
        from pathlib import Path
        from cadl_gui.system.free_memory import give_back_free_memory

        def own_mib():
            lines = Path("/proc/self/status").read_text().splitlines()
            return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon"))

        def compute():
            large = tf.ones((100, 2**18)) + 1.0
            parts = [tf.ones((2**18,)) + 1.0 for _ in range(100)]
            return own_mib()

        tf.ones((3,)) + 1.0
        before = own_mib()
        at_most = compute()
        give_back_free_memory()
        print(round(at_most - before), round(own_mib() - before))
        """
    )
    at_most, afterwards = map(int, retained_mib)
    assert at_most > 150
    assert afterwards < 40
