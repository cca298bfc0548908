"""What a benchmark measured: tables, printed as they grow and written as JSON for the manual.

A cell is a text, a number rounded to the digits that it deserves, or a `figure` with its spread and limit.
`tests/tools/results.py` makes the tables of the manual from the files.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1]))  # the program is not installed where it is packaged

import numpy as np

from cadl_gui.system.processor import processor_name

ROOT = Path(__file__).resolve().parents[1]
VERSIONS = ("numpy", "PySide6-Essentials", "keras", "tensorflow", "torch")
NOT_RECORDED = "not recorded"

Cell = str | int | float | dict[str, Any]


def figure(value: float, *spread: float, wanted: str = "", holds: bool = True) -> dict[str, Any]:
    """A cell with more than a number.

    Args:
        value: the figure.
        spread: its standard deviation, or the ends of its range or confidence interval.
        wanted: the limit, such as "≤ 25".
        holds: whether the figure is within it.
    """
    return {"value": value, "spread": list(spread)} | ({"wanted": wanted, "holds": holds} if wanted else {})


def within(value: float, limit: float | None, *spread: float) -> Cell:
    """A figure that may be at most so large; without a limit, any."""
    if limit is None:
        return figure(value, *spread) if spread else value
    return figure(value, *spread, wanted=f"≤ {limit:,}", holds=value <= limit)


def percentiles(values: Any, limit: float | None = None) -> list[Cell]:
    """Median, 99th percentile, which may be at most the limit, and maximum, to a tenth."""
    half, most = np.percentile(values, [50, 99])
    return [round(float(half), 1), within(round(float(most), 1), limit), round(float(max(values)), 1)]


def cell_text(cell: Cell) -> str:
    """A cell as a reader sees it."""
    if isinstance(cell, str):
        return cell
    if not isinstance(cell, dict):
        return f"{cell:,}"
    text, *spread = _alike([cell["value"], *cell["spread"]])
    if spread:
        text += f" ± {spread[0]}" if len(spread) == 1 else f" ({spread[0]}–{spread[1]})"
    if "wanted" in cell:
        text += f" [{cell['wanted']}]" if cell["holds"] else f" [{cell['wanted']} **missed**]"
    return text


def _alike(values: Sequence[float]) -> list[str]:
    """Numbers as text, all with the most decimals that one of them has; those that are tiny as they are."""
    texts = [f"{value:,}" for value in values]
    if any("e" in text for text in texts):
        return texts
    n_decimals = max(len(text.partition(".")[2]) for text in texts)
    return [f"{value:,.{n_decimals}f}" for value in values]


def row_text(cells: Sequence[Cell]) -> str:
    """A row of a table in Markdown."""
    return f"| {' | '.join(map(cell_text, cells))} |"


def heads_text(heads: Sequence[str], first_row: Sequence[Cell] = ()) -> str:
    """The heads of a table and the line below them; columns of figures are set to the right.

    While a table grows, its first row is not known: then all but the first column are set to the right.
    """
    is_text = [isinstance(cell, str) for cell in first_row] or [True] + [False] * (len(heads) - 1)
    return f"{row_text(heads)}\n|{'|'.join('---' if left else '---:' for left in is_text)}|"


def json_text(measurement: dict[str, Any]) -> str:
    """A measurement as JSON, with a row of a table on each line."""
    about = json.dumps(measurement | {"tables": {}}, ensure_ascii=False, indent=1).removesuffix("{}\n}")
    tables = []
    for name, table in measurement["tables"].items():
        rows = ",\n".join(f"    {json.dumps(row, ensure_ascii=False)}" for row in table["rows"])
        heads = json.dumps(table["heads"], ensure_ascii=False)
        tables.append(f'  {json.dumps(name)}: {{\n   "heads": {heads},\n   "rows": [\n{rows}\n   ]\n  }}')
    return about + "{\n" + ",\n".join(tables) + "\n }\n}\n"


def processor() -> str:
    """The processor of this machine, with the number of cores that this process may use."""
    n_cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{processor_name()}, {n_cores} cores"


class Figures:
    """The tables of one measurement, written when it has ended well and `--json` names a file."""

    @classmethod
    def add_option(cls, parser: argparse.ArgumentParser) -> None:
        """Let a benchmark's command line name the file."""
        parser.add_argument("--json", type=Path, metavar="FILE", help="also write the tables there")

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._tables: dict[str, dict[str, Any]] = {}
        self._rows: list[list[Cell]] = []

    def __enter__(self) -> "Figures":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None and self._path is not None:
            self._path.write_text(json_text(self._measurement()), encoding="utf-8")

    def begin(self, name: str, *heads: str) -> None:
        """Begin a table; its name is what the manual calls it by."""
        self._rows = []
        self._tables[name] = {"heads": list(heads), "rows": self._rows}
        print(f"\n{heads_text(heads)}", flush=True)

    def row(self, *cells: Cell) -> None:
        """Add a row to the table that was begun last."""
        self._rows.append(list(cells))
        print(row_text(cells), flush=True)

    def _measurement(self) -> dict[str, Any]:
        program = Path(sys.argv[0]).resolve()
        inside = program.relative_to(ROOT).as_posix() if program.is_relative_to(ROOT) else program.name
        commit = subprocess.run(
            ["git", "-C", ROOT, "describe", "--always", "--dirty", "--abbrev=8", "--exclude=*"],
            capture_output=True, text=True, check=False,
        ).stdout.strip()  # fmt: skip
        return {
            "command": " ".join(["python", inside, *_without_json(sys.argv[1:])]),
            "date": date.today().isoformat(),
            "commit": commit or NOT_RECORDED,
            "processor": processor(),
            "versions": {"python": sys.version.split()[0]} | dict(_versions()),
            "tables": self._tables,
        }


def _without_json(arguments: list[str]) -> list[str]:
    if "--json" in arguments:
        at = arguments.index("--json")
        return arguments[:at] + arguments[at + 2 :]
    return [argument for argument in arguments if not argument.startswith("--json=")]


def _versions() -> Any:
    for name in VERSIONS:
        try:
            yield name, metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
