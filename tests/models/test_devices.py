"""Training and answers compute in threads of their own; each case in a process of its own."""

import subprocess
import sys
import textwrap


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
        print(start_devices())
        with answering():
            print(tf.random.normal((300, 300)).device[-5:])
        print(tf.random.normal((300, 300)).device[-5:])
        """
    ) == ["CPU", "CPU:1", "CPU:0"]


def test_a_network_answers_the_same_where_it_is_asked_without_a_window():
    """Once TensorFlow has computed, its devices are what they are: there is only one."""
    assert printed(
        """
        import tensorflow as tf
        from cadl_gui.models.devices import answering, start_devices
        tf.ones(3).numpy()
        print(start_devices())
        with answering():
            print(tf.random.normal((300, 300)).device[-5:])
        """
    ) == ["CPU", "CPU:0"]
