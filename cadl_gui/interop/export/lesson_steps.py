"""The steps of a lesson on a web page: their texts, and what each of them shows on it."""

import json
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.drawing import Drawing
from cadl_gui.domain.drawing_form import INK
from cadl_gui.domain.lesson import Step
from cadl_gui.domain.lesson_block import Condition, Question
from cadl_gui.domain.page_lesson import PageLesson, StepTexts, run_name
from cadl_gui.domain.position import Position
from cadl_gui.domain.run import RunDescription
from cadl_gui.domain.view import View
from cadl_gui.imaging.drawing.normalisation import normalise_drawing

_PEN = 0.08
"""Width of a page's pen, as in `drawing.js`."""

SECTIONS = {"evidence": "Why", "history": "When did it get it?", "nearest": "Nearest"}
"""Titles of the sections of Draw that a page lacks."""

_OF_NETWORK = frozenset({"epoch", "prediction", "fooled within", "layer"})
_CHECKED = _OF_NETWORK | {"drawn", "answered"}
"""The conditions that a page can evaluate; the first ones need the network of their step."""


def images_of(lesson: PageLesson) -> NDArray[np.float32]:
    """Return the drawings of a lesson as networks see them, (n, 28, 28, 1); those without ink are black."""
    images = [_image(drawing) for drawing in lesson.drawings]
    return np.stack(images) if images else np.zeros((0, *INK.shape), np.float32)


def _image(drawing: Drawing) -> NDArray[np.float32]:
    stages = normalise_drawing(drawing)
    image = np.zeros(INK.shape, np.float32) if stages.is_empty else stages.centred.reshape(INK.shape).copy()
    for pixel in drawing.flips:
        image[pixel] = 1 - image[pixel]
    return image


def lesson_html(
    lesson: PageLesson, runs: Sequence[tuple[RunDescription, Sequence[Position]]], first_image: int
) -> str:
    """Return the panel of a lesson, and the block that says what its steps show.

    Args:
        runs: descriptions of the networks of the page, with the positions at which it has them.
        first_image: where its drawings begin among the page's digits.
    """
    blocks, sections = [], []
    view, network = View(), 0 if runs else None
    for step, texts in zip(lesson.lesson.steps, lesson.texts, strict=True):
        show = step.show
        key = view.run
        if show.run or show.preset:
            network = lesson.network_of(show, [about for about, _ in runs])
            key = run_name(show)
        view = lesson.lesson.shown(show, view, key)
        about, positions = (None, ()) if network is None else runs[network]
        place, missing = _place(view, about)
        if about is None:
            missing = [f"the network {run_name(show) if show.run or show.preset else view.run}", *missing]
        elif view.at is not None and view.at not in positions:
            missing.append(about.position_text(view.at))
        chosen = view.chosen(key).z if place == "plane" else ()
        drawing = view.draw.sheet(INK)
        blocks.append(
            {
                "network": network,
                "at": view.at if view.at in positions else None,
                "place": place,
                "z": chosen or None,
                "drawing": _number(drawing, lesson.drawings) if show.drawing or show.session else None,
                "target": view.draw.fool_target or None,
                "layer": view.inspect.layer or None,
                "question": None if step.ask is None else _question(step.ask),
                "check": _checks(step.check, about),
            }
        )
        sections.append(_section(step, texts, missing, len(sections)))
    data = {
        "drawings": [
            {"strokes": _strokes(drawing), "image": first_image + i}
            for i, drawing in enumerate(lesson.drawings)
        ],
        "firstImage": first_image,
        "steps": blocks,
    }
    packed = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
    title, language = escape(lesson.lesson.title), escape(lesson.lesson.language)
    return (
        f'<section id="lesson" lang="{language}" aria-labelledby="lesson-title" hidden>\n'
        f'<p id="lesson-title" class="secondary name">{title}</p>\n'
        + "\n".join(sections)
        + f'\n</section>\n<script id="steps" type="application/json">{packed}</script>\n'
    )


def _section(step: Step, texts: StepTexts, missing: Sequence[str], number: int) -> str:
    parts = [f'<h2 tabindex="-1">{escape(step.title)}</h2>', f'<div class="prose">{texts.prose}</div>']
    if missing:
        parts.append(f'<p class="secondary">In the app: {escape(", ".join(missing))}.</p>')
    if texts.question:
        parts.append(f'<p class="question" id="question-{number}"><b>{texts.question}</b></p>')
    if texts.hint:
        parts.append(f'<p class="hint" role="status" hidden>{texts.hint}</p>')
    return f'<article class="step" hidden>{"".join(parts)}</article>'


def _place(view: View, about: RunDescription | None) -> tuple[str | None, list[str]]:
    """Return the part of the page that shows what the tab of a step does, and what of it no part does."""
    place, missing = _PLACES.get(view.tab, _in_draw)(view, about)
    return (place, missing) if about is not None or place == "draw" else (None, missing)


def _in_draw(view: View, about: RunDescription | None) -> tuple[str | None, list[str]]:
    draw, missing = view.draw, []
    if draw.section in SECTIONS:
        missing.append(f"the section {SECTIONS[draw.section]}")
    if draw.noise:
        missing.append(f"{draw.noise} % noise")
    if not draw.is_normalised:
        missing.append("ink that is not normalised")
    if view.is_guessing:
        missing.append("an answer that is covered first")
    is_fooled = draw.section == "fool" and about is not None and about.config.model.is_classifier
    return "fool" if is_fooled else "draw", missing


def _in_latent(view: View, about: RunDescription | None) -> tuple[str | None, list[str]]:
    if about is None or about.config.model.is_classifier or about.spec.latent_dim != len(_PLANE):
        return None, ["the tab Latent"]
    layers = view.latent.layers
    return "plane", ["the dots of the images"] if layers is None or "points" in layers else []


def _in_inspect(view: View, about: RunDescription | None) -> tuple[str | None, list[str]]:
    shown = view.inspect.view or _VIEWS[0]
    of_layer = f" of {view.inspect.layer}" if view.inspect.layer else ""
    if shown != _VIEWS[0]:
        return None, [f"the {shown}{of_layer} in the tab Inspect"]
    return "weights", ["those before training"] if view.inspect.is_paired else []


def _in_other(tab: str, place: str | None) -> "_Placing":
    return lambda *_: (place, [f"the tab {tab}"])


_Placing = Callable[[View, RunDescription | None], tuple[str | None, list[str]]]
_PLANE = ("z0", "z1")
_VIEWS = ("weights", "activations", "arithmetic")
_PLACES: Mapping[str, _Placing] = {
    "dataTab": _in_other("Data", None),
    "trainTab": _in_other("Train", "time"),
    "drawTab": _in_draw,
    "latentTab": _in_latent,
    "inspectTab": _in_inspect,
}


def _number(drawing: Drawing, drawings: Sequence[Drawing]) -> int | None:
    return next((i for i, each in enumerate(drawings) if each is drawing), None)


def _strokes(drawing: Drawing) -> list[list[list[float]]] | None:
    """The strokes of a drawing; None if the pen of a page cannot draw it again."""
    is_plain = all(stroke.width == _PEN and not stroke.erases for stroke in drawing.strokes)
    if drawing.image is not None or drawing.flips or not is_plain:
        return None
    return [[[round(number, 4) for number in point] for point in stroke.points] for stroke in drawing.strokes]


def _question(question: Question) -> dict[str, Any]:
    return {
        "choices": question.choices,
        "answer": question.answer,
        "isNumber": question.is_number,
        "number": question.number,
        "tolerance": question.tolerance,
        "solution": question.solution,
    }


def _checks(check: Sequence[Condition], about: RunDescription | None) -> list[list[Any]]:
    """The conditions of a step; none if the page cannot evaluate all of them."""
    can_be = all(
        condition.word in _CHECKED
        and (about is not None or (condition.word not in _OF_NETWORK and not _is_read(condition)))
        for condition in check
    )
    return [[each.word, each.comparison, each.value] for each in check] if can_be else []


def _is_read(condition: Condition) -> bool:
    """Whether a network has to read what is drawn."""
    return condition.word == "drawn" and bool(condition.value)
