"""Builds cards from the answers about a drawing."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.class_names import class_name, ranked, shown_labels
from cadl_gui.domain.drawing_form import DrawingForm
from cadl_gui.domain.evidence import Evidence
from cadl_gui.domain.formatting import percent_text, signed_text
from cadl_gui.domain.images import to_uint8
from cadl_gui.domain.nearest import NearestImages
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Classify, Encode, FetchSnapshot, Reconstruct, Request
from cadl_gui.engine.run import Run
from cadl_gui.imaging.weights.colour_map import colour_indices, colour_map
from cadl_gui.system.words import _
from cadl_gui.ui.draw.image_cards import Card
from cadl_gui.ui.draw.plane_image import PlaneImage
from cadl_gui.ui.theme.theme import Theme

_Kind = type[Request[Any]]


class _Answer(NamedTuple):
    value: Any
    position: Position
    images: NDArray[np.float32] | None


class RunCards:
    """Builds a card from each run's newest answers, and a second one with the place on a 2-D latent plane.

    Args:
        theme: for the colours of labels.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._answers: dict[str, dict[_Kind, _Answer]] = {}
        self._planes: dict[str, PlaneImage] = {}

    def add(self, run: Run, request: Request[Any], answer: Any, position: Position) -> None:
        """Store an answer in place of an older one of its kind.

        Args:
            request: the request, about one image.
            position: position of the weights that answered.
        """
        if isinstance(request, FetchSnapshot):
            self._planes[run.run_id] = PlaneImage(answer.artifacts)
        else:
            images = getattr(request, "images", None)
            self._answers.setdefault(run.run_id, {})[type(request)] = _Answer(answer, position, images)

    def drop(self, run: Run, kind: _Kind) -> None:
        """Discard an answer of this kind that is no longer valid."""
        self._answers.get(run.run_id, {}).pop(kind, None)

    def clear(self) -> None:
        """Discard all answers about a drawing."""
        self._answers.clear()

    def cards(
        self, runs: tuple[Run, ...], form: DrawingForm, image: NDArray[np.float32] | None
    ) -> list[Card | None]:
        """Return the cards of the runs, those that cannot take the drawing last.

        Args:
            image: the drawing as the networks see it, (height, width, channels).

        Returns:
            Cards, and None for each that is still to come: so none moves when it does.
        """
        cards: list[Card | None] = []
        for run in runs:
            about = run.description
            if form.refusal(about):
                continue
            answers = self._answers.get(run.run_id, {})
            card = _run_card(run, answers) if answers else None
            of_run = [card]
            if about.config.model.is_variational and about.config.model.latent_dim == 2:
                of_run.append(self._plane_card(run, answers.get(Encode)))
            is_old = any(not _is_about(answer, image) for answer in answers.values())
            cards += [each and replace(each, is_old=is_old) for each in of_run]
        return [*cards, *_refusing(runs, form)]

    def _plane_card(self, run: Run, encoded: _Answer | None) -> Card | None:
        plane = self._planes.get(run.run_id)
        if plane is None or encoded is None:
            return None
        latent = encoded.value[0]
        colours = self._theme.colours.plot, self._theme.label_colours(self._theme.background)
        return Card(
            plane.painted(*colours),
            (_("its place"), _latent_text(latent)),
            run=run.letter,
            is_data=False,
            place=plane.place_of(latent),
        )


def reduced_cards(drawn: NDArray[np.float32], seen: NDArray[np.float32]) -> list[Card]:
    """Return a card of a drawing and one of the smaller image that networks get, with its size."""
    height, width, n_channels = seen.shape
    return [
        Card(to_uint8(drawn[..., :n_channels]), (_("image"),)),
        Card(to_uint8(seen), (f"{height}×{width}",)),
    ]


def nearest_cards(nearest: NearestImages, class_names: Sequence[str]) -> list[Card]:
    """Return a card for each of the nearest training images: its class and, beneath, its distance."""
    labels = [None] * len(nearest.images) if nearest.labels is None else nearest.labels.tolist()
    return [
        Card(image, (*(_own_name(label, class_names) or ("",)), f"{distance:.2f}"), label=label)
        for image, label, distance in zip(nearest.images, labels, nearest.distances, strict=True)
    ]


def evidence_cards(evidence: Evidence, colours: str, class_names: Sequence[str]) -> list[Card]:
    """Return a card for each label: the contribution of every pixel to its logit, and the sum.

    All images share one colour scale, symmetric about zero. Of many labels, the most probable are shown.

    Args:
        evidence: contributions of the pixels.
    """
    pixels = evidence.contributions.sum(axis=3)
    limit = float(np.abs(pixels).max())
    logits, sums, biases = evidence.logits, evidence.sums, evidence.biases
    shares = np.exp(logits - logits.max())
    shares /= shares.sum()

    def card(label: int) -> Card:
        # A name needs the whole line; its percentage is beside its bar.
        (head,) = _own_name(label, class_names) or (percent_text(shares[label]),)
        return Card(
            colour_map(colours)[colour_indices(pixels[label], limit)],
            (
                head,
                f"Σ {signed_text(sums[label])}",
                f"b {signed_text(biases[label])}",
                f"= {signed_text(logits[label])}",
            ),
            label=label,
            is_data=False,
        )

    return [card(label) for label in shown_labels(logits)]


def _is_about(answer: _Answer, image: NDArray[np.float32] | None) -> bool:
    return answer.images is None or image is None or np.array_equal(answer.images[0], image)


def _run_card(run: Run, answers: dict[_Kind, _Answer]) -> Card:
    name, class_names = run.description.name, run.description.class_names
    if Classify in answers:
        probabilities = answers[Classify].value[0]
        first, *others = ranked(probabilities).tolist()
        share, answer = percent_text(probabilities[first]), class_name(class_names, first)
        if not others:
            return Card(None, (name, share), answer=answer, run=run.letter)
        runner_up = class_name(class_names, others[0])
        return Card(
            None,
            (name, _("{share}, 2nd: {runner_up}").format(share=share, runner_up=runner_up)),
            share,
            answer=answer,
            run=run.letter,
        )
    image = to_uint8(answers[Reconstruct].value[0]) if Reconstruct in answers else None
    line = brief = ""
    if Encode in answers and answers[Encode].value.shape[1] != 2:
        line = _latent_text(answers[Encode].value[0])
    elif Reconstruct in answers:
        at = answers[Reconstruct].position
        line, brief = str(at), at.in_epoch()
    return Card(image, (name, line), brief, run=run.letter)


def _refusing(runs: tuple[Run, ...], form: DrawingForm) -> list[Card]:
    """Return a card for each reason for which runs do not take the drawing."""
    by_reason: dict[str, list[Run]] = {}
    for run in runs:
        if why_not := form.refusal(run.description):
            by_reason.setdefault(why_not, []).append(run)
    cards = []
    for why_not, refusing in by_reason.items():
        first, *others = refusing
        name = ", ".join(run.letter for run in refusing) if others else first.description.name
        letter = "" if others else first.letter
        cards.append(Card(None, (name,), why_not, refusal=why_not, run=letter))
    return cards


def _own_name(label: int | None, class_names: Sequence[str]) -> tuple[str, ...]:
    """Return the name of a class, unless that is its number, which the badge shows."""
    name = "" if label is None else class_name(class_names, label)
    return (name,) if name and name != str(label) else ()


def _latent_text(latent: NDArray[np.float32]) -> str:
    rounded = [round(float(number), 1) + 0.0 for number in latent[:2]]  # + 0.0: no minus before a zero
    numbers = ", ".join(f"{number:.1f}".replace("-", "−") for number in rounded)
    return f"{numbers}{' …' if len(latent) > 2 else ''}"
