"""`cadl lesson`."""

import base64
import json
import re
import shutil
import zipfile

import pytest

from cadl_gui.cli import main
from cadl_gui.domain.position import Position
from cadl_gui.domain.session import Kept
from cadl_gui.domain.view import View
from cadl_gui.runs.session import write_session
from cadl_gui.system.resources import resource_path

KERAS = "home"
"""Where Keras writes its settings when a process imports it first."""


def test_a_new_lesson_has_no_fault_and_each_fault_made_is_told_with_file_and_line(tmp_path, capsys):
    path = tmp_path / "why-a-4.lesson.md"
    assert main(["lesson", "new", str(path)]) == 0
    assert main(["lesson", "new", str(path)]) == 2
    assert main(["lesson", "check", str(path)]) == 0
    assert "“Why a 4”, 1 step, 10 minutes" in capsys.readouterr().out
    new = path.read_text("utf-8")
    example = "\n".join(line for line in new.splitlines() if not line.startswith(("<!--", "-->")))
    assert "ask: What will it read? | 4 / 9 / neither = 9" in example
    path.write_text(example, "utf-8")
    assert main(["lesson", "check", str(path)]) == 0
    assert "“Why a 4”, 3 steps" in capsys.readouterr().out
    lesson = new.replace("run conv", "run konv").replace("hint:", "hind:")
    path.write_text(lesson, "utf-8")
    for options in ([], ["--json"]):
        assert main(["lesson", "check", str(path), *options]) == 1
        out, err = capsys.readouterr()
        assert f"{path} plays without these steps until that is mended." in err
        if options:
            faults = [json.loads(line) for line in out.splitlines()]
            assert [fault["line"] for fault in faults] == [39, 42]
            assert faults[0]["fault"].endswith("Did you mean “conv-classifier”?")
        else:
            assert out.splitlines()[1] == f"{path}:42: “hind” is not known here. Did you mean “hint”?"
    mended = lesson.replace("run konv", "run conv").replace("hind:", "hint:")
    path.write_text(mended.replace("One", "$x^$"), "utf-8")
    assert main(["lesson", "check", str(path)]) == 1
    out, err = capsys.readouterr()
    assert out == f"{path}:34: “$x^$” is no formula that can be read.\n"
    assert "shows these formulas as they are written until" in err
    path.write_text(mended.replace("title:", "titel:"), "utf-8")
    assert main(["lesson", "check", str(path)]) == 1
    assert "cannot be played until that is mended." in capsys.readouterr().err
    for name in ("lesson.md", "none.lesson.md"):
        assert main(["lesson", "check", str(tmp_path / name)]) == 2
    assert main(["lesson", "new", str(tmp_path / "own.md")]) == 2


@pytest.mark.tf
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


SHOWN = {
    "run conv-classifier, tab Inspect, layer encoder_2": "The weights of encoder_2: conv-classifier, epoch",
    "view activations, inspect.source drawing, drawing 7.json": "What each layer puts out for the image",
    "tab Draw, drawing 7.json": "The drawing as the network gets it: conv-classifier, epoch 44",
    "drawing blank": "",
    "tab Latent": "",
    "run vae, epoch 1": "Images decoded on the plane: vae, epoch 1",
    "tab Train, run autoencoder, epoch untrained": "What comes out for the examples: autoencoder, epoch 0",
    "run softmax, epoch latest": "",
    "tab Inspect, view arithmetic": "",
    "preset softmax, view weights": "",
    "tab Inspect, layer logits": "",
    "tab Data, run softmax": "",
    "tab Inspect, run conv-classifier, rest usual": "The weights of encoder_1: conv-classifier, epoch",
}
"""What steps show, each beside what the one before does, and what is said of their pictures."""


@pytest.mark.tf
def test_sheets_have_the_pictures_that_are_rendered_of_what_each_step_declares(qapp, tmp_path, capsys):
    lesson, drawing = tmp_path / "own.lesson.md", resource_path("lessons/7.json")
    (tmp_path / "7.json").write_bytes(drawing.read_bytes())
    steps = [f"## {n}\n\n```cadl\nshow: {show}\n```\n" for n, show in enumerate(SHOWN, 1)]
    lesson.write_text("---\ntitle: Own\n---\n" + "\n".join(steps), "utf-8")
    for options in ([], ["--teacher"]):
        assert main(["lesson", "print", str(lesson), "-o", str(tmp_path / "sheet.html"), *options]) == 0
        assert "“Own”, 6 pictures" in capsys.readouterr().out
        parts = (tmp_path / "sheet.html").read_text("utf-8").split("<h2>")[1:]
        for part, words in zip(parts, SHOWN.values(), strict=True):
            assert ('alt="' in part, words in part) == (bool(words), True), words
    picture = tmp_path / "weights.png"
    named = ["conv-classifier", "--what", "weights", "--layer", "encoder_2", "-o", str(picture)]
    assert main(["render", *named]) == 0
    assert base64.b64decode(re.search('base64,([^"]+)', parts[0])[1]) == picture.read_bytes()
    assert main(["lesson", "print", str(lesson), "-o", str(tmp_path / "sheet.pdf")]) == 0
    assert (tmp_path / "sheet.pdf").read_bytes().count(b"/Subtype /Image") >= 6


def test_what_cannot_be_printed_is_told_and_nothing_is_written(tmp_path, capsys):
    lesson = tmp_path / "own.lesson.md"
    lesson.write_text("no lesson", "utf-8")
    for name, says in (("sheet.txt", "ends in .html or .pdf"), ("sheet.html", "line 1")):
        assert main(["lesson", "print", str(lesson), "-o", str(tmp_path / name)]) == 2
        assert says in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["own.lesson.md"]


@pytest.mark.tf
def test_a_bundle_is_checked_and_printed_as_a_lesson_is(tmp_path, capsys):
    bundle, sheet = tmp_path / "own.cadl-lesson", tmp_path / "sheet.html"
    with zipfile.ZipFile(bundle, "w") as archive:
        for name in ("6-why-a-4-for-a-9.lesson.md", "4-open.json", "4-leaning.json", "4-closed.json"):
            archive.write(resource_path(f"lessons/{name}"), name)
    assert main(["lesson", "check", str(bundle)]) == 0
    assert "“Why does it take a 4 for a 9?”, 8 steps" in capsys.readouterr().out
    assert main(["lesson", "print", str(bundle), "-o", str(sheet)]) == 0
    assert "Why does it take a 4 for a 9?" in sheet.read_text("utf-8")
    assert {path.name for path in tmp_path.iterdir()} - {KERAS} == {"own.cadl-lesson", "sheet.html"}
    bundle.write_bytes(b"PK")
    assert main(["lesson", "check", str(bundle)]) == 2
    assert "“own.cadl-lesson” is no lesson of CADL, or is damaged." in capsys.readouterr().err


WITH_SESSION = """\
---
title: Own
---
## Mine
```cadl
show: run own.cadl/mine, epoch 6, tab Latent
```
## All
```cadl
show: session own.cadl, tab Inspect, layer encoder_2
```
"""


@pytest.mark.tf
def test_a_bundle_with_a_session_is_checked_and_has_pictures_of_its_run(tmp_path, capsys):
    bundle, sheet, session = (tmp_path / name for name in ("own.cadl-lesson", "sheet.html", "own.cadl"))
    own = shutil.copytree(resource_path("pretrained/vae"), tmp_path / "vae")
    view = View(run="id:7", at=Position(1)).to_json()
    write_session(session, {"view": view}, {"id:7": ("mine", own)}, Kept.ALL)

    def check(text, data):
        with zipfile.ZipFile(bundle, "w") as archive:
            archive.writestr("own.lesson.md", text)
            if data:
                archive.writestr("own.cadl", data)
        status = main(["lesson", "check", str(bundle)])
        return status, capsys.readouterr().out.removeprefix(f"{bundle}:")

    for damage, data, says in (
        (("own.cadl/mine", "own.cadl/mien"), session.read_bytes(), "6: “own.cadl/mien” is not known here. "
         "Did you mean “own.cadl/mine”?\n"),
        (("session own", "session owm"), session.read_bytes(), "10: “owm.cadl” is not known here. Did you "
         "mean “own.cadl”?\n"),
        (("epoch 6", "epoch 7"), session.read_bytes(), "6: Of “own.cadl/mine”, there is no epoch 7, but "
         "there are 0, 1, 6, 40, 136, 140.\n"),
        (("", ""), session.read_bytes()[:-9], "6: “own.cadl” is no session of CADL, or is damaged.\n"),
        (("", ""), b"", "6: “own.cadl” is not known here.\n"),
    ):  # fmt: skip
        status, told = check(WITH_SESSION.replace(*damage), data)
        assert (status, told.startswith(says)) == (1, True), told
    assert check(WITH_SESSION, session.read_bytes()) == (0, " “Own”, 2 steps, 0 minutes\n")
    assert main(["lesson", "print", str(bundle), "-o", str(sheet)]) == 0
    html = sheet.read_text("utf-8")
    assert "Images decoded on the plane: vae, epoch 6" in html
    assert "The weights of encoder_2: vae, epoch 1" in html
    names = {"own.cadl", "own.cadl-lesson", "sheet.html", "vae"}
    assert {path.name for path in tmp_path.iterdir()} - {KERAS} == names
