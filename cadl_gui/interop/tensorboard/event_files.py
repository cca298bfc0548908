"""Writes the event files of a log, and reads what they hold already."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tensorflow as tf
from tensorflow.core.framework.summary_pb2 import Summary
from tensorflow.core.util.event_pb2 import Event

from cadl_gui.interop.tensorboard.summaries import Summarised

_EVENT_FILES = "events.out.tfevents.*"
_QUEUED = 10_000
"""Summaries that TensorFlow keeps before it writes them by itself: more than an epoch has."""

_NEVER = 2**31 - 1


@dataclass
class Logged:
    """What a log holds.

    Attributes:
        steps: (tag, step) of each summary.
        scalars: values by (tag, step).
        has_graph: whether it holds a graph.
    """

    steps: set[tuple[str, int]] = field(default_factory=set)
    scalars: dict[tuple[str, int], float] = field(default_factory=dict)
    has_graph: bool = False


def read_log(folder: Path) -> Logged:
    """Read what the event files in a folder hold. What a killed process has left unfinished is skipped.

    Raises:
        OSError: if the folder cannot be read.
    """
    logged = Logged()
    for path in sorted(folder.glob(_EVENT_FILES)):
        for event in _events(path):
            logged.has_graph |= bool(event.graph_def)
            for value in event.summary.value:
                logged.steps.add((value.tag, event.step))
                if value.metadata.plugin_data.plugin_name == "scalars":
                    logged.scalars[value.tag, event.step] = float(tf.make_ndarray(value.tensor))
    return logged


class EventWriter:
    """Adds to the log in a folder; nothing that it holds already is written again.

    Args:
        folder: folder of the log; it and a new event file are created by the first summary.

    Attributes:
        logged: what the log holds.

    Raises:
        OSError: if the folder cannot be created or read; so do the methods.
        tensorflow.errors.OpError: if it cannot be written to; so do the methods.
    """

    def __init__(self, folder: Path) -> None:
        self.logged = read_log(folder)
        self._folder = folder
        self._opened: Any = None

    def write(self, step: int, summaries: Iterable[Summarised]) -> None:
        """Write summaries of one step as one record, so that a reader gets all of them or none."""
        new = [each for each in summaries if (each.tag, step) not in self.logged.steps]
        if not new:
            return
        self.logged.steps.update((each.tag, step) for each in new)
        with self._writer().as_default():
            tf.summary.experimental.write_raw_pb(Summary(value=new).SerializeToString(), step)

    def write_graph(self, graph: Any) -> None:
        """Write a `GraphDef`."""
        self.logged.has_graph = True
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


def _events(path: Path) -> Iterator[Any]:
    with suppress(tf.errors.DataLossError):
        for record in tf.data.TFRecordDataset(str(path)):
            yield Event.FromString(record.numpy())
