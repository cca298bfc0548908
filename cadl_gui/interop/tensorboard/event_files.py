"""Writes the event files of a log."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tensorflow as tf
from tensorflow.core.framework.summary_pb2 import Summary

from cadl_gui.interop.tensorboard.summaries import Summarised

_QUEUED = 10_000
"""Summaries that TensorFlow keeps before it writes them by itself: more than an epoch has."""

_NEVER = 2**31 - 1


def holds_log(folder: Path) -> bool:
    """Whether there is an event file in a folder."""
    return any(folder.glob("events.out.tfevents.*"))


class EventWriter:
    """Writes an event file to a folder, beside those that are there.

    Args:
        folder: folder of the log; it and the event file are created by the first summary.

    The methods raise `OSError` or `tensorflow.errors.OpError` if the folder cannot be created or written to.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened: Any = None

    def write(self, step: int, summaries: Iterable[Summarised]) -> None:
        """Write summaries of one step as one record, so that a reader gets all of them or none."""
        with self._writer().as_default():
            tf.summary.experimental.write_raw_pb(Summary(value=list(summaries)).SerializeToString(), step)

    def write_graph(self, graph: Any) -> None:
        """Write a `GraphDef`."""
        with self._writer().as_default():
            tf.summary.graph(graph)

    def flush(self) -> None:
        """Write to disk what is queued."""
        if self._opened is not None:
            self._opened.flush()

    def close(self) -> None:
        """Flush and close the event file."""
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()

    def _writer(self) -> Any:
        if self._opened is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._opened = tf.summary.create_file_writer(
                str(self._folder), max_queue=_QUEUED, flush_millis=_NEVER
            )
        return self._opened
