"""`cadl lesson`."""

import json
import zipfile

import pytest

from cadl_gui.cli import main
from cadl_gui.system.resources import resource_path


def test_a_new_lesson_has_no_fault_and_each_fault_made_is_told_with_file_and_line(tmp_path, capsys):
    path = tmp_path / "why-a-4.lesson.md"
    assert main(["lesson", "new", str(path)]) == 0
    assert main(["lesson", "new", str(path)]) == 2
    assert main(["lesson", "check", str(path)]) == 0
    assert "“Why a 4”, 1 step, 10 minutes" in capsys.readouterr().out
    lesson = path.read_text("utf-8").replace("run conv", "run konv").replace("hint:", "hind:")
    path.write_text(lesson, "utf-8")
    for options in ([], ["--json"]):
        assert main(["lesson", "check", str(path), *options]) == 1
        out, err = capsys.readouterr()
        assert "cannot be played" in err
        if options:
            faults = [json.loads(line) for line in out.splitlines()]
            assert [fault["line"] for fault in faults] == [15, 18]
            assert faults[0]["fault"].endswith("Did you mean “conv-classifier”?")
        else:
            assert out.splitlines()[1] == f"{path}:18: “hind” is not known here. Did you mean “hint”?"
    for name in ("lesson.md", "none.lesson.md"):
        assert main(["lesson", "check", str(tmp_path / name)]) == 2
    assert main(["lesson", "new", str(tmp_path / "own.md")]) == 2


@pytest.mark.parametrize("options", [[], ["--teacher"]])
@pytest.mark.parametrize("ending", ["html", "pdf"])
def test_a_shipped_lesson_is_printed(qapp, tmp_path, capsys, ending, options):
    sheet = tmp_path / f"sheet.{ending}"
    lesson = resource_path("lessons/4-a-network-that-decides.lesson.md")
    assert main(["lesson", "print", str(lesson), "-o", str(sheet), *options]) == 0
    assert "sheet of “A network that decides”" in capsys.readouterr().out
    if ending == "html":
        assert ("Teacher:" in sheet.read_text("utf-8")) is bool(options)
    else:
        assert sheet.read_bytes().startswith(b"%PDF-")


def test_what_cannot_be_printed_is_told_and_nothing_is_written(tmp_path, capsys):
    lesson = tmp_path / "own.lesson.md"
    lesson.write_text("no lesson", "utf-8")
    for name, says in (("sheet.txt", "ends in .html or .pdf"), ("sheet.html", "line 1")):
        assert main(["lesson", "print", str(lesson), "-o", str(tmp_path / name)]) == 2
        assert says in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["own.lesson.md"]


def test_a_bundle_is_checked_and_printed_as_a_lesson_is(tmp_path, capsys):
    bundle, sheet = tmp_path / "own.cadl-lesson", tmp_path / "sheet.html"
    with zipfile.ZipFile(bundle, "w") as archive:
        for name in ("6-why-a-4-for-a-9.lesson.md", "4-open.json", "4-leaning.json", "4-closed.json"):
            archive.write(resource_path(f"lessons/{name}"), name)
    assert main(["lesson", "check", str(bundle)]) == 0
    assert "“Why does it take a 4 for a 9?”, 8 steps" in capsys.readouterr().out
    assert main(["lesson", "print", str(bundle), "-o", str(sheet)]) == 0
    assert "Why does it take a 4 for a 9?" in sheet.read_text("utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["own.cadl-lesson", "sheet.html"]
    bundle.write_bytes(b"PK")
    assert main(["lesson", "check", str(bundle)]) == 2
    assert "“own.cadl-lesson” is no lesson of CADL, or is damaged." in capsys.readouterr().err
