"""Two sets of threads, so that what the hand asks never waits behind a step of the training."""

import os
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import tensorflow as tf

from cadl_gui.system.niceness import n_processors, set_niceness, threads

_SCHEDULED_AT_ONCE = 4
"""Operations. A training step keeps two threads busy for tens of milliseconds, and an answer's operations are
started by the same ones."""


def start_devices(niceness: int) -> str:
    """Start TensorFlow's threads; "GPU" if it sees one, else "CPU".

    Without a GPU there are two devices then: the first for the training, the last for answers, each with
    threads of its own. Once TensorFlow has computed something, its devices stay as they are.

    Args:
        niceness: how far the threads of the training step back behind others, see `set_niceness`.
    """
    if tf.config.list_physical_devices("GPU"):
        tf.config.list_logical_devices()
        return "GPU"
    # Read whenever a device is made; otherwise all of them would share the threads of the first.
    os.environ["TF_OVERRIDE_GLOBAL_THREADPOOL"] = "1"
    (processor,) = tf.config.list_physical_devices("CPU")
    one = tf.config.LogicalDeviceConfiguration()
    try:
        tf.config.set_logical_device_configuration(processor, [one, one])
        tf.config.threading.set_inter_op_parallelism_threads(_SCHEDULED_AT_ONCE)
    except RuntimeError:
        # Someone has computed before; answers then come from the only device, as they do without a window.
        return "CPU"
    before = threads()
    tf.config.list_logical_devices()
    # The first device's come first.
    for thread in sorted(threads() - before)[: n_processors()]:
        set_niceness(niceness, thread)
    return "CPU"


def answering() -> AbstractContextManager[Any]:
    """Where answers are computed: the last processor, or whatever TensorFlow chooses if it has a GPU."""
    if tf.config.list_physical_devices("GPU"):
        return nullcontext()
    device: AbstractContextManager[Any] = tf.device(tf.config.list_logical_devices("CPU")[-1].name)
    return device
