"""The steps of a lesson on a web page: their texts, and what each of them shows on it."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from html import escape

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.drawing import Drawing
from cadl_gui.domain.drawing_form import INK
from cadl_gui.domain.lesson import Step
from cadl_gui.domain.page_lesson import PageLesson
from cadl_gui.domain.position import Position
from cadl_gui.domain.run import RunDescription
from cadl_gui.domain.view import View
from cadl_gui.imaging.drawing.ink import rasterised
from cadl_gui.imaging.drawing.seen import see

_PEN = 0.08
"""Width of a page's pen, as in `drawing.js`."""

_PLANE_DIM = 2
_WEIGHTS = "weights"
_LACKS_SECTION = {
    "evidence": "the evidence for each class",
    "history": "the answers over time",
    "nearest": "the nearest images",
}
"""The sections of Draw that a page lacks."""


def images_of(lesson: PageLesson) -> NDArray[np.float32]:
    """Return the drawings of a lesson as networks see them, (n, 28, 28, 1); those without ink are black."""
    return np.array([_image(drawing) for drawing in lesson.drawings], np.float32).reshape(-1, *INK.shape)


def _image(drawing: Drawing) -> NDArray[np.float32]:
    raster = partial(rasterised, drawing)
    image = see(INK, drawing, raster, is_normalised=True, noise=0.0, corruption="").image
    return np.zeros(INK.shape, np.float32) if image is None else image


def lesson_html(
    lesson: PageLesson, runs: Sequence[tuple[RunDescription, Sequence[Position]]], first_image: int
) -> str:
    """Return the panel of a lesson, and the block that says what its steps show.

    Args:
        runs: descriptions of the networks of the page, with the positions at which it has them.
        first_image: where its drawings begin among the page's digits.
    """
    steps, articles = [], []
    view, network = View(), 0 if runs else None
    for step in lesson.lesson.steps:
        key = view.run
        if step.show.run or step.show.preset:
            network = lesson.network_of(step.show, [about for about, _ in runs])
            key = step.show.run or f"run of {step.show.preset} that you train"
        view = lesson.lesson.shown(step.show, view, key)
        about, positions = (None, ()) if network is None else runs[network]
        place, lacking = _place(view, about)
        if about is None:
            lacking.insert(0, f"the {key}" if step.show.preset else f"the network {key}")
        elif view.at is not None and view.at not in positions:
            lacking.insert(0, f"this network at {about.position_text(view.at)}")
        drawing = view.draw.sheet(INK)
        is_drawn = step.show.drawing or step.show.session
        steps.append(
            {
                "network": network,
                "at": view.at if view.at in positions else None,
                "place": place,
                "z": view.chosen(key).z if place == "plane" else (),
                "drawing": next(i for i, each in enumerate(lesson.drawings) if each is drawing)
                if is_drawn
                else None,
                "target": view.draw.fool_target,
                "layer": view.inspect.layer,
                "question": step.ask and asdict(step.ask) | {"solution": step.ask.solution},
            }
        )
        articles.append(_article(lesson, step, lacking))
    drawings = [
        {"strokes": _strokes(drawing), "image": None if drawing.is_blank else first_image + i}
        for i, drawing in enumerate(lesson.drawings)
    ]
    data = json.dumps({"drawings": drawings, "steps": steps}, separators=(",", ":")).replace("<", "\\u003c")
    language = f'lang="{escape(lesson.lesson.language)}" dir="auto"'
    return (
        '<section id="lesson" aria-label="Lesson" hidden>\n<details open>\n<summary>'
        '<span id="step-number"></span></summary>\n<div class="text" tabindex="0" role="group" '
        f'aria-label="The step" aria-live="polite">\n<p class="secondary name" {language}>'
        f"{escape(lesson.lesson.title)}</p>\n"
        + "\n".join(f'<article class="step" {language} hidden>{article}</article>' for article in articles)
        + f'\n</div>\n</details>\n</section>\n<script id="steps" type="application/json">{data}</script>'
    )


def _article(lesson: PageLesson, step: Step, lacking: Sequence[str]) -> str:
    """Return what a class reads in a step, and in a sentence what of it the page cannot show."""
    prose, question, hint = lesson.texts(step)
    parts = [f"<h2>{escape(step.title)}</h2>", f'<div class="prose">{prose}</div>']
    if lacking:
        listed = escape(", ".join(lacking))
        parts.append(f'<p class="secondary" lang="en">Not on this page, but in CADL: {listed}.</p>')
    if question:
        parts.append(f'<p class="question"><b>{question}</b></p>')
    if hint:
        parts.append(f'<p class="hint" hidden>{hint}</p>')
    return "".join(parts)


def _place(view: View, about: RunDescription | None) -> tuple[str, list[str]]:
    """Return the part of the page that shows what a step does, or "", and what of it no part shows."""
    match view.tab:
        case "dataTab":
            return "", ["the tab Data"]
        case "trainTab":
            return "time", ["the tab Train"]
        case "latentTab":
            layers = view.latent.layers
            dots = ["the dots of the images"] if layers is None or "points" in layers else []
            has_plane = about is not None and about.spec.latent_dim == _PLANE_DIM
            return ("plane", dots) if has_plane else ("", ["the tab Latent"])
        case "inspectTab":
            shown, of = view.inspect.view or _WEIGHTS, view.inspect.layer and f" of {view.inspect.layer}"
            if shown != _WEIGHTS or about is None:
                return "", [f"the {shown}{of} in the tab Inspect"]
            return "weights", ["the weights before training"] if view.inspect.is_paired else []
    draw = view.draw
    lacks = {
        _LACKS_SECTION.get(draw.section, ""): draw.section in _LACKS_SECTION,
        f"{draw.noise} % noise": draw.noise > 0,
        "ink that is not normalised": not draw.is_normalised,
        "an answer that is covered first": view.is_guessing,
    }
    fools = draw.section == "fool" and about is not None and about.config.model.is_classifier
    return "fool" if fools else "draw", [what for what, is_so in lacks.items() if is_so]


def _strokes(drawing: Drawing) -> list[list[dict[str, float]]]:
    """The strokes of a drawing, to go on with; none if the pen of a page cannot draw them again."""
    is_plain = all(stroke.width == _PEN and not stroke.erases for stroke in drawing.strokes)
    if drawing.image is not None or drawing.flips or not is_plain:
        return []
    return [
        [{name: round(number, 4) for name, number in point._asdict().items()} for point in stroke.points]
        for stroke in drawing.strokes
    ]
