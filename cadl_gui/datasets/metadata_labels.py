"""Labels from the files `metadata.csv` and `metadata.jsonl` of Hugging Face's image folders."""

import codecs
import collections
import csv
import itertools
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from cadl_gui.domain.errors import DatasetError
from cadl_gui.system import bounded_json
from cadl_gui.system.file_limits import MOST_CLASS_NAME_CHARACTERS
from cadl_gui.system.words import _

METADATA_NAMES = {"metadata.csv", "metadata.jsonl"}
MOST_METADATA_BYTES = 2**25
_MOST_VALUES, _MOST_COLUMNS = 2_000_000, 1000
"""Values in a file, and in one of its rows: more take seconds, and hundreds of megabytes."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""How a file begins that a spreadsheet wrote as “Unicode text”."""

_SEPARATORS = ",;\t"
"""Of columns, in order of preference: where commas are decimal, spreadsheets write semicolons."""

_MOST_SHOWN = 100
"""Characters of a column's name that a message shows."""

_FILE_NAME = "file_name"
_LABELS = ("label", "labels", "class", "category", "target")
"""Columns that hold the label, in order of preference. Any other one does if it is the only one, unless its
name or a value says that it holds something else: what a caption says, or where things are.
"""

_NO_LABELS = {"text", "caption", "captions", "description", "prompt", "objects", "bbox"}

_Row = Mapping[str, Any]


def read_metadata(
    names: Iterable[str], read: Callable[[str], bytes], images: Collection[str]
) -> tuple[Mapping[str, str] | None, tuple[str, ...]]:
    """Read the labels in all metadata files of a folder.

    Args:
        names: paths of the metadata files inside the folder, with forward slashes.
        images: paths of the images inside the folder; what is said of other files is neglected.

    Returns:
        Labels by the path of the image, or None if there are none; and sentences about what was guessed.

    Raises:
        DatasetError: if a file cannot be read.
    """
    labels: dict[str, str] | None = None
    guesses: list[str] = []
    spelt = {unicodedata.normalize("NFC", image): image for image in images}  # macOS takes letters apart
    for name in sorted(names):
        rows = _rows(name, read(name))
        first = next(rows, None)
        if first is None:
            continue
        column = _label_column(first)
        found = None if column is None else _labels(name, column, itertools.chain([first], rows), spelt)
        collections.deque(rows, maxlen=0)  # damage further down is damage, too
        if column is None or found is None:
            guesses.append(_("“{name}” has no column “label”, so it is neglected.").format(name=name))
            continue
        if column != _LABELS[0]:
            guesses.append(
                _("The column “{column}” of “{name}” is taken as label.").format(
                    column=f"{column:.{_MOST_SHOWN}}", name=name
                )
            )
        labels = (labels or {}) | found
    return labels, tuple(guesses)


def _labels(name: str, column: str, rows: Iterable[_Row], images: Mapping[str, str]) -> dict[str, str] | None:
    """Labels by the path of the image; None if a column that nobody calls labels holds none."""
    is_named = column.lower() in _LABELS
    folder = PurePosixPath(name).parent
    labels = {}
    for row in rows:
        is_value = not isinstance(row[column], (list, dict))
        label = str(row[column]).strip()
        if is_named and not is_value:
            raise DatasetError(_("“{name}” has labels that are neither texts nor numbers.").format(name=name))
        if not is_named and (not is_value or len(label) > MOST_CLASS_NAME_CHARACTERS):
            return None
        path = str(folder / row[_FILE_NAME].replace("\\", "/"))
        image = images.get(unicodedata.normalize("NFC", path))
        if image is not None:
            labels[image] = label
    return labels


def _rows(name: str, data: bytes) -> Iterator[_Row]:
    if sum(map(data.count, (b",", b";", b"\t", b"\n", b"[", b"{"))) > _MOST_VALUES:
        raise DatasetError(
            _("“{name}” is too large: at most {most_values:,} values are read.").format(
                name=name, most_values=_MOST_VALUES
            )
        )
    first: _Row | None = None
    try:
        text = data.decode("utf-16" if data[:2] in _UTF_16 else "utf-8-sig")
        rows: Iterable[Any]
        if name.endswith(".csv"):
            header = next(_lines(text), "")
            separator = next((each for each in _SEPARATORS if each in header), _SEPARATORS[0])
            rows = csv.DictReader(_lines(text), delimiter=separator)
        else:
            rows = (bounded_json.parse(line.encode()) for line in _lines(text) if line.strip())
        for row in rows:
            if (
                not isinstance(row, Mapping)
                or not isinstance(row.get(_FILE_NAME), str)
                or not row[_FILE_NAME]
            ):
                raise DatasetError(
                    _("“{name}” has rows without a “{file_name}”.").format(name=name, file_name=_FILE_NAME)
                )
            first = row if first is None else first
            if len(row) > _MOST_COLUMNS or row.keys() != first.keys() or None in (*row, *row.values()):
                raise DatasetError(
                    _("“{name}” has rows with more or fewer columns than others.").format(name=name)
                )
            yield row
    except (ValueError, csv.Error, RecursionError) as error:
        raise DatasetError(_("“{name}” is damaged: {error}.").format(name=name, error=error)) from error


def _lines(text: str) -> Iterator[str]:
    """Lines with their ends, one by one: `StringIO` and lists of lines take four times the text's memory."""
    return (found[0] for found in _LINE.finditer(text))


def _label_column(row: _Row) -> str | None:
    columns = [column for column in row if column != _FILE_NAME]
    for wanted in _LABELS:
        for column in columns:
            if str(column).lower() == wanted:
                return column
    return columns[0] if len(columns) == 1 and str(columns[0]).lower() not in _NO_LABELS else None
