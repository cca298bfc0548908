"""Makes the tables of the manual's results from what benchmarks have measured.

    python tests/tools/results.py

A benchmark writes what it measured with `--json resources/manual/results/NAME.json`. In
`resources/manual/results.md`, what stands between `<!-- table NAME … -->` and `<!-- end -->` is replaced: by
the table TABLE of these files, for `<!-- table TABLE of NAME, NAME -->`, and where, when and how it was
measured; and by all figures outside their limits, for `<!-- table of what was missed -->`.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1]))

from figures import NOT_RECORDED, ROOT, cell_text, heads_text, row_text

PAGE = ROOT / "resources" / "manual" / "results.md"
MARK = re.compile(
    r"(<!-- table (?:(?P<table>[\w-]+) )?of (?P<names>[\w, -]+) -->\n)(?:.*?)(<!-- end -->)", re.DOTALL
)
MISSED = "what was missed"

Measurement = dict[str, Any]


def measurements(folder: Path) -> dict[str, Measurement]:
    """All files of a folder, by their names."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}


def with_tables(page: str, found: dict[str, Measurement]) -> str:
    """The page with all tables made anew."""

    def made(match: re.Match[str]) -> str:
        names = match["names"].split(", ")
        text = (
            missed(found)
            if names == [MISSED]
            else table(match["table"], {name: found[name] for name in names})
        )
        return f"{match[1]}\n{text}\n\n{match[4]}"

    return MARK.sub(made, page)


def table(name: str, measured: dict[str, Measurement]) -> str:
    """A table whose rows come from one measurement or several, and a line about each of these."""
    tables = [measurement["tables"][name] for measurement in measured.values()]
    rows = [row for each in tables for row in each["rows"]]
    lines = [heads_text(tables[0]["heads"], rows[0]), *map(row_text, rows), ""]
    for each, measurement in zip(tables, measured.values(), strict=True):
        which = ", ".join(cell_text(row[0]) for row in each["rows"]) + ": " if len(tables) > 1 else ""
        lines.append(f"<small>{which}{source(measurement)}</small><br>")
    return "\n".join(lines).removesuffix("<br>")


def source(measurement: Measurement) -> str:
    """How, when and where it was measured."""
    versions = ", ".join(f"{name} {version}" for name, version in measurement["versions"].items())
    parts = [f"`{measurement['command']}`", measurement["date"], f"commit `{measurement['commit']}`"]
    processor = measurement["processor"]
    parts.append(f"processor {NOT_RECORDED}" if processor == NOT_RECORDED else processor)
    return " · ".join([*parts, versions] if versions else parts)


def missed(found: dict[str, Measurement]) -> str:
    """A line for each figure that is outside its limit."""
    lines = []
    for measurement in found.values():
        for each in measurement["tables"].values():
            for row in each["rows"]:
                for head, cell in zip(each["heads"], row, strict=True):
                    if isinstance(cell, dict) and not cell.get("holds", True):
                        which = f"{cell_text(row[0])}, {head}" if len(row) > 2 else cell_text(row[0])
                        lines.append(f"- {each['heads'][0]}: {which}: should be {cell['wanted']}")
    return "\n".join(lines)


def main() -> None:
    """Replace the tables of the page."""
    found = measurements(PAGE.with_suffix(""))
    PAGE.write_text(with_tables(PAGE.read_text("utf-8"), found), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: the tables of {len(found)} measurements")


if __name__ == "__main__":
    main()
