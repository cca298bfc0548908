"""Imports TensorFlow without its greetings."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

from cadl_gui.app import keras_folder
from cadl_gui.cli.interruption import leaving_at_once
from cadl_gui.domain.errors import CadlError
from cadl_gui.system.garbage import gc_paused
from cadl_gui.system.keras_settings import own_keras_settings
from cadl_gui.system.processor import processor_complaint


def import_tensorflow() -> None:
    """Import TensorFlow and let it look for devices, with standard error closed to it.

    Keras, which comes with it, gets settings of our own.
    It reports missing GPU libraries there, before any setting of the log level holds, and our standard
    error is for one sentence on what went wrong. An import that fails still raises.

    Raises:
        CadlError: where TensorFlow would end the process, since the processor cannot run it.
    """
    complaint = processor_complaint()
    if complaint:
        raise CadlError(complaint)
    own_keras_settings(keras_folder())
    with _standard_error_muted() as retained, leaving_at_once(retained), gc_paused():
        import tensorflow as tf

        tf.config.list_physical_devices()
    # It tells of every file that it saves, and of everything that it would do otherwise today.
    tf.get_logger().setLevel(logging.ERROR)


@contextmanager
def _standard_error_muted() -> Iterator[int]:
    """Send what libraries write to file descriptor 2, past Python, to nowhere; yields one that works."""
    retained = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield retained
    finally:
        os.dup2(retained, 2)
        os.close(retained)
        os.close(nowhere)
