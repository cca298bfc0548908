"""What a step of a lesson declares: what is shown, what is asked, and when the step is done.

Everything is a value that names things; nothing in a lesson is executed.
"""

import math
import operator
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple, Self, get_type_hints

from cadl_gui.domain.configuration import FIELDS, RunConfig
from cadl_gui.domain.drawing import Drawing
from cadl_gui.domain.drawing_form import INK
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.latents import check_latents
from cadl_gui.domain.next_run import NextRun
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import PRESETS
from cadl_gui.domain.session import SUFFIX as SESSION_SUFFIX
from cadl_gui.domain.view import (
    SHIPPED,
    DataView,
    DrawView,
    FigureView,
    InspectView,
    LatentView,
    Square,
    TrainView,
    View,
    read_square,
)
from cadl_gui.system.words import _

_PARTS: Mapping[str, type] = {
    "data": DataView, "train": TrainView, "draw": DrawView,
    "inspect": InspectView, "latent": LatentView, "figure": FigureView,
}  # fmt: skip
_MOST_EPOCHS = 10_000
NO_DRAWING = "blank"
_UNTRAINED, _LATEST = "untrained", "latest"
_FLAGS = {"on": True, "off": False}
_REST, _USUAL = "rest", "usual"


class PlacedRun(NamedTuple):
    """A run that a step names.

    Attributes:
        key: its key in a view.
        path: its folder or checkpoint.
        kept: the positions whose weights it has; () if they are not known.
    """

    key: str
    path: Path
    kept: Collection[Position] = ()


@dataclass(frozen=True)
class LessonSession:
    """A session in the folder of a lesson.

    Attributes:
        view: what it shows, without paths.
        runs: its runs, by name.
    """

    view: View
    runs: Mapping[str, PlacedRun]

    @property
    def shown(self) -> str:
        """Name of the run that it shows; "" for none."""
        return next((name for name, run in self.runs.items() if run.key == self.view.run), "")

    def over(self, view: View) -> View:
        """Return what it shows in the window of a class, whose corrected drawings stay."""
        draw = replace(
            self.view.draw,
            sheets={**view.draw.sheets, **self.view.draw.sheets},
            labelled=view.draw.labelled,
        )
        own = {name: getattr(view, name) for name in ("runs", "recent", "lesson", "session")}
        return replace(self.view, **own, draw=draw, of_run={**view.of_run, **self.view.of_run})


def _unopened(file: str) -> LessonSession:
    raise UserError(_("“{file}” cannot be opened here.").format(file=file))


@dataclass(frozen=True)
class Names:
    """The names that the program knows, by which a lesson may call things.

    Attributes:
        tabs: objectNames of the tabs by their titles.
        actions: keys of the actions.
        controls: objectNames of what stands in the window.
        runs: names of the runs that a step may show, with the positions whose weights they have.
        files: names of the files that lie beside the lesson.
        session: opens a session among them; raises `UserError` if that fails.
        former: names by which something was called before, with its name now.
    """

    tabs: Mapping[str, str] = field(default_factory=dict)
    actions: Collection[str] = ()
    controls: Collection[str] = ()
    runs: Mapping[str, Collection[Position]] = field(default_factory=dict)
    files: Collection[str] = ()
    session: Callable[[str], LessonSession] = _unopened
    former: Mapping[str, str] = field(default_factory=dict)

    @property
    def sessions(self) -> Collection[str]:
        """Names of the sessions that lie beside the lesson."""
        return [name for name in self.files if name.endswith(SESSION_SUFFIX)]

    def runs_like(self, run: str) -> Mapping[str, Collection[Position]]:
        """Return those of `runs`, or the runs of a session where a name has its file, as “faces.cadl/vae”.

        Raises:
            ValueError: if there is no such file.
            UserError: if it cannot be opened.
        """
        file, is_inside, _ = run.partition("/")
        if not is_inside:
            return self.runs
        session = self.session(require(file, self.sessions))
        return {f"{file}/{name}": placed.kept for name, placed in session.runs.items()}


@dataclass(frozen=True)
class Show:
    """What a step shows. What it does not name stays as it is; figures are then neither large nor covered.

    Where it names a session, what it does not name is as there.

    Attributes:
        tab: objectName of the tab; "" for the one shown.
        session: name of the file of a session; "" for none.
        run: name of the run, after that of its session and “/” if it is of one; "" for the one shown.
        preset: the preset whose run is trained for the step; "" for none.
        seed: its seed.
        at: the position; None for the newest weights.
        z: latent vector of the handle; () for where it is.
        plane: the part of the latent plane in view; None for the one there is or, with `is_usual`, all of it.
        drawing: name of the file of the drawing; “blank” for none, "" for the one there is.
        members: members of the parts of a view, by names such as “inspect.layer”.
        is_usual: whether the other members that a step may name are as at a first start.
    """

    tab: str = ""
    session: str = ""
    run: str = ""
    preset: str = ""
    seed: int = 1
    at: Position | None = None
    z: tuple[float, ...] = ()
    plane: Square | None = None
    drawing: str = ""
    members: tuple[tuple[str, Any], ...] = ()
    is_usual: bool = False

    @classmethod
    def of(
        cls, view: View, names: Names, drawing: str, config: RunConfig | None = None, session: str = ""
    ) -> tuple[Self, list[str]]:
        """Return what shows a view again, and what of the view no step can say, in words.

        Args:
            drawing: name of the file that has the drawing; “blank” for none.
            config: the configuration of the run shown, which a preset may stand for; None if it ships.
            session: name of the file beside the lesson that has the run shown; "" for none.
        """
        run, preset, seed, usual_view = view.run.removeprefix(SHIPPED), "", 1, View()
        if session:
            beside = names.session(session)
            run = next((f"{session}/{name}" for name, its in beside.runs.items() if its.key == view.run), run)
            usual_view = View(of_run=beside.view.of_run)
        elif config is not None and config.preset in PRESETS:
            of_preset = PRESETS[config.preset].config.replace(
                seed=config.training.seed, epochs=config.training.epochs
            )
            preset, seed = (config.preset, config.training.seed) if of_preset == config else ("", 1)
        members = {path: _member(view, path) for path in _NAMED}
        chosen, usual_box = view.chosen(view.run), usual_view.chosen(view.run).box
        show = cls(
            tab=view.tab,
            run="" if preset else run,
            preset=preset,
            seed=seed,
            at=view.at,
            z=chosen.z,
            plane=chosen.box if chosen.axes is None and chosen.box != usual_box else None,
            drawing=drawing,
            members=tuple((path, value) for path, value in members.items() if value != _member(View(), path)),
            is_usual=True,
        )
        as_shown = replace(usual_view, run=view.run)
        unsaid = [name for name, part in _UNSAID.items() if part(view) != part(as_shown)]
        unsaid += [_PART_OF_PLANE] if usual_box and not chosen.box else []  # it comes with the run
        for word, (member, form) in _WORDS.items():
            value = getattr(show, member)
            usual = getattr(Show(), member)
            if value != usual and not show._says(word, form.write(value, names), value, names):
                show, unsaid = replace(show, **{member: usual}), [*unsaid, word]
        lost = [each for each in show.members if not show._says(each[0], _written(each[1]), each[1], names)]
        kept = tuple(each for each in show.members if each not in lost)
        return replace(show, members=kept), [*unsaid, *(_NAMED[path] for path, _ in lost)]

    def items(self, names: Names) -> Iterator[str]:
        """Return what `read_show` reads as this, such as “run vae” and “epoch 3”."""
        for word, (member, form) in _WORDS.items():
            value = getattr(self, member)
            if value != getattr(Show(), member) and word != _REST:
                yield f"{word} {form.write(value, names)}"
        for path, value in self.members:
            yield f"{_NAMED[path]} {_written(value)}".strip()
        if self.is_usual:
            yield f"{_REST} {_USUAL}"

    def _says(self, word: str, text: str, value: Any, names: Names) -> bool:
        """Return whether a value is read again as it is written, of the run that this shows."""
        item = f"{_NAMED.get(word, word)} {text}"
        try:
            item.encode()
            show = read_show(f"run {self.run}, {item}" if self.run else item, names)
        except (ValueError, UserError):
            return False
        read = getattr(show, _WORDS[word][0]) if word in _WORDS else dict(show.members)[word]
        return read == value and not {*"\r\n,"} & {*item}

    @property
    def config(self) -> RunConfig | None:
        """The configuration of the run of its preset; None if it names none."""
        return PRESETS[self.preset].config.replace(seed=self.seed) if self.preset else None

    def applied(self, view: View, key: str, drawing: Drawing | None = None) -> View:
        """Return a view that shows this; the next run is then that of its preset.

        Args:
            drawing: the drawing that it names; None for the one there is.
        """
        parts: dict[str, dict[str, Any]] = {}
        if not self.session:
            parts["figure"] = {"filling": (), "covered": ()}
        usual = [(path, _member(View(), path)) for path in _NAMED] if self.is_usual else []
        for name, value in (*usual, *self.members):
            part, member = name.split(".")
            parts.setdefault(part, {})[member] = value
        if drawing is not None:
            parts.setdefault("draw", {})["sheets"] = view.draw.with_sheet(INK, drawing).sheets
        if "data" in parts:
            parts["data"]["of"] = ""  # whichever dataset is shown
        chosen = {part: replace(getattr(view, part), **members) for part, members in parts.items()}
        chosen_of_run: dict[str, Any] = {"z": self.z} if self.z else {}
        is_whole = self.is_usual and self.tab == "latentTab" and "/" not in self.run
        if self.plane or is_whole:  # that of a session comes with its run
            chosen_of_run["box"] = self.plane
        return replace(
            view,
            tab=self.tab or view.tab,
            run=key,
            at=self.at,
            next=view.next if self.config is None else NextRun.of(self.config),
            of_run=view.with_run(key, **chosen_of_run) if chosen_of_run else view.of_run,
            **chosen,
        )


@dataclass(frozen=True)
class Question:
    """What a class predicts before it sees.

    Attributes:
        text: the question.
        choices: the answers offered; () for a number or free text.
        answer: the right one, if there is one.
        number: the right number; None if any will do, or text is asked for.
        tolerance: how far a number may be off.
        is_number: whether a number is asked for.
    """

    text: str
    choices: tuple[str, ...] = ()
    answer: str = ""
    is_number: bool = False
    number: float | None = None
    tolerance: float = 0.0

    def takes(self, answer: str) -> bool:
        """Return whether this is an answer at all: where a number is asked for, whether it is one."""
        with suppress(ValueError):
            return not self.is_number or math.isfinite(_number(_said(answer).replace(",", "")))
        return False

    def is_right(self, answer: str) -> bool | None:
        """Return whether an answer is right; None if there is no right one."""
        if self.is_number:
            answer = _said(answer)
            if _THOUSANDS.fullmatch(answer.strip()) and self.number == _number(answer.replace(",", "")):
                return True
            try:  # many a class writes a decimal comma
                number = _number(answer.replace(",", "."))
                return None if self.number is None else abs(number - self.number) <= self.tolerance
            except ValueError:
                return False
        return answer.strip().casefold() == self.answer.casefold() if self.answer else None

    def off(self, answer: str) -> str:
        """Return what is said of a wrong answer, which may be given again."""
        with suppress(ValueError):
            if self.number is not None:
                number = _number(_said(answer).replace(",", "."))
                return _("Too low.") if number < self.number else _("Too high.")
        return _("Not quite.")

    @property
    def right(self) -> str:
        """The right answer, with its tolerance; "" if there is none."""
        if self.number is None:
            return self.answer
        return f"{self.number:.15g}" + (f" ± {self.tolerance:.15g}" if self.tolerance else "")

    @property
    def solution(self) -> str:
        """The right answer as a class is told; a tolerance would read like an error of measurement."""
        return (
            _("about {number:g}").format(number=self.number)
            if self.number is not None and self.tolerance
            else self.right
        )


@dataclass(frozen=True)
class Condition:
    """Something about the window or the run that holds or not, such as “epoch >= 3”.

    Attributes:
        word: one of `CONDITIONS`.
        comparison: one of `COMPARISONS`, or "".
        value: a number, a name, or "" for any.
    """

    word: str
    comparison: str = ""
    value: float | str = ""

    def holds(self, facts: "Facts") -> bool:
        """Return whether it holds now; a number that there is none of holds no condition."""
        if self.word in _NUMBERS:
            number = facts.numbers.get(self.word)
            compare = COMPARISONS[self.comparison]
            return number is not None and compare(number, float(self.value))
        names = facts.names.get(self.word, ())
        return str(self.value) in names if self.value else bool(names)


@dataclass(frozen=True)
class Facts:
    """What conditions are about, by their words.

    Attributes:
        numbers: numbers, such as the epoch shown.
        names: all names that hold, such as the fields of the next run that were changed.
    """

    numbers: Mapping[str, float] = field(default_factory=dict)
    names: Mapping[str, Collection[str]] = field(default_factory=dict)


COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "=": operator.eq,
}  # fmt: skip

_NUMBERS = ("epoch", "val_accuracy", "val_loss", "pins", "fooled within", "labelled")
"""Conditions on a number. “fooled within 5” is short for “fooled within <= 5”."""

_NAMES = ("drawn", "prediction", "changed", "layer", "tab", "run", "trained", "answered")
"""Conditions on a name, which may be left out where any will do."""

_NEED_NAME = frozenset({"prediction", "layer", "tab", "run", "changed"})
CONDITIONS = (*_NUMBERS, *_NAMES)

_ONE_NUMBER = re.compile(r"[^\d.,+−-]*([+−-]?[\d.,]*\d)[^\d]*")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+")

_COMPARED = re.compile(rf"(?P<word>{'|'.join(_NUMBERS)})\s*(?P<sign>>=|<=|=|>|<|)\s*(?P<number>.+)")


def unknown(word: str, known: Collection[str]) -> str:
    """Return the sentence about a name that nothing has, with the nearest one that something has."""
    nearest = get_close_matches(word, [*known], 1, 0.5)
    few = ", ".join(sorted(known)) if len(known) <= len(CONDITIONS) else ""
    more = (
        _(" Did you mean “{first}”?").format(first=nearest[0])
        if nearest
        else _(" Known are {few}.").format(few=few)
        if few
        else ""
    )
    return _("“{word}” is not known here.{more}").format(word=word, more=more)


def require(word: str, known: Collection[str]) -> str:
    """Return a name that something has.

    Raises:
        ValueError: if nothing has it.
    """
    if word not in known:
        raise ValueError(unknown(word, known))
    return word


def read_only(text: str, names: Names) -> tuple[str, ...]:
    """Return the controls that stand there in a step.

    Raises:
        ValueError: if one is not known.
    """
    return tuple(require(name.strip(), names.controls) for name in text.split(","))


def read_show(text: str, names: Names) -> Show:
    """Return what “run vae, epoch 3, tab Latent, z 0.5 -1” shows.

    Raises:
        ValueError: if a word or a value is not known.
    """
    parts: dict[str, Any] = {}
    members: dict[str, Any] = {}
    for item in filter(None, (item.strip() for item in text.split(","))):
        word, _space, value = item.partition(" ")
        if word in _WORDS:
            member, form = _WORDS[word]
            parts[member] = form.read(value.strip(), names)
        else:
            path = _MEMBERS[require(word, {*_WORDS, *_MEMBERS})]
            members[path] = _read_member(path, value.strip())
    if "run" in parts and "preset" in parts:
        raise ValueError(
            _("A step shows a run that there is, or one of a preset that it trains, and not both.")
        )
    if "session" in parts and not {"run", "preset"} & {*parts}:
        session = names.session(parts["session"])
        if session.shown:
            parts = {"at": session.view.at, **parts, "run": f"{parts['session']}/{session.shown}"}
    _check_kept(parts.get("run", ""), parts.get("at"), names)
    return Show(**parts, members=tuple(members.items()))


def _check_kept(run: str, at: Position | None, names: Names) -> None:
    kept = names.runs_like(run).get(run, ())
    if at is not None and kept and at not in kept:
        epochs = ", ".join(str(position.epoch) for position in sorted(kept) if not position.step)
        raise ValueError(
            _("Of “{run}”, there is no epoch {epoch}, but there are {epochs}.").format(
                run=run, epoch=_epoch(at, names), epochs=epochs
            )
        )


def _position(text: str, _: Names) -> Position | None:
    if text == _LATEST:
        return None
    epoch, *batch = text.split(" batch ", 1)
    return Position(0 if epoch == _UNTRAINED else _whole(epoch, _MOST_EPOCHS), *map(_whole, batch))


def _epoch(at: Position, _: Names) -> str:
    return f"{at.epoch} batch {at.step}" if at.step else str(at.epoch)


def _latent(text: str, _: Names) -> tuple[float, ...]:
    latent = tuple(_number(number) for number in text.split())
    check_latents([latent], 1)
    return latent


def _square(text: str, _names: Names) -> Square:
    try:
        return read_square([_number(number) for number in text.split()])
    except ValueError:
        raise ValueError(
            _("“{text}” is no part of the plane: “0.5 -1 4” is one, its middle and its side.").format(
                text=text
            )
        ) from None


class _Form(NamedTuple):
    """How a value is read from a lesson, and written into one."""

    read: Callable[[str, Names], Any]
    write: Callable[[Any, Names], str] = lambda value, _: _written(value)


def _title(tab: str, names: Names) -> str:
    return next((title for title, name in names.tabs.items() if name == tab), tab)


_WORDS: Mapping[str, tuple[str, _Form]] = {
    "session": ("session", _Form(lambda text, names: require(text, names.sessions))),
    "run": ("run", _Form(lambda text, names: require(text, names.runs_like(text)))),
    "preset": ("preset", _Form(lambda text, _: require(text, PRESETS))),
    "seed": ("seed", _Form(lambda text, _: _whole(text, 2**31 - 1))),
    "epoch": ("at", _Form(_position, _epoch)),
    "tab": ("tab", _Form(lambda text, names: names.tabs[require(text, names.tabs)], _title)),
    "z": ("z", _Form(_latent, lambda z, _: " ".join(map(repr, z)))),
    "plane": ("plane", _Form(_square, lambda plane, _: " ".join(map(repr, plane)))),
    "drawing": ("drawing", _Form(lambda text, names: require(text, (*names.files, NO_DRAWING)))),
    _REST: ("is_usual", _Form(lambda text, _: bool(require(text, (_USUAL,))), lambda *_: _USUAL)),
}
"""The member of `Show` that a word sets, and its form; the other words set members of a view."""


_PART_OF_PLANE = _("the part of the plane")
_UNSAID: Mapping[str, Callable[[View], object]] = {
    _("compared runs"): lambda view: view.compared,
    _("pins"): lambda view: view.chosen(view.run).pins,
    _("changed weights"): lambda view: view.chosen(view.run).bends,
    _PART_OF_PLANE: lambda view: view.chosen(view.run).axes,
    _("zoom"): lambda view: view.figure.zooms,
    _("corrected drawings"): lambda view: view.draw.labelled,
}
"""What of a view no word of a lesson can say."""


_ASKED = _(
    "A question reads “Which one? | 4 / 9 = 9”, “How many? | number = 98 ± 1” or “Why? | text”: "
    "what is right follows “=”, if anything is."
)


def read_question(text: str) -> Question:
    """Return what is asked by “How many? | number = 98 ± 1”, “Which one? | A / B = B” or “Why? | text”.

    Raises:
        ValueError: if the kind of the answer is missing or not known.
    """
    question, bar, kind = (part.strip() for part in text.rpartition("|"))
    kind, _is, right = (part.strip() for part in kind.partition("="))
    if not bar or not question or not kind:
        raise ValueError(
            _("It is not said what is asked, or how it is answered. {asked}").format(asked=_ASKED)
        )
    if kind == "text":
        return Question(question, answer=right)
    if kind == "number":
        number, _within, tolerance = right.partition("±")
        try:
            return Question(
                question,
                is_number=True,
                number=_number(number) if right else None,
                tolerance=_number(tolerance) if tolerance else 0.0,
            )
        except ValueError as error:
            raise ValueError(f"{error} {_ASKED}") from None
    choices = tuple(choice.strip() for choice in kind.split("/"))
    if len(choices) < 2 or not all(choices) or len({*choices}) < len(choices):
        raise ValueError(_("“{kind}” offers no choice. {asked}").format(kind=kind, asked=_ASKED))
    if right and right not in choices:
        raise ValueError(
            _("“{right}” is none of the answers offered, “{kind}”. {asked}").format(
                right=right, kind=kind, asked=_ASKED
            )
        )
    return Question(question, choices, right)


def read_check(text: str, names: Names) -> tuple[Condition, ...]:
    """Return the conditions of “epoch >= 3 and prediction 9”.

    Raises:
        ValueError: if one is not known, or lacks its value.
    """
    if " or " in text:
        raise ValueError(_("Conditions are joined by “and” alone."))
    return tuple(_condition(part.strip(), names) for part in text.split(" and "))


def _condition(text: str, names: Names) -> Condition:
    if match := _COMPARED.fullmatch(text):
        sign = match["sign"] or ("<=" if match["word"] == "fooled within" else "")
        if not sign:
            raise ValueError(
                _("“{text}” compares with nothing: “{word} >= 3” does.").format(text=text, word=match["word"])
            )
        return Condition(match["word"], sign, _number(match["number"]))
    word, _space, value = text.partition(" ")
    if require(word, CONDITIONS) in _NUMBERS or (word in _NEED_NAME and not value):
        raise ValueError(_("“{text}” lacks what it is about.").format(text=text))
    known: Mapping[str, Collection[str]] = {
        "changed": FIELDS, "tab": names.tabs, "trained": PRESETS, "answered": (),
    }  # fmt: skip
    if value and (word in known or word == "run"):
        require(value, names.runs_like(value) if word == "run" else known[word])
    return Condition(word, value=names.tabs[value] if word == "tab" else value.strip())


def _readers() -> dict[str, str]:
    """The members that a lesson may set, by path and, where one part has it, by the last word alone."""
    paths = [
        (part, member)
        for part, kind in _PARTS.items()
        for member, hint in get_type_hints(kind).items()
        if hint in _TEXTS and (part, member) != ("data", "of")
    ]
    alone = [member for _, member in paths]
    named = {f"{part}.{member}": f"{part}.{member}" for part, member in paths}
    return named | {member: f"{part}.{member}" for part, member in paths if alone.count(member) == 1}


def _member(view: View, path: str) -> Any:
    part, member = path.split(".")
    return getattr(getattr(view, part), member)


def _written(value: Any) -> str:
    """Return the text from which a value is read, the inverse of what `_TEXTS` has for its type."""
    match value:
        case None:
            return "any"
        case bool():
            return "on" if value else "off"
        case tuple():
            return " ".join(value)
    return str(value)


def _read_member(path: str, text: str) -> Any:
    part, member = path.split(".")
    read = _TEXTS[get_type_hints(_PARTS[part])[member]]
    value = read(text)
    return value if part != "draw" or member != "noise" else _whole(text, 100)


def _whole(text: str, most: int = 10**9) -> int:
    if not text.isdecimal() or not text.isascii() or len(text) > 10 or int(text) > most:
        raise ValueError(_("“{text}” is no whole number up to {most:,}.").format(text=text, most=most))
    return int(text)


def _said(answer: str) -> str:
    """Return the number of an answer such as “about 12” or “98 %”; the answer itself if it has not one."""
    found = _ONE_NUMBER.fullmatch(answer)
    return found[1] if found else answer


def _number(text: str) -> float:
    try:
        number = float(text.strip().replace("\N{MINUS SIGN}", "-"))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(_("“{text}” is no number.").format(text=text.strip()))
    return number


def _flag(text: str) -> bool:
    return _FLAGS[require(text, _FLAGS)]


def _or_any(read: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: None if text == "any" else read(text)


def _texts(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_TEXTS: Mapping[Any, Callable[[str], Any]] = {
    str: str,
    int: _whole,
    bool: _flag,
    tuple[str, ...]: _texts,
    int | None: _or_any(_whole),
    bool | None: _or_any(_flag),
    tuple[str, ...] | None: _or_any(_texts),
}
"""What reads a member of a view from its text in a lesson, by its type."""

_MEMBERS = _readers()

_NAMED: Mapping[str, str] = {path: name for name, path in _MEMBERS.items()}
"""The shortest name of each member that a lesson may set, by path."""
