"""`cadl lesson`."""

import base64
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile

import numpy as np
import pytest
from PIL import Image

from cadl_gui.cli import main
from cadl_gui.cli.lesson import read_beside
from cadl_gui.cli.lesson_pictures import pictures_of
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.position import Position
from cadl_gui.domain.run import new_uuid
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
    assert "“Why a 4”, 1 step\n" in capsys.readouterr().out
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
    "tab Draw, run conv-classifier": "Draw here.",
    "run conv-classifier, tab Inspect, layer encoder_2, drawing 7.json": "classifier, epoch 44 (tab Inspect)",
    "layer encoder_2": "",
    "tab Draw, section seen": "conv-classifier, epoch 44 (tab Draw)",
    "section evidence, epoch 1": "conv-classifier, epoch 1 (tab Draw)",
    "run autoencoder, epoch latest, section": "autoencoder, epoch 20 (tab Draw)",
    "drawing blank": "Draw here.",
    "section": "",
    "tab Train, epoch untrained": "autoencoder, untrained (tab Train)",
    "preset softmax": "",
    "tab Data": "",
    "run vae, tab Data, page statistics": "Tab Data",
    "run conv-classifier, tab Latent": "vae, epoch 140 (tab Latent)",
}
"""What steps show, each beside what the one before does, and what is said of their pictures."""


@pytest.mark.slow
@pytest.mark.tf
def test_sheets_have_pictures_of_what_each_step_shows_that_take_little_ink(tmp_path):
    lesson, drawing = tmp_path / "own.lesson.md", resource_path("lessons/7.json")
    (tmp_path / "7.json").write_bytes(drawing.read_bytes())
    steps = [f"## {n}\n\n```cadl\nshow: {show}\n```\n" for n, show in enumerate(SHOWN, 1)]
    lesson.write_text("---\ntitle: Own\n---\n" + "\n".join(steps), "utf-8")
    sheet = tmp_path / "sheet.html"
    said = subprocess.run(
        [sys.executable, "-m", "cadl_gui.cli", "lesson", "print", str(lesson), "-o", str(sheet)],
        check=True, capture_output=True, encoding="utf-8", timeout=300,
        env={**os.environ, "QT_QPA_PLATFORM": "xcb", "DISPLAY": ":none"},  # no window is seen
    ).stdout  # fmt: skip
    assert "“Own”, 7 pictures" in said
    parts = sheet.read_text("utf-8").split("<h2")[1:]
    for part, words in zip(parts, SHOWN.values(), strict=True):
        assert ('alt="' in part, words in part) == (bool(words), True), words
    files = [base64.b64decode(found[1]) for part in parts if (found := re.search('png;base64,([^"]+)', part))]
    seen = [np.asarray(Image.open(io.BytesIO(file)).convert("RGB"), int) for file in files]
    for image in seen:
        assert (image.min(axis=2) > 250).mean() > 0.5, "it is white, not grey or black"
    coloured = [(np.ptp(image[image.shape[0] // 2 :], axis=2) > 60).mean() for image in seen[1:4]]
    assert coloured[1] > 2 * coloured[0], "evidence is red and blue"
    assert coloured[2] == 0, "a network that copies has no bars"
    drawing, copy = np.array_split(seen[3].min(axis=2) < 100, 2, axis=1)
    assert min(drawing.mean(), copy.mean()) > 0.02
    assert seen[4].shape[1] > 2.5 * seen[4].shape[0], "the curve is beside the images, as high as they are"


@pytest.mark.tf
def test_a_step_that_is_not_shown_in_time_is_told_and_no_other_picture_is_taken(qapp, tmp_path):
    """On a machine without a free processor, a picture of something else was printed."""
    path = tmp_path / "own.lesson.md"
    path.write_text("---\ntitle: Own\n---\n## A\n```cadl\nshow: run vae, tab Latent\n```\n", "utf-8")
    with (
        read_beside(path) as (_, _, lesson),
        pytest.raises(CadlError, match=r"“own.lesson.md”, step 1: no picture .* not done after 0 s. Nothing"),
    ):
        pictures_of(path, lesson, most_seconds=0)


def test_what_cannot_be_printed_is_told_and_nothing_is_written(tmp_path, capsys):
    lesson = tmp_path / "own.lesson.md"
    lesson.write_text("no lesson", "utf-8")
    for name, says in (("sheet.txt", "has to end in .html or .pdf"), ("sheet.html", "line 1")):
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
    about = own / "run.json"  # with the UUID of the shipped run, it would be that one
    about.write_text(json.dumps(json.loads(about.read_text("utf-8")) | {"uuid": new_uuid()}), "utf-8")
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
    assert check(WITH_SESSION, session.read_bytes()) == (0, " “Own”, 2 steps\n")
    assert main(["lesson", "print", str(bundle), "-o", str(sheet)]) == 0
    html = sheet.read_text("utf-8")
    assert "vae 2, epoch 6 (tab Latent)" in html
    assert "vae 2, epoch 1 (tab Inspect)" in html
    names = {"own.cadl", "own.cadl-lesson", "sheet.html", "vae"}
    assert {path.name for path in tmp_path.iterdir()} - {KERAS} == names
