"""A step written from a view shows it again, as far as a lesson can say it."""

import json
from dataclasses import replace

import pytest
from domain.test_view import VIEWS
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.drawing import BLANK, Drawing, Point, Stroke
from cadl_gui.domain.drawing_form import INK
from cadl_gui.domain.lesson import LessonError, read_lesson
from cadl_gui.domain.lesson_block import NO_DRAWING, LessonSession, Names, PlacedRun, Show, read_show
from cadl_gui.domain.lesson_record import record_step
from cadl_gui.domain.next_run import NextRun
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.view import (
    DataView,
    DrawView,
    FigureView,
    InspectView,
    LatentView,
    RunView,
    TrainView,
    View,
)

NAMES = Names(
    tabs={"Draw": "drawTab", "Inspect": "inspectTab"},
    runs={"vae": [Position(0), Position(0, 5), Position(3)], "other": ()},
)
FOUR = Drawing((Stroke((Point(0.25, 0.5), Point(0.75, 0.375, 0.5)), 0.125),))
SEEN = st.builds(
    lambda view, run, tab, at: replace(view, run=run, tab=tab, at=at),
    VIEWS,
    st.sampled_from(["shipped:vae", "shipped:other", "id:1"]),
    st.sampled_from(["", "drawTab", "inspectTab"]),
    st.sampled_from([None, Position(0), Position(0, 5), Position(3), Position(9)]),
)


@given(SEEN, VIEWS)
def test_what_was_written_shows_the_view_again_whatever_was_shown(view, before):
    show, unsaid = Show.of(view, NAMES, NO_DRAWING)
    assert read_show(", ".join(show.items(NAMES)), NAMES) == show
    shown = show.applied(before, view.run, BLANK)
    assert shown.draw.sheet(INK) is BLANK
    told = {name.rpartition(".")[2] for name in unsaid}
    for part in ("data", "train", "draw", "inspect", "latent", "figure"):
        ours, its = vars(getattr(shown, part)), vars(getattr(view, part))
        never = {"of", "sheets", "labelled", "guesses", "to_place", "zooms"} | told
        assert {name: ours[name] for name in {*ours} - never} == {name: its[name] for name in {*its} - never}
    assert shown.tab == (view.tab or before.tab)
    assert ("epoch" in told) is (view.at == Position(9) and view.run == "shipped:vae")
    assert shown.at == (None if "epoch" in told else view.at)
    assert ("run" in told) is (view.run == "id:1")
    assert shown.chosen(view.run).z == (view.chosen(view.run).z or before.chosen(view.run).z)
    assert ("pins" in told) is bool(view.chosen(view.run).pins)


@pytest.mark.parametrize(
    ("text", "is_said"),
    [("a  b", True), ("", True), ("a,b", False), ("a\nb", False), (" a", False), ("=`#", True)],
)
def test_a_text_is_written_if_it_is_read_again_as_it_was(text, is_said):
    view = View(inspect=replace(InspectView(), search=text, layer="conv_2"))
    show, unsaid = Show.of(view, NAMES, NO_DRAWING)
    assert unsaid == ([] if is_said else ["inspect.search"])
    assert show.applied(View(), "").inspect == (view.inspect if is_said else InspectView(layer="conv_2"))


def names_beside(path):
    return replace(NAMES, files=[each.name for each in path.parent.iterdir()])


VIEW = View(
    tab="inspectTab",
    run="shipped:vae",
    at=Position(0, 5),
    draw=DrawView(noise=30, is_normalised=False).with_sheet(INK, FOUR),
    inspect=InspectView(layer="encoder_2", unit=3, is_paired=False, search="relu", source="drawing"),
    latent=LatentView(layers=("points", "prior")),
    train=TrainView(smoothing=7, log=False),
    figure=FigureView(covered=("drawTab/answer", "inspectTab/weights")),
    of_run={"shipped:vae": RunView(z=(0.5, -1.25), box=(1.0, -2.0, 3.5))},
)


OF_INSPECT = replace(
    VIEW,
    latent=LatentView(),
    train=TrainView(),
    figure=FigureView(covered=("inspectTab/weights",)),
    of_run={},
)
OF_DRAW = replace(
    OF_INSPECT, tab="drawTab", inspect=InspectView(), figure=FigureView(covered=("drawTab/answer",))
)
"""What is seen of it on these pages."""


def test_a_step_has_what_its_page_shows_and_nothing_that_was_chosen_elsewhere(tmp_path):
    path = tmp_path / "own.lesson.md"
    for tab, says in (
        ("dataTab", "tab Data, sort label"),
        ("trainTab", "tab Train, log off, smoothing 7"),
        ("latentTab", "tab Latent, z 0.5 -1.25, plane 1.0 -2.0 3.5, layers points prior"),
    ):
        names = replace(names_beside(path), tabs={tab.removesuffix("Tab").capitalize(): tab})
        view = replace(VIEW, tab=tab, data=DataView(sort="label"))
        record_step(path, lambda _, names=names: names, view, None, "")
        assert f"show: run vae, epoch 0 batch 5, {says}, rest usual ```" in " ".join(path.read_text().split())
        (step,) = read_lesson(path, names).steps
        again = step.show.applied(View(), "shipped:vae")
        assert (again.of_run == VIEW.of_run) is (tab == "latentTab"), "it was played at another zoom"
        fitted = replace(step.show, plane=None).applied(again, "shipped:vae").chosen("shipped:vae").box
        assert fitted is None
        path.unlink()
        assert [*tmp_path.iterdir()] == [], "no drawing that is not seen"


@pytest.mark.parametrize(
    ("section", "says"),
    [
        ("", ""),
        ("fool", ", section fool, fool_target 9"),
        ("nearest", ", section nearest, nearest id:1"),
        ("evidence", ", section evidence, why_not 4, has_all_evidence on"),
    ],
)
def test_what_the_lesson_before_chose_in_another_section_is_left_out(tmp_path, section, says):
    path, names = tmp_path / "own.lesson.md", replace(NAMES, tabs={"Draw": "drawTab"})
    chosen = DrawView(section, why_not="4", has_all_evidence=True, nearest="id:1", fool_target="9")
    record_step(path, lambda _: names, View(tab="drawTab", run="shipped:vae", draw=chosen), None, "")
    assert f"show: run vae, tab Draw, drawing blank{says}, rest usual ```" in " ".join(
        path.read_text().split()
    )


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_steps_are_written_after_the_one_that_is_shown_and_the_rest_stays(tmp_path, newline):
    path = tmp_path / "my-edges.lesson.md"
    assert record_step(path, names_beside, VIEW, None, "") == (0, [])
    path.write_bytes(path.read_bytes().replace(b"\n", newline.encode()))
    first = path.read_text()
    assert first.startswith("---\ntitle: My edges\n")
    assert json.loads((tmp_path / "drawing-1.json").read_text()) == FOUR.to_json()
    assert record_step(path, names_beside, replace(VIEW, at=None, tab="drawTab"), None, "") == (1, [])
    other = replace(
        OF_INSPECT, at=Position(3), draw=DrawView().with_sheet(INK, replace(FOUR, flips={(1, 2)}))
    )
    number, unsaid = record_step(
        path, names_beside, replace(other, compared=("id:1",)), None, "Inspect: vae, epoch 1, batch 5"
    )
    assert (number, unsaid) == (1, ["compared runs"])
    lesson = read_lesson(path, names_beside(path))
    assert [step.title for step in lesson.steps] == [
        "Inspect: vae, epoch 1, batch 5",
        "Inspect: vae, epoch 3",
        "Draw: vae",
    ]
    assert sorted(lesson.drawings) == [NO_DRAWING, "drawing-1.json", "drawing-2.json"]
    for step, view in zip(lesson.steps, (OF_INSPECT, other, replace(OF_DRAW, at=None)), strict=True):
        shown = step.show.applied(View(), "shipped:vae", lesson.drawings[step.show.drawing])
        assert replace(shown, draw=replace(shown.draw, sheets={})) == replace(
            view, draw=replace(view.draw, sheets={})
        )
        assert shown.draw.sheet(INK).to_json() == view.draw.sheet(INK).to_json()
    assert path.read_text().startswith(first.rstrip())
    assert path.read_text().count("<!-- Steps to copy") == 1
    assert (b"\r\n" in path.read_bytes()) is (newline == "\r\n")
    assert path.read_bytes().count(b"\n") == path.read_bytes().count(newline.encode())


def test_a_run_of_ones_own_is_written_as_its_preset_or_told(tmp_path):
    config = preset("softmax").config.replace(seed=7, epochs=3)
    show, unsaid = Show.of(View(run="id:1"), NAMES, NO_DRAWING, config)
    assert (show.preset, show.seed, unsaid) == ("softmax", 7, [])
    assert [*show.items(NAMES)] == ["preset softmax", "seed 7", "drawing blank", "rest usual"]
    assert show.applied(View(), "id:1").next == NextRun.of(preset("softmax").config).replace(seed="7")
    show, unsaid = Show.of(View(run="id:1"), NAMES, NO_DRAWING, config.replace(batch_size=3))
    assert (show.preset, show.run, unsaid) == ("", "", ["run"])


def test_a_run_is_written_by_its_name_in_a_session_and_what_comes_with_it_is_no_loss(tmp_path):
    chosen = {"id:1": RunView(pins=((0.5, 1.0, 3),), box=(0.0, 0.0, 2.0))}
    placed = {
        name: PlacedRun(key, tmp_path, [Position(2)])
        for name, key in {"faces": "id:1", "a, b": "id:2", "other": "id:3"}.items()
    }
    session = LessonSession(View(run="id:3", of_run=chosen), placed)
    names = replace(NAMES, files=["own.cadl"], session=lambda _: session)
    config = preset("softmax").config
    for at, said, told in ((Position(2), ["epoch 2"], []), (Position(1), [], ["epoch"])):
        shown = View(run="id:1", at=at, of_run=chosen)
        show, unsaid = Show.of(shown, names, NO_DRAWING, config, "own.cadl")
        assert [*show.items(names)] == ["run own.cadl/faces", *said, "drawing blank", "rest usual"]
        assert unsaid == told
    _, unsaid = Show.of(View(run="id:1"), names, NO_DRAWING, config, "own.cadl")
    assert unsaid == ["pins", "the part of the plane"], "they come back with the run"
    for key in ("id:2", "id:4"):
        show, unsaid = Show.of(View(run=key), names, NO_DRAWING, None, "own.cadl")
        assert (show.run, unsaid) == ("", ["run"])


def test_a_lesson_with_faults_stays_as_it_is(tmp_path):
    path = tmp_path / "own.lesson.md"
    path.write_text("---\ntitle: T\n---\n## One\nsee:epoch\n")
    with pytest.raises(LessonError, match="line 5"):
        record_step(path, names_beside, VIEW, None, "One")
    assert path.read_text().endswith("## One\nsee:epoch\n")
    assert [*tmp_path.iterdir()] == [path]
