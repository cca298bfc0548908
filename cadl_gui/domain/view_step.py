"""Steps that can be undone: the parts of a view that a hand has changed, each before and after."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import count
from typing import Any, Self

from cadl_gui.domain.view import RunView, View

Path = tuple[str, ...]
"""Names of members and keys, from the view down to a value."""

new_gesture = count(1).__next__
"""Returns a number for a drag or stroke, each time another."""

_LISTS = {("runs",), ("compared",)}
"""Of these, only what the step added or removed is undone: they change meanwhile without a step."""


@dataclass(frozen=True, eq=False)
class ViewStep:
    """A change of some parts of a view; undone or redone in whatever view there is by then.

    Attributes:
        text: what was done, such as “Pin”.
        tab: the page on which it was done.
        run: key of the run that was shown.
        parts: value before and after, by path; None stands for none.
        gesture: number of the drag or stroke that it is part of; 0 for none.
    """

    text: str
    tab: str
    run: str
    parts: Mapping[Path, tuple[Any, Any]]
    gesture: int = 0

    @classmethod
    def of(cls, before: View, after: View, text: str, gesture: int = 0) -> Self:
        """Return the step that leads from one view to another."""
        parts = {path: (old, new) for path, old, new in _differences(before, after)}
        if ("run",) in parts:  # whose position it is, also where both are live
            parts["at",] = before.at, after.at
        return cls(text, after.tab, after.run, parts, gesture)

    @property
    def keys(self) -> Set[str]:
        """Keys of the runs for which something was chosen."""
        return {path[1] for path in self.parts if path[0] == "of_run"}

    @cached_property
    def forms(self) -> Set[str]:
        """Keys of the forms whose drawings it changed."""
        return {path[2] for path in self.parts if path[:2] == ("draw", "sheets")}

    def concerns(self, runs: Set[str]) -> bool:
        """Return whether something of it is seen while these runs are open."""
        return any(path[0] != "of_run" or path[1] in runs for path in self.parts)

    def then(self, later: "ViewStep") -> Self:
        """Return both as one step, without the parts that are as they were before."""
        both = {
            path: (self.parts.get(path, each)[0], later.parts.get(path, each)[1])
            for path, each in {**self.parts, **later.parts}.items()
        }
        return replace(self, parts={path: each for path, each in both.items() if _differ(*each)})

    def without(self, key: str) -> Self:
        """Return the step without a run that is gone for good."""
        gone = _LISTS | {("run",), ("at",), ("recent",)} if key in self._listed else set()
        parts = {path: each for path, each in self.parts.items() if path[:2] != ("of_run", key)}
        return replace(self, parts={path: each for path, each in parts.items() if path not in gone})

    @property
    def _listed(self) -> Set[str]:
        """Keys of the runs that it listed or took off the list."""
        before, after = self.parts.get(("runs",), ((), ()))
        return {*before} ^ {*after}

    def undone(self, view: View) -> View:
        """Return a view with the parts as they were before the step."""
        for path, (before, after) in self.parts.items():
            view = _put(view, path, before, after)
        return view

    def redone(self, view: View) -> View:
        """Return a view with the parts as they were after the step."""
        for path, (before, after) in self.parts.items():
            view = _put(view, path, after, before)
        return view


def _differ(before: object, after: object) -> bool:
    return before is not after and before != after


def _differences(before: Any, after: Any, path: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    """Yield where two views, or parts, differ, and both values; not looking into what they share."""
    if not _differ(before, after):
        return
    if isinstance(after, Mapping):
        usual = RunView() if path == ("of_run",) else None
        for name in {**before, **after}:
            yield from _differences(before.get(name, usual), after.get(name, usual), (*path, name))
    elif type(after).__module__ == View.__module__:
        for name in (field.name for field in fields(after)):
            yield from _differences(getattr(before, name), getattr(after, name), (*path, name))
    else:
        yield path, before, after


def _put(whole: Any, path: Path, value: Any, instead_of: Any) -> Any:
    """Return a view, or a part of it, with another value at a path."""
    name, *rest = path
    is_mapping = isinstance(whole, Mapping)
    if path in _LISTS and isinstance(whole, View):
        value = _merged(getattr(whole, name), value, instead_of)
    if rest:
        inner = whole.get(name, RunView()) if is_mapping else getattr(whole, name)
        value = _put(inner, tuple(rest), value, instead_of)
    if not is_mapping:
        return replace(whole, **{name: value})
    others = {key: other for key, other in whole.items() if key != name}
    return others if value is None or value == RunView() else others | {name: value}


def _merged(now: tuple[str, ...], value: tuple[str, ...], instead_of: tuple[str, ...]) -> tuple[str, ...]:
    """Return a list as it is now, with what a step made of another one, in place."""
    if now == instead_of:
        return value
    merged = [key for key in now if key in value or key not in instead_of]
    for place, key in enumerate(value):
        if key not in merged and key not in instead_of:
            before = [merged.index(other) for other in value[:place] if other in merged]
            merged.insert(max(before, default=-1) + 1, key)
    return tuple(merged)


def _last(steps: list[ViewStep], runs: Set[str], form: str) -> ViewStep | None:
    each = (step for step in reversed(steps) if not form or form in step.forms)
    last = next((step for step in each if step.concerns(runs)), None)
    # Below a canvas, nobody means to take back the opening of a session, which had a drawing, too.
    return None if last is not None and form and ("runs",) in last.parts else last


class ViewSteps:
    """The steps of a window: those done, and those undone since."""

    def __init__(self) -> None:
        self._done: list[ViewStep] = []
        self._undone: list[ViewStep] = []

    def add(self, step: ViewStep) -> None:
        """Add a step that was done; one of the same gesture as the last is part of it."""
        if step.gesture and self._done and not self._undone and self._done[-1].gesture == step.gesture:
            step = self._done.pop().then(step)
        self._undone.clear()
        self._done += [step] if step.parts else []

    def to_undo(self, runs: Iterable[str], form: str = "") -> ViewStep | None:
        """Return the last step done; steps of other runs than these wait until they are open again.

        Args:
            form: key of the form whose drawing the step changed; "" for any step.
        """
        return _last(self._done, {*runs}, form)

    def to_redo(self, runs: Iterable[str], form: str = "") -> ViewStep | None:
        """Return the last step undone; see `to_undo`."""
        return _last(self._undone, {*runs}, form)

    def turn(self, step: ViewStep) -> None:
        """Take a step that was done as undone, or the other way round."""
        here, there = (self._done, self._undone) if step in self._done else (self._undone, self._done)
        if step in here:
            here.remove(step)
            there.append(step)

    def forget(self, key: str) -> None:
        """Forget what was done for a run that is gone for good."""
        for steps in (self._done, self._undone):
            steps[:] = [step for each in steps if (step := each.without(key)).parts]
