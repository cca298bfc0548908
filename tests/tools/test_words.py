"""The tool that collects texts finds each kind, and the code marks them so that they can be translated."""

import ast
import gettext
import string
from pathlib import Path

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


def test_a_catalogue_translates_texts_and_counts(tmp_path):
    folder = Path(environment(tmp_path)["TEXTDOMAINDIR"])
    catalogue = gettext.translation("cadl_gui", folder, [LANGUAGE])
    assert catalogue.gettext("Train") == accented("Train") != "Train"
    told = [catalogue.ngettext("{n} epoch", "{n} epochs", n) for n in (1, 2)]
    assert told == [accented("{n} epoch"), accented("{n} epochs")]
    assert accented("<b>A {few:,}</b> (*.png)").count("{few:,}</b>") == 1
