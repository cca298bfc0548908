"""Labels from the files `metadata.csv` and `metadata.jsonl` of Hugging Face's image folders."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from cadl_gui.domain.errors import DatasetError
from cadl_gui.system import bounded_json

METADATA_NAMES = {"metadata.csv", "metadata.jsonl"}
MOST_METADATA_BYTES = 2**26

_FILE_NAME = "file_name"
_LABELS = ("label", "labels", "class", "category", "target")
"""Columns that hold the label, in order of preference. Any other one does if it is the only one."""

_Rows = list[Mapping[str, Any]]


def read_metadata(
    names: Iterable[str], read: Callable[[str], bytes]
) -> tuple[Mapping[str, str] | None, tuple[str, ...]]:
    """Read the labels in all metadata files of a folder.

    Args:
        names: paths of the metadata files inside the folder, with forward slashes.
        read: reads one of them.

    Returns:
        Labels by the path of the image, or None if there are none; and sentences about what was guessed.

    Raises:
        DatasetError: if a file cannot be read.
    """
    labels: dict[str, str] = {}
    guesses: list[str] = []
    for name in sorted(names):
        rows = _rows(name, read(name))
        column = _label_column(rows)
        if column is None:
            guesses.append(f"“{name}” has no column “label”, so it is neglected.")
            continue
        if column != _LABELS[0]:
            guesses.append(f"The column “{column}” of “{name}” is taken as label.")
        folder = PurePosixPath(name).parent
        for row in rows:
            labels[str(folder / str(row[_FILE_NAME]).replace("\\", "/"))] = str(row[column]).strip()
    return labels or None, tuple(guesses)


def _rows(name: str, data: bytes) -> _Rows:
    try:
        text = data.decode("utf-8-sig")
        if name.endswith(".csv"):
            rows: _Rows = list(csv.DictReader(io.StringIO(text, newline="")))
        else:
            rows = [bounded_json.parse(line.encode()) for line in text.splitlines() if line.strip()]
    except (ValueError, csv.Error, RecursionError) as error:
        raise DatasetError(f"“{name}” is damaged: {error}.") from error
    if not all(isinstance(row, Mapping) and row.get(_FILE_NAME) for row in rows):
        raise DatasetError(f"“{name}” has rows without a “{_FILE_NAME}”.")
    if not all(set(row) == set(rows[0]) and None not in (*row, *row.values()) for row in rows):
        raise DatasetError(f"“{name}” has rows with more or fewer columns than others.")
    return rows


def _label_column(rows: _Rows) -> str | None:
    columns = [column for column in rows[0] if column != _FILE_NAME] if rows else []
    for wanted in _LABELS:
        for column in columns:
            if str(column).lower() == wanted:
                return column
    return columns[0] if len(columns) == 1 else None
