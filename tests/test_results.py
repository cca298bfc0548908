"""The manual's results are made from what benchmarks have written, and nothing of it is left out."""

import json
import re
import runpy
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from figures import Figures, cell_text, figure, within

ROOT = Path(__file__).parents[1]
MANUAL = ROOT / "resources" / "manual"
results = runpy.run_path(str(ROOT / "tests" / "tools" / "results.py"))


def measured(rows, *, commit="abc", processor="A processor", heads=("network", "speed")):
    return {
        "command": "python x.py",
        "date": "2026-11-29",
        "commit": commit,
        "processor": processor,
        "versions": {},
        "tables": {"speeds": {"heads": list(heads), "rows": rows}},
    }


def test_the_page_is_what_the_command_makes():
    page = (MANUAL / "results.md").read_text("utf-8")
    assert results["with_tables"](page, results["measurements"](MANUAL / "results")) == page, (
        "run `python tests/tools/results.py`"
    )


def test_every_table_that_was_written_is_shown():
    page = (MANUAL / "results.md").read_text("utf-8")
    shown = {
        (name, match["table"])
        for match in results["MARK"].finditer(page)
        for name in match["names"].split(", ")
        if match["table"]
    }
    found = results["measurements"](MANUAL / "results")
    assert shown == {(name, table) for name, one in found.items() for table in one["tables"]}


def test_commands_that_measured_are_there():
    for name, measurement in results["measurements"](MANUAL / "results").items():
        for path in re.findall(r"^python (\S+\.py)", measurement["command"]):
            assert (ROOT / path).exists(), name


def test_rows_of_several_measurements_make_one_table_with_a_source_for_each():
    page = "Before.\n<!-- table speeds of one, two -->\nold\n<!-- end -->\nAfter.\n"
    found = {
        "one": measured([["a", figure(1200, 1100, 1350)], ["b", 3.5]]),
        "two": measured([["c", figure(0.9, 0.02)]], commit="def", processor="not recorded"),
    }
    assert results["with_tables"](page, found) == (
        "Before.\n<!-- table speeds of one, two -->\n\n"
        "| network | speed |\n|---|---:|\n| a | 1,200 (1,100–1,350) |\n| b | 3.5 |\n| c | 0.90 ± 0.02 |\n\n"
        "<small>a, b: `python x.py` · 2026-11-29 · commit `abc` · A processor</small><br>\n"
        "<small>c: `python x.py` · 2026-11-29 · commit `def` · processor not recorded</small>\n\n"
        "<!-- end -->\nAfter.\n"
    )


def test_what_was_missed_is_listed_and_nothing_else():
    three = measured([["d", 7, within(0.31, 0.25)]], heads=("start", "runs", "s"))
    rows = [["a", within(1.76, 1.5)], ["b", within(1.4, 1.5)], ["c", 9.0]]
    found = {"one": measured(rows), "two": three}
    page = "<!-- table of what was missed -->\n<!-- end -->"
    assert results["with_tables"](page, found) == (
        "<!-- table of what was missed -->\n\n- network: a: should be ≤ 1.5\n"
        "- start: d, s: should be ≤ 0.25\n\n<!-- end -->"
    )


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("`vae`", "`vae`"),
        (294698, "294,698"),
        (8.0, "8.0"),
        (within(1.4, 1.5), "1.4 [≤ 1.5]"),
        (within(17.25, 16, 17.1, 18.5), "17.25 (17.10–18.50) [≤ 16 **missed**]"),
        (figure(0.02431, 9.7e-05), "0.02431 ± 9.7e-05"),
    ],
)
def test_cell_text(cell, text):
    assert cell_text(cell) == text


def test_a_measurement_is_written_once_it_has_ended_well(tmp_path, monkeypatch, capsys):
    path = tmp_path / "speed.json"
    monkeypatch.setattr(
        sys, "argv", [str(ROOT / "tests/benchmarks/x.py"), "--rounds", "3", "--json", str(path)]
    )
    with suppress(KeyError), Figures(path) as figures:
        figures.begin("speeds", "network", "speed")
        figures.row("a", 7)
        raise KeyError
    assert not path.exists()
    with Figures(path) as figures:
        figures.begin("speeds", "network", "speed")
        figures.row("a", within(7.5, 9, 7.0, 8.0))
        figures.row("b", 6)
        figures.begin("sizes", "network", "MB")
        figures.row("a", 30)
    written = json.loads(path.read_text("utf-8"))
    assert written["command"] == "python tests/benchmarks/x.py --rounds 3"
    assert written["tables"] == {
        "speeds": {
            "heads": ["network", "speed"],
            "rows": [["a", {"value": 7.5, "spread": [7.0, 8.0], "wanted": "≤ 9", "holds": True}], ["b", 6]],
        },
        "sizes": {"heads": ["network", "MB"], "rows": [["a", 30]]},
    }
    assert {"date", "commit", "processor", "versions"} < written.keys()
    assert capsys.readouterr().out.endswith("| b | 6 |\n\n| network | MB |\n|---|---:|\n| a | 30 |\n")


def test_no_file_is_written_where_none_was_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with Figures(None) as figures:
        figures.begin("speeds", "network", "speed")
        figures.row("a", 7)
    assert not list(tmp_path.iterdir())
