"""The tool that collects texts finds each kind, and the code marks them so that they can be translated."""

import ast
import gettext
import json
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pseudo import LANGUAGE, accented, environment
from tools.words import ROOT, messages

SAMPLE = """
_("One text of {name}").format(name=name)
ngettext("{n} run", "{n} runs", n)
count_text(n, "epoch"), count_text(n, "batch", "batches")
ActionRow(key="train", menu="Run", text="Train", help="Train a run.", icon="player-play")
TabSpec("data", "Data", "Look at images.", "a:B")
_(row.text), "not marked"
"""

SAME_IN_ALL_LANGUAGES = ("cadl ", "frozen graph", "checkpoint of the course", "\n## The first step")
"""Names of the program, and of kinds in JSON; the lesson that `cadl lesson new` writes."""

HELP = """
import sys
from contextlib import suppress
from cadl_gui.cli import main
for name in sys.argv[1:]:
    with suppress(SystemExit):
        main([*name.split(), "--help"])
"""


def test_each_kind_of_marked_text_is_found(tmp_path):
    (tmp_path / "sample.py").write_text(SAMPLE)
    found = {*messages(tmp_path)}
    assert found == {
        "One text of {name}", ("{n} run", "{n} runs"), ("{n} epoch", "{n} epochs"),
        ("{n} batch", "{n} batches"), "Run", "Train", "Train a run.", "Data", "Look at images.",
    }  # fmt: skip


def test_what_is_filled_into_a_text_is_named_in_it_and_no_function_hides_what_translates():
    wrong = []
    for path in sorted((ROOT / "cadl_gui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            where = f"{path.name}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "format":
                marked = node.func.value
                if getattr(getattr(marked, "func", None), "id", "") == "_" and node.keywords:
                    parts = string.Formatter().parse(marked.args[0].value)
                    if {part[1] for part in parts} - {None} != {each.arg for each in node.keywords}:
                        wrong.append(f"{where} fills in what is not in the text")
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                inner = list(ast.walk(node))
                hides = any(
                    (isinstance(each, ast.arg) and each.arg == "_")
                    or (isinstance(each, ast.Name) and each.id == "_" and isinstance(each.ctx, ast.Store))
                    for each in inner
                )  # fmt: skip
                if hides and any(getattr(getattr(each, "func", None), "id", "") == "_" for each in inner):
                    wrong.append(f"{where} gives _ another meaning")
    assert not wrong, "\n".join(wrong)


def test_each_text_of_the_command_line_is_marked():
    """By its source, as few of its sentences are printed without a network or a mistake."""
    paths = sorted((ROOT / "cadl_gui" / "cli").glob("*.py"))
    plain = [f"{path.name}: {text}" for path in paths for text in _plain_texts(path)]
    assert not plain, "\n".join(plain)


@pytest.mark.slow
def test_the_help_of_each_command_speaks_the_language_of_the_start(tmp_path):
    """In another process, as the language is that of its start; all but what `argparse` itself says."""
    inventory = json.loads((ROOT / "tests" / "inventory.json").read_text(encoding="utf-8"))
    names = [name.removeprefix("cadl").strip() for name in inventory["commands"] if name != "cadl-gui"]
    spoken = environment(tmp_path) | {"COLUMNS": "10000", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", HELP, *names], env=spoken, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    told = [line for line in done.stdout.splitlines() if not re.match(r"usage: |  --?(h|version)\b", line)]
    assert len(told) > 10 * len(names)
    assert not [line for line in told if re.search(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}", line)]


def _plain_texts(path: Path) -> Iterator[str]:
    """The texts of a file of `cli/` with two words, or part of one, that are not marked."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    around = {inner: node for node in ast.walk(tree) for inner in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        outer = around[node]
        of_help = isinstance(outer, ast.keyword) and outer.arg == "help"
        words = (
            r"\s[a-z]{2,}|[a-z]{2,}\s" if isinstance(outer, ast.JoinedStr) else r"[a-z’']{2,}\S?\s[a-z]{2,}"
        )
        if isinstance(outer, ast.Expr | ast.Assert) or (path.name == "selftest.py" and not of_help):
            continue  # docstrings, and what is for those who mend the program
        marks = ast.unparse(outer.func) if isinstance(outer, ast.Call) else ""
        is_same = node.value.startswith(SAME_IN_ALL_LANGUAGES) or marks in {
            "_",
            "count_text",
            "_log.exception",
        }
        if not is_same and re.search(words, node.value):
            yield node.value


def test_a_catalogue_translates_texts_and_counts(tmp_path):
    folder = Path(environment(tmp_path)["TEXTDOMAINDIR"])
    catalogue = gettext.translation("cadl_gui", folder, [LANGUAGE])
    assert catalogue.gettext("Train") == accented("Train") != "Train"
    told = [catalogue.ngettext("{n} epoch", "{n} epochs", n) for n in (1, 2)]
    assert told == [accented("{n} epoch"), accented("{n} epochs")]
    assert accented("<b>A {few:,}</b> (*.png)").count("{few:,}</b>") == 1
