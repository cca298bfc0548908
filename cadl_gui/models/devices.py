"""The devices that compute: inference never waits for a training step, on a processor or on a GPU.

On Linux, training computes at `nice` 10 and inference at 5, so that answers go before training, and the
window before both. At the window's own priority, TensorFlow's scheduling threads slowed a drag beside a
training to half its speed; `nice` 19 would nearly stop a training beside busy programs.
"""

import os
from contextlib import AbstractContextManager
from typing import Any

import tensorflow as tf

from cadl_gui.system.niceness import Niceness, n_processors, set_niceness, threads

_SCHEDULED_AT_ONCE = 4
"""Operations that TensorFlow schedules at once. A training step occupies two of these threads for tens of
milliseconds, and the operations of inference are scheduled by the same threads."""


def start_devices(niceness: Niceness) -> str:
    """Start TensorFlow's threads.

    Two logical CPU devices with separate threads are created: the first for training, the last for
    inference. A training on a GPU uses the first for what it leaves to the processor. If TensorFlow has
    already computed something, its devices can no longer be changed.

    Args:
        niceness: niceness of the threads. Those that schedule operations, of training and of inference alike,
            have that of inference, and compute small operations themselves.

    Returns:
        "GPU" if TensorFlow finds one, else "CPU": the device that trains.
    """
    trains_on = "GPU" if n_accelerators() else "CPU"
    # TensorFlow reads this when it creates a device; otherwise all devices share the threads of the first.
    os.environ["TF_OVERRIDE_GLOBAL_THREADPOOL"] = "1"
    (processor,) = tf.config.list_physical_devices("CPU")
    one = tf.config.LogicalDeviceConfiguration()
    try:
        tf.config.set_logical_device_configuration(processor, [one, one])
        tf.config.threading.set_inter_op_parallelism_threads(_SCHEDULED_AT_ONCE)
    except RuntimeError:
        # TensorFlow is already initialised: inference then shares the only one, as without a window.
        return trains_on
    before = threads()
    tf.config.list_logical_devices()
    # The threads of the first device have the lowest ids.
    for number, thread in enumerate(sorted(threads() - before)):
        set_niceness(niceness.training if number < n_processors() else niceness.inference, thread)
    return trains_on


def n_accelerators() -> int:
    """Number of GPUs of this machine that TensorFlow finds."""
    return len(tf.config.list_physical_devices("GPU"))


def answering() -> AbstractContextManager[Any]:
    """Context manager that places inference on the last CPU device.

    Also where a GPU trains: an answer there would wait for all steps that are queued before it, and on a
    processor it has the same numbers as on a machine without one.
    """
    name = tf.config.list_logical_devices("CPU")[-1].name
    # Where workers train together, each lists the devices of all, and the last one is on another machine.
    device: AbstractContextManager[Any] = tf.device(name[name.index("/device:") :])
    return device
