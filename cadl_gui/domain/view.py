"""What the window shows, as one value: it is stored soon after a change, and restored at the next start."""

import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any, Self, get_type_hints

from cadl_gui.domain.bends import LARGEST_FACTOR, WHOLE_UNIT, Bend, Bends, Part
from cadl_gui.domain.drawing import BLANK, Drawing
from cadl_gui.domain.drawing_form import INK, DrawingForm
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.labelled import Labelled
from cadl_gui.domain.latents import check_latents
from cadl_gui.domain.next_run import NextRun
from cadl_gui.domain.position import Position
from cadl_gui.domain.session import Kept
from cadl_gui.system.bounded_json import flag, whole_number
from cadl_gui.system.file_limits import MOST_LATENTS, MOST_PINS

SHIPPED = "shipped:"
"""What a key begins with, of a run or a lesson, that ships; its name follows."""

_MOST_RUNS = 1_000
_MOST_CHOSEN = 200
_MOST_LETTERS = 10_000
_MOST_STEPS = 10**9
_MOST_BENDS = 1_000

SMALLEST_BOX, LARGEST_BOX = 1e-5, 1e6
"""Sides of the part of a latent plane that is in view."""

_DAMAGE = (
    ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError, UserError,
)  # fmt: skip
"""What reading a part raises that this program did not write."""


DRAWN_ANSWER = "drawTab/answer"
"""Name of what a network answers in Draw, as it is covered until the class has guessed."""

Pin = tuple[float, ...]
"""A latent vector followed by its epoch."""

Axes = tuple[str, int, int]
"""What the axes of a latent plane are, and the numbers of the one to the right and the one upwards."""

Square = tuple[float, float, float]
"""Centre and side of a part of a latent plane."""

Zoomed = tuple[float, float, float, int]
"""Magnification of an image, at least 1, what is in the middle, as shares of its width and height, and
its columns; 0 for as many as suit the area."""

Span = tuple[Position | None, Position | None]
"""First and last position of a replay; None stands for those of the run."""


@dataclass(frozen=True)
class DataView:
    """What is chosen in Data.

    Attributes:
        sort: what images are sorted by.
        part: the part of the split that is shown; None for all.
        shows_split: whether the part of each image is shown in colour.
        page: the page beside the images; "" for the first.
        of: name of the dataset that all below is about; "" for whichever is shown.
        label: the class that is shown; None for all.
        predicted: the class that the network takes what is shown for; None for any.
        search: what file names contain.
        image: number of the image that is shown large.
        channel: the channel that statistics show; None for all.
        opened: whether the next run's dataset is shown, opened since the run shown was chosen.
    """

    sort: str = "number"
    part: int | None = None
    shows_split: bool = False
    page: str = ""
    of: str = ""
    label: int | None = None
    predicted: int | None = None
    search: str = ""
    image: int | None = None
    channel: int | None = None
    opened: bool = False

    def about(self, dataset: str) -> Self:
        """Return what is chosen if this dataset is shown, and not the one with the image shown large."""
        if self.of == dataset:
            return self
        if not self.of:
            return replace(self, of=dataset)
        page = "" if self.page == "image" else self.page
        return type(self)(self.sort, self.part, self.shows_split, page, dataset, opened=self.opened)


@dataclass(frozen=True)
class DrawView:
    """What is chosen in Draw.

    Attributes:
        section: the open section; "" for the first.
        is_logarithmic: whether bars go by powers of ten.
        is_normalised: whether ink is normalised as MNIST's digits were.
        noise: how much of the image is corrupted, in percent.
        nearest: key of the autoencoder whose latent vectors are compared with; "" for pixels.
        why_not: the class with which the answer is compared; "" for the second most probable one.
        has_all_evidence: whether the evidence for every class is shown.
        fool_target: the class that a classifier should take the drawing for; "" for the second one.
        sheets: drawings by the key of their form.
        labelled: drawings with the labels that the user gave them, in this order.
        guesses: what the class has guessed that the drawing shows, each a label, in this order.

    Drawings are stored in files of their own.
    """

    section: str = ""
    is_logarithmic: bool = False
    is_normalised: bool = True
    noise: int = 0
    nearest: str = ""
    why_not: str = ""
    has_all_evidence: bool = False
    fool_target: str = ""
    sheets: Mapping[str, Drawing] = field(default_factory=dict)
    labelled: tuple[Labelled, ...] = ()
    guesses: tuple[int, ...] = ()

    def sheet(self, form: DrawingForm) -> Drawing:
        """Return the drawing of a form."""
        return self.sheets.get(form.key, BLANK)

    def with_sheet(self, form: DrawingForm, drawing: Drawing) -> Self:
        """Return what is chosen with a drawing of a form; about other strokes, nobody has guessed yet."""
        before = self.sheet(form)
        is_flipped = drawing.strokes is before.strokes and drawing.image is before.image
        guesses = self.guesses if is_flipped else ()
        return replace(self, sheets={**self.sheets, form.key: drawing}, guesses=guesses)

    def normalised(self, on: bool) -> Self:
        """Return what is chosen with ink normalised or not; flipped pixels were those of another image."""
        ink = replace(self, is_normalised=on)
        sheet = self.sheet(INK)
        return ink.with_sheet(INK, replace(sheet, flips=frozenset())) if sheet.flips else ink


@dataclass(frozen=True)
class TrainView:
    """What is chosen in Train.

    Attributes:
        form: whether the form of the next run is shown.
        accuracy: whether the accuracy of a classifier is plotted, not its loss.
        kl: whether the KL divergence of a variational network is.
        log: whether the loss has a logarithmic axis.
        smoothing: share of the past in the average of the train loss, in twentieths.
    """

    form: bool = True
    accuracy: bool = True
    kl: bool = False
    log: bool = True
    smoothing: int = 0


@dataclass(frozen=True)
class InspectView:
    """What is chosen in Inspect; "" is the usual, or the first.

    Attributes:
        view: the main view.
        layer: name of the layer; a network that has none with this name shows its first.
        unit: number of the image of its weights, input * units + unit, with each colour by itself.
        source: where the image comes from that goes through the network.
        dataset: name of the dataset from which an image was sent; "" for none.
        number: which of its images, of the examples or of the test images it is.
        colour_map: the colours of signed numbers.
        range: which weights share a scale.
        is_sorted: whether the units with the largest weights are first.
        has_own_scale: whether each epoch has a colour scale of its own.
        is_paired: whether the untrained network is shown, too; None if there is room for it.
        is_in_colour: whether red, green and blue are one image.
        shows_statistics: whether the statistics of a unit's weights are open.
        search: the text by which operations are searched.
        speed: place among the speeds of the steps, the slowest is 0.
    """

    view: str = ""
    layer: str = ""
    unit: int = 0
    source: str = ""
    dataset: str = ""
    number: int = 0
    colour_map: str = ""
    range: str = "layer"
    is_sorted: bool = False
    has_own_scale: bool = False
    is_paired: bool | None = None
    is_in_colour: bool = True
    shows_statistics: bool = False
    search: str = ""
    speed: int = 4


@dataclass(frozen=True)
class LatentView:
    """What is chosen in Latent.

    Attributes:
        layers: the layers of the plane; None for the usual.
        path_kind: the kind of path; "" for the usual.
        is_sampled: whether images are at a sample of their posterior, not at its mean.
        is_grid: whether each is in a cell of a grid.
        to_place: name of a dataset, and number of its image that goes where it is encoded; None once it has.
    """

    layers: tuple[str, ...] | None = None
    path_kind: str = ""
    is_sampled: bool = False
    is_grid: bool = False
    to_place: tuple[str, int] | None = None


@dataclass(frozen=True, eq=False)
class Held:
    """A copy of a figure as it was.

    Attributes:
        caption: what it shows.
        image: its picture, as the window has it.
    """

    caption: str
    image: Any


@dataclass(frozen=True)
class FigureView:
    """Which figures fill their page, and which are covered; named as `FigurePanel.bind_to` says.

    Attributes:
        held: the copies beside figures; stored in a file of their own.
        zooms: how images are zoomed, by what they show; those zoomed last are last.
    """

    filling: tuple[str, ...] = ()
    covered: tuple[str, ...] = ()
    held: Mapping[str, Held] = field(default_factory=dict)
    zooms: Mapping[str, Zoomed] = field(default_factory=dict)

    def curtained(self, key: str) -> Self:
        """Return what is chosen with a figure covered or, if it is, uncovered."""
        others = tuple(other for other in self.covered if other != key)
        return replace(self, covered=others if key in self.covered else (*others, key))

    def holding(self, key: str, copy: Held | None) -> Self:
        """Return what is chosen with a copy beside a figure, or with none."""
        others = {other: own for other, own in self.held.items() if other != key}
        return replace(self, held=others if copy is None else others | {key: copy})

    def zoomed(self, key: str, zoom: Zoomed) -> Self:
        """Return what is chosen with another zoom, without the oldest one where they are too many."""
        others = {other: own for other, own in self.zooms.items() if other != key}
        return replace(self, zooms=_last({**others, key: zoom}))


@dataclass(frozen=True)
class LessonView:
    """The lesson that is open, and what a class did in this one and others.

    A lesson is named as its file is, so that answers are found again on another computer.

    Attributes:
        path: where the open lesson lies; “shipped:” and its name where it ships; "" if none is open.
        steps: number of the step, from 0, at which each lesson is, or was left.
        answers: what was answered, by the name of the lesson, “/” and the title of the step.
        done: the steps that are done, named so, too.
        noise, is_normalised: as they were in Draw before the lesson was opened.
    """

    path: str = ""
    steps: Mapping[str, int] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    done: tuple[str, ...] = ()
    noise: int = 0
    is_normalised: bool = True

    def at(self, lesson: str, step: int) -> Self:
        """Return what is chosen with a lesson at another step."""
        return replace(self, steps=_last({**self.steps, lesson: step}))

    def answered(self, step: str, answer: str) -> Self:
        """Return what is chosen with another answer; "" for none."""
        others = {other: own for other, own in self.answers.items() if other != step}
        return replace(self, answers=_last(others | ({step: answer} if answer else {})))

    def with_done(self, step: str) -> Self:
        """Return what is chosen with a step that is done."""
        return self if step in self.done else replace(self, done=(*self.done, step)[-_MOST_CHOSEN:])

    def without(self, lesson: str) -> Self:
        """Return what is chosen with nothing answered and done in a lesson."""
        of = f"{lesson}/"
        answers = {step: answer for step, answer in self.answers.items() if not step.startswith(of)}
        return replace(
            self, answers=answers, done=tuple(each for each in self.done if not each.startswith(of))
        )


def _last(values: Mapping[str, Any]) -> dict[str, Any]:
    return dict([*values.items()][-_MOST_CHOSEN:])


@dataclass(frozen=True)
class RunView:
    """What is chosen for one run: the span of its replay, its bends, and what is shown of its latent space.

    Attributes:
        span: the span of its replay.
        bends: the changes to its network.
        pins: the pins on its plane.
        z: latent vector of the handle; () where it is before it is moved.
        axes: the plane through it; None for the usual.
        box: the part of the plane that is in view; None where it is fitted to the data.
    """

    span: Span = (None, None)
    bends: Bends = ()
    pins: tuple[Pin, ...] = ()
    z: tuple[float, ...] = ()
    axes: Axes | None = None
    box: Square | None = None


@dataclass(frozen=True)
class SessionView:
    """The session that is open.

    Attributes:
        path: the file; "" if none is open.
        kept: which recorded epochs of its runs it holds.
    """

    path: str = ""
    kept: Kept = Kept.ALL


@dataclass(frozen=True)
class View:
    """What is wished to be shown, whether or not it can be shown yet.

    A run's key is `shipped:` and its name, or `id:` and its UUID. Where a run lies is stored beside the view,
    and is no part of it: a view may come from elsewhere.

    Attributes:
        runs: keys of the open runs, in the order of the list.
        run: key of the run shown; "" for any.
        at: the position shown; None for the newest weights.
        compared: keys of the runs compared.
        tab: name of the page shown; "" before one was chosen.
        next: the settings of the next run.
        data, train, draw, inspect, latent: what is chosen in these tabs.
        figure: what is chosen for the figures of all tabs.
        lesson: the lesson that is open.
        of_run: what is chosen for single runs, by key; those chosen last are last.
        recent: keys of the runs shown until now, the last one last; a page shows the last that suits it.
        session: the session that is open.
    """

    runs: tuple[str, ...] = ()
    run: str = ""
    at: Position | None = None
    compared: tuple[str, ...] = ()
    tab: str = ""
    next: NextRun = field(default_factory=NextRun)
    data: DataView = DataView()
    train: TrainView = TrainView()
    draw: DrawView = field(default_factory=DrawView)
    inspect: InspectView = InspectView()
    latent: LatentView = LatentView()
    figure: FigureView = field(default_factory=FigureView)
    lesson: LessonView = field(default_factory=LessonView)
    of_run: Mapping[str, RunView] = field(default_factory=dict)
    recent: tuple[str, ...] = ()
    session: SessionView = SessionView()

    def renamed(self, before: str, after: str) -> Self:
        """Return the view with another key of a run."""

        def key(key: str) -> str:
            return after if key == before else key

        return replace(
            self,
            runs=tuple(map(key, self.runs)),
            run=key(self.run),
            recent=tuple(map(key, self.recent)),
            compared=tuple(map(key, self.compared)),
            draw=replace(self.draw, nearest=key(self.draw.nearest)),
            of_run={key(run): chosen for run, chosen in self.of_run.items()},
        )

    def with_recent(self) -> Self:
        """Return the view with the run shown as the last of those shown until now."""
        if not self.run or self.recent[-1:] == (self.run,):  # as in each event of a drag
            return self
        others = tuple(key for key in self.recent if key != self.run)
        return replace(self, recent=(*others, self.run)[-_MOST_CHOSEN:])

    def chosen(self, key: str) -> RunView:
        """Return what is chosen for a run."""
        return self.of_run.get(key, RunView())

    def with_run(self, key: str, **parts: Any) -> Mapping[str, RunView]:
        """Return `of_run` with other parts for one run, without the oldest run where they are too many."""
        others = {other: view for other, view in self.of_run.items() if other != key}
        chosen = replace(self.chosen(key), **parts)
        own = {key: chosen} if chosen != RunView() else {}
        return dict([*others.items(), *own.items()][-_MOST_CHOSEN:])

    @property
    def is_guessing(self) -> bool:
        """Whether the answer about the drawing is covered, while the class guesses."""
        return DRAWN_ANSWER in self.figure.covered

    def to_json(self) -> dict[str, Any]:
        """Return a representation that can be written as JSON, without the drawings and held copies."""
        draw, figure = replace(self.draw, sheets={}, labelled=()), replace(self.figure, held={})
        return asdict(replace(self, draw=draw, figure=figure)) | {"next": self.next.to_json()}

    @classmethod
    def from_json(cls, values: Any, report: Callable[[Exception], None]) -> Self:
        """Return the view that JSON describes; unknown keys are ignored.

        Args:
            report: told of each part that is not of its type or within its bounds; it is as at a first start.
        """
        parts = {}
        if not isinstance(values, dict):
            report(TypeError(f"Expected an object. Received: {type(values).__name__}"))
            return cls()
        for name, read in (_READ | {"next": partial(NextRun.from_json, report=report)}).items():
            try:
                if name in values:
                    parts[name] = read(values[name])
            except _DAMAGE as error:
                report(ValueError(f"“{name}”: {error}"))
        return cls(**parts)


def read_texts(values: Mapping[str, Any], name: str, report: Callable[[Exception], None]) -> dict[str, str]:
    """Return what is stored beside a view of its runs, such as “paths”, by key; see `View.from_json`."""
    try:
        texts = values.get(name, {})
        return dict(zip(_texts([*texts]), _texts([*texts.values()]), strict=True))
    except _DAMAGE as error:
        report(ValueError(f"“{name}”: {error}"))
        return {}


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _MOST_LETTERS or b"\0" in os.fsencode(value):
        raise ValueError("not a name")
    return value


def _texts(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list | tuple) or len(values) > _MOST_RUNS:
        raise ValueError("not a list of names")
    return tuple(map(_text, values))


def read_position(value: Any) -> Position | None:
    """Return the position that two whole numbers in JSON stand for, or None for null.

    Raises:
        TypeError: if the value is no sequence.
        ValueError: if it has not two whole numbers, or one is out of range.
    """
    if value is None:
        return None
    epoch, step = value
    if not all(type(number) is int and 0 <= number <= _MOST_STEPS for number in (epoch, step)):
        raise ValueError("not a position")
    return Position(epoch, step)


def _or_none(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return what reads null, too."""
    return lambda value: None if value is None else read(value)


_number = partial(whole_number, least=0, most=_MOST_STEPS)
_percent = partial(whole_number, least=0, most=100)


def _span(value: Any) -> Span:
    start, end = value
    return read_position(start), read_position(end)


def _pins(values: Any) -> tuple[Pin, ...]:
    """Return pins if they make a valid path, each with an epoch."""
    pins = tuple((*_latent(pin[:-1]), pin[-1]) for pin in values)
    if not all(type(pin[-1]) is int and 0 <= pin[-1] <= _MOST_STEPS for pin in pins):
        raise ValueError("not epochs")
    if pins:
        check_latents([pin[:-1] for pin in pins], MOST_PINS)
    return pins


def _guesses(values: Any) -> tuple[int, ...]:
    return tuple(map(_number, values[-_MOST_RUNS:]))


def _latent(values: Any) -> tuple[float, ...]:
    latent = tuple(map(float, values))
    if latent:
        check_latents([latent], 1)
    return latent


def _axes(value: Any) -> Axes:
    kind, first, second = value
    if not all(type(axis) is int and 0 <= axis < MOST_LATENTS for axis in (first, second)) or first == second:
        raise ValueError("not two axes")
    return _text(kind), first, second


def _image(value: Any) -> tuple[str, int]:
    dataset, number = value
    return _text(dataset), _number(number)


def read_square(value: Any) -> Square:
    """Return the part of a plane that three numbers stand for: its centre and its side.

    Raises:
        ValueError: if there are not three, or one is out of range.
    """
    z0, z1, side = _latent(value)
    if not SMALLEST_BOX <= side <= LARGEST_BOX:
        raise ValueError("not a part of a plane")
    return z0, z1, side


def _zoomed(value: Any) -> Zoomed:
    factor, x, y, columns = value
    if not (1 <= factor <= LARGEST_BOX and 0 <= x <= 1 and 0 <= y <= 1):
        raise ValueError("not a zoom")
    return float(factor), float(x), float(y), _number(columns)


def _by_key(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return what reads values by their keys, the last ones if they are too many."""
    return lambda values: {_text(key): read(value) for key, value in [*values.items()][-_MOST_CHOSEN:]}


_KINDS: dict[Any, Callable[[Any], Any]] = {
    str: _text,
    tuple[str, ...]: _texts,
    bool: flag,
    int: _number,
    bool | None: _or_none(flag),
    int | None: _or_none(_number),
    tuple[str, ...] | None: _or_none(_texts),
}
"""What reads a member of a part, by its type; for others, and narrower bounds, see `_part`."""


def _part(part: type, **members: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return what reads a part of the view from its object in JSON."""
    read = {name: members.get(name) or _KINDS[kind] for name, kind in get_type_hints(part).items()}
    return lambda values: part(**{name: read[name](value) for name, value in values.items() if name in read})


def _bends(values: Any) -> Bends:
    bends = tuple(
        Bend(_bent_part(value["part"]), _bent_part(value["origin"]), float(value["factor"]))
        for value in values
    )
    is_valid = all(abs(bend.factor) <= LARGEST_FACTOR for bend in bends)
    if not is_valid or len({bend.part for bend in bends}) < len(bends) or len(bends) > _MOST_BENDS:
        raise ValueError("not bends")
    return tuple(sorted(bends))


def _bent_part(value: Any) -> Part:
    unit, source = value["unit"], value["source"]
    bounds = ((unit, 0), (source, WHOLE_UNIT))
    if not all(type(index) is int and least <= index <= _MOST_STEPS for index, least in bounds):
        raise ValueError("not a part of a network")
    return Part(_text(value["layer"]), unit, source)


_read_of_run = _part(
    RunView, span=_span, bends=_bends, pins=_pins, z=_latent, axes=_or_none(_axes), box=_or_none(read_square)
)

_READ: dict[str, Callable[[Any], Any]] = {
    "runs": _texts,
    "run": _text,
    "at": read_position,
    "recent": _texts,
    "compared": _texts,
    "tab": _text,
    "data": _part(DataView),
    "train": _part(TrainView),
    "draw": _part(DrawView, noise=_percent, sheets=lambda _: {}, labelled=lambda _: (), guesses=_guesses),
    "inspect": _part(InspectView),
    "figure": _part(FigureView, held=lambda _: {}, zooms=_by_key(_zoomed)),
    "lesson": _part(LessonView, steps=_by_key(_number), answers=_by_key(_text), noise=_percent),
    "latent": _part(LatentView, to_place=_or_none(_image)),
    "of_run": _by_key(_read_of_run),
    "session": _part(SessionView, kept=Kept),
}
