"""Lessons: what is read of them, what is wrong with them, and what a step makes of a view."""

import json
import random
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cadl_gui.domain.drawing import BLANK, Drawing, Point, Stroke
from cadl_gui.domain.drawing_form import INK
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.labelled import Labelled
from cadl_gui.domain.lesson import MOST_BYTES, LessonError, read_lesson
from cadl_gui.domain.lesson_block import Condition, Facts, LessonSession, Names, PlacedRun, Question, Show
from cadl_gui.domain.next_run import NextRun
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.view import DataView, DrawView, FigureView, InspectView, LatentView, RunView, View


def open_session(file):
    if file == "bad.cadl":
        raise UserError(f"“{file}” is no session of CADL, or is damaged.")
    return FACES


NAMES = Names(
    tabs={"Draw": "drawTab", "Inspect": "inspectTab", "Train": "trainTab"},
    actions={"eraser", "duplicate"},
    controls={"eraser", "duplicate", "epochs"},
    runs={"vae": (), "conv-classifier": [Position(12), Position(3), Position(0), Position(0, 5)]},
    files=["four.json", "bad.json", "gone.json", "faces.cadl", "bad.cadl"],
    session=open_session,
)
FOUR = Drawing((Stroke((Point(0.25, 0.5), Point(0.75, 0.375, 0.5)), 0.125),))
FACES = LessonSession(
    View(
        run="id:7",
        at=Position(2),
        tab="latentTab",
        draw=DrawView(noise=30).with_sheet(INK, FOUR),
        figure=FigureView(covered=("drawTab/answer",)),
        of_run={"id:7": RunView(pins=((0.5, -1.0, 3),)), "id:8": RunView(z=(1.0, 2.0))},
    ),
    {
        "my faces": PlacedRun("id:7", Path("7"), [Position(2), Position(4)]),
        "vae": PlacedRun("id:8", Path("8"), ()),
    },
)
WHOLE = """\
---
title: Why does it take a 4 for a 9?
goal: Name one reason why a network errs.
minutes: 8
ages: 14+
needs: A network that decides
competences: AILit 1.2
language: en
---
Words before the first step are the teacher's own.

## Draw the 4 that fools it

Draw a **4**. See action:eraser and see:epochs.

> Teacher: stop at the first 9.
> Ask who would still read a 4.

> “A 9 is a closed 4.”

```python
## no step
```

```cadl
show: run conv-classifier, epoch 3, tab Inspect, layer conv_2, draw.section evidence,
    figure.covered drawTab/answer inspectTab/weights, is_paired off, noise 7
only: eraser, epochs
ask: Which one? | 4 / 9 / neither = 9
check: drawn 4 and prediction 9 and epoch >= 3
hint: Leave a gap.
```

## Further on

Only words.
"""


def read(tmp_path, text, names=NAMES, **options):
    path = tmp_path / "own.lesson.md"
    (tmp_path / "four.json").write_text(json.dumps(FOUR.to_json()))
    (tmp_path / "bad.json").write_text('{"strokes": [{"points": 4}], "image": null}')
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_lesson(path, names, **options)


def faults(tmp_path, text):
    with pytest.raises(LessonError) as error:
        read(tmp_path, text)
    assert all(text and text[-1] in ".?" for _, text in error.value.problems)
    assert str(error.value).startswith(f"“own.lesson.md”, line {error.value.problems[0].line}: ")
    return dict(error.value.problems)


@pytest.mark.parametrize("around", ["{}", "\N{ZERO WIDTH NO-BREAK SPACE}{}"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_all_that_a_lesson_declares_is_read(tmp_path, around, newline):
    lesson = read(tmp_path, around.format(WHOLE.replace("\n", newline)))
    assert (lesson.title, lesson.minutes, lesson.ages) == ("Why does it take a 4 for a 9?", 8, "14+")
    assert (lesson.needs, lesson.competences) == ("A network that decides", "AILit 1.2")
    first, second = lesson.steps
    assert (first.title, second.title) == ("Draw the 4 that fools it", "Further on")
    assert first.prose.startswith("Draw a **4**.")
    for words, is_prose in (("“A 9 is a closed 4.”", 1), ("## no step", 1), ("Teacher", 0), ("cadl", 0)):
        assert (words in first.prose) is bool(is_prose)
    assert first.notes == "stop at the first 9.\nAsk who would still read a 4."
    assert first.show == Show(
        tab="inspectTab",
        run="conv-classifier",
        at=Position(3, 0),
        members=(
            ("inspect.layer", "conv_2"),
            ("draw.section", "evidence"),
            ("figure.covered", ("drawTab/answer", "inspectTab/weights")),
            ("inspect.is_paired", False),
            ("draw.noise", 7),
        ),
    )
    assert first.only == ("eraser", "epochs")
    assert first.ask == Question("Which one?", ("4", "9", "neither"), "9")
    assert first.check == (
        Condition("drawn", value="4"),
        Condition("prediction", value="9"),
        Condition("epoch", ">=", 3),
    )
    assert (first.hint, second.prose, second.show) == ("Leave a gap.", "Only words.", Show())


def test_a_heading_in_a_quotation_begins_no_step(tmp_path):
    text = "---\ntitle: T\n---\n## One\n\n> ## Two\n\n- ## Three\n\n## Four\nend\n"
    first, last = read(tmp_path, text).steps
    assert (first.title, first.prose, last.title) == ("One", "> ## Two\n\n- ## Three", "Four")


def test_names_that_have_changed_since_a_lesson_was_written_are_still_read(tmp_path):
    names = "run conv-classifier", "tab Inspect", "inspectTab/weights", "is_paired", "eraser", "epochs"
    words = [name.rpartition(" ")[2] for name in names]
    former = {f"old-{word}" if "-" in word else f"old_{word}": word for word in words}
    old = WHOLE
    for before, now in former.items():
        old = re.sub(rf"(?<![\w./-]){now}(?![\w/-])", before, old)
    assert old.count("old") == 8
    assert read(tmp_path, old, replace(NAMES, former=former)) == read(tmp_path, WHOLE)
    said = WHOLE.replace("Leave a gap", "Use the eraser").replace("neither", "eraser")
    (step, _) = read(tmp_path, said, replace(NAMES, former={"eraser": "duplicate"})).steps
    assert (step.hint, step.ask.choices[2], step.only) == (
        "Use the eraser.",
        "eraser",
        ("duplicate", "epochs"),
    )


def block(line):
    return f"---\ntitle: T\n---\n## One\n```cadl\n{line}\n```\n"


@pytest.mark.parametrize(
    ("line", "member", "value"),
    [
        ("show: epoch untrained", "show", Show(at=Position(0, 0))),
        ("show: epoch latest, run vae", "show", Show(run="vae")),
        ("show: preset softmax, seed 7", "show", Show(preset="softmax", seed=7)),
        ("show: z -0.5 1e-3", "show", Show(z=(-0.5, 0.001))),
        ("show: z −0.5 2", "show", Show(z=(-0.5, 2.0))),
        ("show: drawing four.json", "show", Show(drawing="four.json")),
        ("show: run faces.cadl/my faces, epoch 4", "show", Show(run="faces.cadl/my faces", at=Position(4))),
        ("show: run faces.cadl/vae, epoch 9", "show", Show(run="faces.cadl/vae", at=Position(9))),
        ("show: session faces.cadl", "show", Show("", "faces.cadl", "faces.cadl/my faces", at=Position(2))),
        ("show: session faces.cadl, epoch latest", "show", Show("", "faces.cadl", "faces.cadl/my faces")),
        ("show: session faces.cadl, run vae", "show", Show("", "faces.cadl", "vae")),
        ("check: run faces.cadl/vae", "check", (Condition("run", value="faces.cadl/vae"),)),
        ("show: layers any", "show", Show(members=(("latent.layers", None),))),
        ("show: layers points prior", "show", Show(members=(("latent.layers", ("points", "prior")),))),
        ("ask: How many? | number = 98 ± 1.5", "ask", Question("How many?", (), "", True, 98, 1.5)),
        ("ask: A | B? | number", "ask", Question("A | B?", is_number=True)),
        ("ask: Why? | text", "ask", Question("Why?")),
        ("check: fooled within 5", "check", (Condition("fooled within", "<=", 5),)),
        ("check: val_loss > 0.9", "check", (Condition("val_loss", ">", 0.9),)),
        ("check: answered and pins = 2", "check", (Condition("answered"), Condition("pins", "=", 2))),
        ("check: tab Draw", "check", (Condition("tab", value="drawTab"),)),
        ("check: changed epochs", "check", (Condition("changed", value="epochs"),)),
    ],
)  # fmt: skip
def test_each_kind_of_line_is_read(tmp_path, line, member, value):
    (step,) = read(tmp_path, block(line)).steps
    assert getattr(step, member) == value


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("show: run vea", "“vea” is not known here. Did you mean “vae”?"),
        ("show: laier conv_1", "Did you mean “layer”?"),
        ("show: tab Drow", "Did you mean “Draw”?"),
        ("show: view weights, inspect.viw x", "“inspect.viw”"),
        ("show: search 7", "“search” is not known"),  # Data and Inspect have one each
        ("show: sheets x", "“sheets” is not known"),
        ("show: run vae, preset softmax", "not both"),
        ("show: run conv-classifier, epoch 4", "there is no epoch 4, but there are 0, 3, 12."),
        ("show: run faces.cadl/my face", "Did you mean “faces.cadl/my faces”?"),
        ("show: run facs.cadl/vae", "“facs.cadl” is not known here. Did you mean “faces.cadl”?"),
        ("show: run ../faces.cadl/vae", "“..” is not known here."),
        ("show: run four.json/vae", "“four.json” is not known here."),
        ("show: session facs.cadl", "Did you mean “faces.cadl”?"),
        ("show: session bad.cadl", "“bad.cadl” is no session of CADL, or is damaged."),
        ("show: run bad.cadl/vae", "“bad.cadl” is no session of CADL, or is damaged."),
        ("show: run faces.cadl/my faces, epoch 3", "there is no epoch 3, but there are 2, 4."),
        ("show: session faces.cadl, epoch 3", "Of “faces.cadl/my faces”, there is no epoch 3"),
        ("check: run faces.cadl/vea", "Did you mean “faces.cadl/vae”?"),
        ("show: epoch three", "“three” is no whole number"),
        ("show: epoch ٣", "is no whole number"),
        ("show: noise 101", "“101” is no whole number up to 100."),
        ("show: is_paired yes", "“yes” is not known here. Known are off, on."),
        ("show: z 0.5 nan", "“nan” is no number."),
        ("show: z", "A pin has between 1 and"),
        ("show: plane 0 1", "“0 1” is no part of the plane: “0.5 -1 4” is one"),
        ("show: drawing ../four.json", "Did you mean “four.json”?"),
        ("show: drawing bad.json", "“bad.json” holds no drawing in ink"),
        ("show: drawing gone.json", "“gone.json” holds no drawing in ink"),
        ("only: erraser", "Did you mean “eraser”?"),
        (
            "ask: Which one?",
            "It is not said what is asked, or how it is answered. A question reads “Which one? | 4",
        ),
        ("ask: Which one? | 4 / 4", "“4 / 4” offers no choice. A question reads “Which one? | 4 / 9 = 9”"),
        ("ask: Which one? | 4 / 9 = 8", "“8” is none of the answers offered, “4 / 9”. A question reads"),
        ("ask: How many? | number = many", "“many” is no number. A question reads"),
        ("check: prediction", "lacks what it is about"),
        ("check: epoch", "lacks what it is about"),
        ("check: epoch 3", "compares with nothing"),
        ("check: drawn 4 or prediction 9", "joined by “and” alone"),
        ("check: predicton 9", "Did you mean “prediction”?"),
        ("check: changed epoch", "Did you mean “epochs”?"),
        ("check: answered yes", "“yes” is not known here."),
        ("hind: x", "Did you mean “hint”?"),
        ("hint: a\nhint: b", "twice"),
        ("hint", "is no line of a block"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_the_nearest_name(tmp_path, line, says):
    told = faults(tmp_path, block(line))
    assert list(told) == [6 + line.count("\n")]
    assert says in "".join(told.values())


def test_all_faults_are_told_at_once(tmp_path):
    text = "---\nminute: 3\nminutes: x\nno line\n---\n# one\n## two\naction:erasr\n> > see:epoch\n"
    assert list(faults(tmp_path, text)) == [1, 2, 3, 4, 8, 9]
    twice = WHOLE.replace("Only words.", "```cadl\nhint: a\n```\n```cadl\nhint: b\n```")
    assert list(faults(tmp_path, twice.replace("title: Why", "title: x\ntitle: Why"))) == [3, 40]
    same = WHOLE.replace("## Further on", "## Draw the 4 that fools it")
    assert faults(tmp_path, same) == {34: "Another step is called “Draw the 4 that fools it”, too."}
    for text in ("", "## One", "---\ntitle: T\n## One\n", "---\ntitle: T\n---\nwords\n"):
        assert faults(tmp_path, text)
    assert faults(tmp_path, "---\ntitle: T\n---\n" + "## One\n" * 201) == {
        204: "A lesson has at most 200 steps."
    }


def test_a_faulty_step_keeps_its_place_and_text_if_the_others_are_to_be_played(tmp_path):
    damaged = WHOLE.replace("layer", "laier").replace("4 / 9 /", "9 / 9 /") + "\n## Further on\n"
    first, second, third = read(tmp_path, damaged, with_faulty=True).steps
    assert (first.title, first.prose[:12], first.notes[:4]) == (
        "Draw the 4 that fools it",
        "Draw a **4**",
        "stop",
    )
    assert (first.show, first.only, first.ask, first.check, first.hint) == (Show(), (), None, (), "")
    assert [line for line, _ in first.faults] == [26, 29]
    assert (second.prose, second.faults) == ("Only words.", ())
    assert [line for line, _ in third.faults] == [38]
    assert faults(tmp_path, damaged).keys() == {26, 29, 38}
    for text in (damaged.replace("minutes: 8", "minutes: x"), "---\ntitle: T\n---\n"):
        with pytest.raises(LessonError):
            read(tmp_path, text, with_faulty=True)


def test_a_formula_that_cannot_be_read_is_told_and_the_lesson_is_played(tmp_path):
    lesson = read(tmp_path, WHOLE.replace("Only words.", "Only $x$ and $y^$.\n\n> Teacher: $\\foo$ for $5."))
    assert lesson.steps[1].prose == "Only $x$ and $y^$."
    assert dict(lesson.unread) == {
        36: "“$y^$” is no formula that can be read.", 38: "“\\foo” is not known in formulas.",
    }  # fmt: skip
    assert read(tmp_path, WHOLE).unread == ()


def test_a_file_that_is_no_text_is_refused(tmp_path):
    assert faults(tmp_path, WHOLE.encode()[:200] + b"\xff") == {10: "This is no text in UTF-8."}
    with pytest.raises(UserError, match="It is too large"):
        read(tmp_path, WHOLE + "x" * MOST_BYTES)
    with pytest.raises(UserError, match="cannot be read"):
        read_lesson(tmp_path, NAMES)


def test_two_hundred_damaged_lessons_are_told(tmp_path):
    choose, faulty = random.Random(49), []
    for _ in range(200):
        letters = [*WHOLE]
        for _ in range(choose.randint(1, 30)):
            i = choose.randrange(len(letters))
            letters[i] = choose.choice(
                ["", "`", "\n", "~~~", "> ", "\0", "\u202e", ":", ",", "=", "½", "[[" * 50]
            )
        with suppress(LessonError):
            assert read(tmp_path, "".join(letters)).steps
            continue
        faulty += faults(tmp_path, "".join(letters)).keys()
    assert len(faulty) > 100
    assert {1, 2} < {*faulty} < {*range(1, 80)}


def test_a_step_shows_what_it_declares_whole_and_leaves_the_rest():
    view = View(
        tab="dataTab",
        run="id:1",
        at=Position(9, 0),
        inspect=InspectView(layer="conv_1", unit=3),
        latent=LatentView(is_sampled=True),
        figure=FigureView(filling=("a",), covered=("b",)),
    )
    members = (("inspect.layer", "conv_2"), ("figure.covered", ("c",)))
    show = Show("inspectTab", at=Position(3, 0), z=(0.5, -1.0), members=members)
    shown = show.applied(view, "shipped:vae")
    assert (shown.tab, shown.run, shown.at) == ("inspectTab", "shipped:vae", Position(3, 0))
    assert (shown.inspect, shown.latent) == (InspectView(layer="conv_2", unit=3), view.latent)
    assert shown.figure == FigureView(covered=("c",))
    assert (shown.chosen("shipped:vae").z, shown.chosen("id:1").z) == ((0.5, -1.0), ())
    assert show.applied(shown, "shipped:vae") == shown  # again costs nothing
    image = Show(members=(("data.image", 7),)).applied(
        replace(view, data=DataView(of="emoji", label=3)), "id:1"
    )
    assert (image.data.about("mnist").image, image.data.about("mnist").of) == (7, "mnist")
    assert Show().applied(shown, "id:1") == replace(shown, run="id:1", at=None, figure=FigureView())


def test_a_step_may_show_a_drawing_and_the_settings_of_a_run_to_train(tmp_path):
    text = (
        block("show: drawing four.json, preset softmax, seed 7") + "## Two\n```cadl\nshow: drawing blank\n```"
    )
    lesson = read(tmp_path, text)
    first, second = (step.show for step in lesson.steps)
    before = View(run="id:1")
    shown = first.applied(before, "id:1", lesson.drawings[first.drawing])
    assert shown.draw.sheet(INK).to_json() == FOUR.to_json()
    assert shown.next == NextRun.of(preset("softmax").config).replace(seed="7")
    assert first.applied(shown, "id:1", lesson.drawings[first.drawing]) == shown
    after = second.applied(shown, "id:1", lesson.drawings[second.drawing])
    assert (after.draw.sheet(INK), after.next) == (BLANK, shown.next)


def test_a_step_may_show_a_session_or_a_run_of_one_with_what_was_chosen_for_it(tmp_path):
    shows = ["session faces.cadl, noise 5", "run faces.cadl/my faces", "run faces.cadl/vae", "run vae"]
    steps = (f"## {n}\n```cadl\nshow: {show}\n```\n" for n, show in enumerate(shows))
    lesson = read(tmp_path, "---\ntitle: T\n---\n" + "".join(steps))
    pinned, moved = FACES.view.of_run["id:7"], FACES.view.of_run["id:8"]
    mine = RunView(pins=((1.0, 1.0, 1),))
    labelled = Labelled(INK, ("a", "b"), np.zeros((28, 28, 1), np.uint8), 1)
    draw = DrawView(noise=70, guesses=(3,), sheets={"other": BLANK}, labelled=(labelled,))
    for before in (View(tab="drawTab", draw=draw), View(of_run={"id:7": mine, "id:8": mine, "id:9": mine})):
        keys = [lesson.run_of(step.show).key for step in lesson.steps]
        assert keys == ["id:7", "id:7", "id:8", "shipped:vae"]
        whole, first, second, shipped = (
            lesson.shown(step.show, before, key) for step, key in zip(lesson.steps, keys, strict=True)
        )
        assert (whole.tab, whole.at, whole.draw.noise) == ("latentTab", Position(2), 5)
        assert whole.draw.sheets == {**before.draw.sheets, INK.key: FOUR}
        assert whole.draw.labelled is before.draw.labelled
        assert (whole.figure, first.figure) == (FACES.view.figure, FigureView())
        assert whole.of_run == {**before.of_run, "id:7": pinned, "id:8": moved}
        assert (first.tab, first.at, first.draw) == (before.tab, None, before.draw)
        assert first.of_run == {**before.of_run, "id:7": pinned}
        assert second.of_run == {**before.of_run, "id:8": moved}
        assert shipped.of_run == before.of_run


@pytest.mark.parametrize(
    ("line", "answer", "is_right", "right"),
    [
        ("How many? | number = 98 ± 1.5", "99.5", True, "about 98"),
        ("How many? | number = 98 ± 1.5", "99,6", False, "about 98"),
        ("How many? | number = 12.25", "12,25", True, "12.25"),
        ("How many? | number = 7840", "7,840", True, "7840"),
        ("How many? | number = 7840 ± 9", "7,84", False, "about 7840"),
        ("How many? | number = 12 ± 1", "1,2", False, "about 12"),
        ("How many? | number = 98", "−98", False, "98"),
        ("How many? | number = 98", "98 %", True, "98"),
        ("How many? | number = 12 ± 1", "about 11.5 times", True, "about 12"),
        ("How many? | number = 12 ± 1", "11 or 12", False, "about 12"),
        ("How many? | number = 98", "many", False, "98"),
        ("How many? | number", "3", None, ""),
        ("Which? | 4 / A 9 = A 9", "a 9 ", True, "A 9"),
        ("Which? | 4 / A 9 = A 9", "4", False, "A 9"),
        ("Which? | 4 / A 9", "4", None, ""),
        ("Why? | text", "", None, ""),
    ],
)
def test_an_answer_is_right_within_its_tolerance(tmp_path, line, answer, is_right, right):
    (step,) = read(tmp_path, block(f"ask: {line}")).steps
    assert (step.ask.is_right(answer), step.ask.solution) == (is_right, right)


@pytest.mark.parametrize(
    ("line", "is_true"),
    [
        ("epoch >= 3", True), ("epoch > 3", False), ("epoch = 3 and pins < 2", True), ("val_loss < 9", False),
        ("prediction 9", True), ("prediction 4", False), ("drawn", True), ("drawn 4 and prediction 9", True),
        ("drawn 7", False), ("trained", False), ("answered", False), ("changed epochs", True),
        ("fooled within 7", True), ("fooled within 6", False), ("tab Inspect", True), ("tab Draw", False),
    ],
)  # fmt: skip
def test_a_condition_holds_of_numbers_and_names(tmp_path, line, is_true):
    facts = Facts(
        {"epoch": 3, "pins": 1, "fooled within": 7},
        {
            "prediction": ("9",),
            "drawn": ("4", "9"),
            "changed": {"epochs"},
            "tab": ["inspectTab"],
            "trained": (),
        },
    )
    (step,) = read(tmp_path, block(f"check: {line}")).steps
    assert all(condition.holds(facts) for condition in step.check) is is_true
