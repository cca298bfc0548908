"""Training and answers compute in threads of their own; each case in a process of its own."""

import subprocess
import sys
import textwrap

import pytest

from cadl_gui.core.niceness import IS_KNOWN


def printed(program):
    """What a program prints that starts as the app does."""
    made = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=True
    )
    return made.stdout.split()


def test_answers_come_from_another_device_than_the_training():
    assert printed(
        """
        import tensorflow as tf
        from cadl_gui.models.devices import answering, start_devices
        print(start_devices(10))
        with answering():
            print(tf.random.normal((300, 300)).device[-5:])
        print(tf.random.normal((300, 300)).device[-5:])
        """
    ) == ["CPU", "CPU:1", "CPU:0"]


@pytest.mark.skipif(not IS_KNOWN, reason="only Linux knows it of a thread")
def test_only_the_threads_that_train_step_back():
    """Told by which threads work: a product of matrices on each device."""
    first, last = printed(
        """
        import os
        import tensorflow as tf
        from cadl_gui.core.niceness import threads
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

        start_devices(7)
        before = worked()
        work()
        between = worked()
        with answering():
            work()
        after = worked()
        for earlier, later in ((before, between), (between, after)):
            busiest = max(later, key=lambda thread: later[thread] - earlier.get(thread, 0))
            print(os.getpriority(os.PRIO_PROCESS, busiest))
        """
    )
    assert (first, last) == ("7", "0")


def test_a_network_answers_the_same_where_it_is_asked_without_a_window():
    """Once TensorFlow has computed, its devices are what they are: there is only one."""
    assert printed(
        """
        import tensorflow as tf
        from cadl_gui.models.devices import answering, start_devices
        tf.ones(3).numpy()
        print(start_devices(10))
        with answering():
            print(tf.random.normal((300, 300)).device[-5:])
        """
    ) == ["CPU", "CPU:0"]
