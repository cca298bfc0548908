"""Prepares datasets in tests."""

import threading
from pathlib import Path

from cadl_gui.datasets.load import load, scan
from cadl_gui.domain.preparing_options import PreparingOptions, dataset_text
from cadl_gui.system.stages import result_of


def prepare(path, workers=None, **options):
    """Prepare a dataset; returns its store and the import report."""
    dataset = dataset_text(str(path), PreparingOptions(**options))
    report = result_of(scan(dataset).prepare(workers))
    return load(dataset), report


def note_readers(monkeypatch, path):
    """A list to which each thread is added that reads a file as a whole from now on."""
    readers, read = [], Path.read_bytes

    def noted(self):
        if self == path:
            readers.append(threading.current_thread())
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", noted)
    return readers


def reasons(report):
    """Why files were skipped, by name."""
    return {
        name: text
        for (kind, text), noted in report.notes.items()
        if kind == "skipped"
        for name in noted.names
    }
