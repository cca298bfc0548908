"""Imports TensorFlow without its startup messages."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

from cadl_gui.cli.interruption import leaving_at_once
from cadl_gui.domain.errors import CadlError
from cadl_gui.system.garbage import gc_paused
from cadl_gui.system.home import keras_folder
from cadl_gui.system.library_settings import own_library_settings
from cadl_gui.system.processor import processor_complaint


def import_tensorflow() -> None:
    """Import TensorFlow and list its devices, with standard error muted.

    TensorFlow reports missing GPU libraries on standard error before any log level takes effect, but `cadl`
    reserves standard error for its own error message. A failing import still raises. Keras, which is imported
    too, gets the program's own settings.

    Raises:
        CadlError: if the processor cannot run TensorFlow, which would terminate the process.
    """
    complaint = processor_complaint()
    if complaint:
        raise CadlError(complaint)
    own_library_settings(keras_folder())
    with _standard_error_muted() as retained, leaving_at_once(retained), gc_paused():
        import tensorflow as tf

        tf.config.list_physical_devices()
    # It logs every file that it saves, and every deprecation.
    tf.get_logger().setLevel(logging.ERROR)


@contextmanager
def _standard_error_muted() -> Iterator[int]:
    """Redirect file descriptor 2, to which libraries write directly, to null; yield one that still works."""
    retained = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield retained
    finally:
        os.dup2(retained, 2)
        os.close(retained)
        os.close(nowhere)
