"""What the window shows: one run at one position, and the runs that it is compared with."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from weakref import ref

from PySide6.QtCore import QEvent, QObject, Signal, Slot
from shiboken6 import isValid

from cadl_gui.domain.next_run import NextRun
from cadl_gui.domain.position import Position
from cadl_gui.domain.view import View
from cadl_gui.domain.view_step import ViewStep, ViewSteps
from cadl_gui.engine.expected_run import ExpectedRun
from cadl_gui.engine.run import Run
from cadl_gui.engine.run_list import RunList
from cadl_gui.engine.shown import Shown
from cadl_gui.imaging.drawing.seen import Seen
from cadl_gui.system.words import _


class ViewState(QObject):
    """Holds the run and the position shown, and whether the view is *Live*.

    It is the only copy: every part of the window binds to it.

    Signals:
        position_chosen: a position, *Live* or a run was chosen, be it the one that is shown; what moves the
            view by itself gives way.
        runs_wished: the view wishes other runs to be listed, since a step was undone or redone.
        turned: (message) what was undone, redone or cleared.
    """

    position_chosen = Signal()
    runs_wished = Signal()
    turned = Signal(str)

    def __init__(self, runs: RunList | None = None) -> None:
        super().__init__()
        self._runs = RunList() if runs is None else runs
        self._value = View()
        self._steps = ViewSteps()
        self._shown = Shown()
        self._compared: tuple[Run, ...] = ()
        self._bindings: list[_Binding] = []
        self._is_rendering = False
        self._drawing = Seen()

    # The wish.

    @property
    def value(self) -> View:
        """What is wished to be shown."""
        return self._value

    def change(self, *, undo: str = "", gesture: int = 0, **parts: Any) -> None:
        """Replace parts of the wish. Hands, opening files, lessons and undo do; answers and timers never.

        Args:
            undo: what is done, such as “Pin”, if it can be undone; where it leads is no part of that.
            gesture: number of the drag or stroke, whose changes are undone together; 0 for none.
            parts: members of `View`, by name. Where all are as they were, nothing happens.

        Raises:
            RuntimeError: if something that renders calls it: what is shown must not change the wish.
        """
        before, value = self._value, self._listed(replace(self._value, **parts).with_recent())
        if value != before:
            if self._is_rendering:
                raise RuntimeError(f"What renders changes {', '.join(parts)}.")
            if value.run != before.run and "data" not in parts:  # another run brings its dataset back
                value = replace(value, data=replace(value.data, opened=False))
            self._value = value
            if undo:
                there = {name: getattr(value, name) for name in ("tab", "run", "at", "recent")}
                self._steps.add(ViewStep.of(replace(before, **there), value, undo, gesture))
            self._show(Shown.of(value, self._runs, self._shown))

    @property
    def to_undo(self) -> ViewStep | None:
        """The step that `undo` takes back."""
        return self._steps.to_undo(self._value.runs)

    @property
    def to_redo(self) -> ViewStep | None:
        """The step that `redo` does again."""
        return self._steps.to_redo(self._value.runs)

    @property
    def to_undo_drawn(self) -> ViewStep | None:
        """The last step that changed the drawing shown, whatever was done elsewhere since."""
        return self._steps.to_undo(self._value.runs, self._drawing.form.key)

    @property
    def to_redo_drawn(self) -> ViewStep | None:
        """The step that changed the drawing shown and was undone last."""
        return self._steps.to_redo(self._value.runs, self._drawing.form.key)

    def show_next(self, next_run: NextRun) -> None:
        """Show the settings of the next run, which have become these."""
        self.change(next=next_run, tab="trainTab", train=replace(self._value.train, form=True))

    def add(self, step: ViewStep) -> None:
        """Make a change that can be undone of one that has been made."""
        self._steps.add(step)
        self.refresh()

    def undo(self, step: ViewStep | None = None) -> None:
        """Take back the last step, or another, in the view of now, and show where it was done."""
        if (step := step or self.to_undo) is not None:
            self._turn(_("Undone"), step, step.undone(self._value))

    def redo(self, step: ViewStep | None = None) -> None:
        """Do the last step again that was undone, or another, and show where it was done."""
        if (step := step or self.to_redo) is not None:
            self._turn(_("Redone"), step, step.redone(self._value))

    def _turn(self, how: str, step: ViewStep, value: View) -> None:
        is_elsewhere = value.tab != step.tab and ("runs",) not in step.parts
        self._steps.turn(step)
        if is_elsewhere:
            value = replace(value, tab=step.tab)
        keys = step.keys or ({step.run} if step.forms - {self._drawing.form.key} else set())
        run = step.run if len(keys) > 1 else next(iter(keys), "")
        if value.run != step.run and self._runs.find_key(run) is not None:
            value = replace(value, run=run, at=None)
        self._value = value.with_recent()
        self.runs_wished.emit()
        self.refresh()
        self.turned.emit(f"{how}: {step.text}.")

    def forget(self, key: str) -> None:
        """Forget the steps of a run that is gone for good."""
        self._steps.forget(key)

    def rename(self, before: str, after: str) -> None:
        """Wish what is wished of a run by its other key: it has been read, and its UUID is known."""
        if before != after:
            self._value = self._value.renamed(before, after)

    def bind(self, owner: QObject, select: Callable[[], object], render: Callable[[], object]) -> None:
        """Render at once, and then whenever what is selected has become another.

        A widget that is hidden by then is rendered when it is shown. A binding does not keep its owner
        alive, and ends with it.

        Args:
            owner: on whose behalf it is rendered.
            select: returns what is rendered, of the view, runs, trainings or opened datasets; compared by
                identity, else by equality.
            render: renders it. It must not call `change`.
        """
        binding = _Binding(ref(owner), select, render)
        self._bindings.append(binding)
        owner.destroyed.connect(self._end_bindings)
        self._render(iter((binding,)))
        if owner.isWidgetType():
            binding.is_awake = bool(owner.property("visible"))
            owner.installEventFilter(self)

    @Slot()
    def _end_bindings(self) -> None:
        """Drop the bindings of owners that are gone, and with them what their functions hold."""
        bindings = vars(self).get("_bindings", ())  # none where this state goes, too
        for binding in bindings:
            binding.is_awake &= binding.owner is not None  # while others are rendered
        self._bindings = [each for each in bindings if each.owner is not None]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask nothing for a widget while it is hidden, and render what it has missed when it is shown."""
        if event.type() in {QEvent.Type.Show, QEvent.Type.Hide}:
            own = [binding for binding in self._bindings if binding.owner is watched]
            for binding in own:
                binding.is_awake = event.type() == QEvent.Type.Show
            self._render(iter(own))
        return False

    def refresh(self) -> None:
        """Show what can be shown of the wish now: a run has been listed, opened or has left."""
        self._value = self._listed(self._value)
        self._show(Shown.of(self._value, self._runs, self._shown))

    def _listed(self, view: View) -> View:
        """Return a view with the runs that are listed; before any is, with those that it wishes."""
        runs = self._runs.keys if self._runs.was_used else view.runs
        return view if view.runs == runs else replace(view, runs=runs)

    def ask(self) -> None:
        """Render what has become another, since runs, trainings or datasets have."""
        self._render(iter(tuple(self._bindings)))

    def _render(self, bindings: Iterator["_Binding"]) -> None:
        was_rendering, self._is_rendering = self._is_rendering, True
        try:
            for binding in bindings:  # each event of a drag asks all that are awake
                if not binding.is_awake:
                    continue
                selected, last = binding.select(), binding.rendered
                if selected is not last and selected != last:
                    binding.rendered = selected
                    binding.render()
        except BaseException:
            self._render(bindings)  # what fails stops no other
            raise
        finally:
            self._is_rendering = was_rendering

    # What is shown of it.

    def _show(self, shown: Shown, *, moved: bool = False) -> None:
        """Tell what is shown now; `moved` if the weights at the position have become others."""
        shown = replace(shown, revision=shown.revision + moved)
        if shown != self._shown:  # the same object where nothing changed, so that comparing takes no time
            self._shown = shown
        self._compared = tuple(run for key in self._value.compared if (run := self._runs.find_key(key)))
        self.ask()

    @property
    def shown(self) -> Shown:
        """The run shown, at its position; another value whenever other weights are shown."""
        return self._shown

    @property
    def run(self) -> Run | None:
        """The run that is shown."""
        return self._shown.run

    @property
    def position(self) -> Position:
        """The position that is shown."""
        return self._shown.position

    @property
    def is_live(self) -> bool:
        """Whether the newest weights are shown, whatever they become."""
        return self._shown.at is None

    @property
    def drawing(self) -> Seen:
        """The drawing as networks see it."""
        return self._drawing

    def show_drawing(self, drawing: Seen) -> None:
        """Show another drawing, or the same one as networks see it otherwise."""
        self._drawing = drawing
        self.ask()

    def position_of(self, run: Run) -> Position | None:
        """Return the position of a run that matches the timeline; None means its newest weights.

        A run other than the one shown is at its last recorded position up to the timeline's; where the
        timeline is at its end, the other run is at its newest weights.
        """
        if self.is_live or self.run is None:
            return None
        if run is self.run:
            return self.position
        return None if self.run.is_at_end(self.position) else run.retained_near(self.position)

    @property
    def compared(self) -> tuple[Run, ...]:
        """The open runs chosen for comparison, in the order in which they were chosen."""
        return self._compared

    @property
    def chosen(self) -> tuple[Run, ...]:
        """The run shown, followed by the other runs that it is compared with."""
        shown = () if self.run is None else (self.run,)
        return (*shown, *(run for run in self._compared if run is not self.run))

    def compare(self, run: Run, *, on: bool) -> None:
        """Add a run to the comparison, or remove it."""
        own = self._runs.key(run)
        others = tuple(key for key in self._value.compared if key != own)
        if on != (run in self._compared):
            self.change(compared=(*others, own) if on else others)

    def show_run(self, run: Run | ExpectedRun) -> None:
        """Show a run at its newest position; one that is still being read, as soon as it can be."""
        self.position_chosen.emit()
        self._wish_newest(run)

    def _wish_newest(self, run: Run | ExpectedRun) -> None:
        before = self._value
        self.change(run=self._runs.key(run), at=None)
        if self._value is before:
            self.newest_moved()

    def update_images(self) -> None:
        """Show the run anew if its images have come to hand since it was shown, or are there no longer."""
        shown, run = self._shown, self._shown.run
        if run is not None and (run.description.examples is not None) != shown.has_images:
            self._show(Shown(revision=shown.revision))
            shown = replace(shown, position=run.newest, has_images=not shown.has_images)
            self._show(Shown.of(self._value, self._runs, shown))

    def stay(self) -> None:
        """Wish what is shown: it is in use, and no run that is still being read may take its place."""
        if self.run is not None:
            self._keep(self.run, self._shown.at)

    def show(self, position: Position) -> None:
        """Choose a position: leave *Live*, and show the last recorded one up to this one."""
        self.position_chosen.emit()
        self.move_to(position)

    def move_to(self, position: Position) -> None:
        """Show a position, see `show`, that nobody has chosen, as a replay does."""
        nearest = None if self.run is None else self.run.retained_near(position)
        if self.run is not None and nearest is not None:
            self._keep(self.run, nearest)

    def _keep(self, run: Run, at: Position | None) -> None:
        """Wish the run shown, which is no other one even where any run was wished, at a position."""
        self.change(run=self._runs.key(run), at=at, data=self._value.data)

    def go_live(self) -> None:
        """Show the newest weights, whatever they become."""
        self.position_chosen.emit()
        if self.run is not None:
            self._wish_newest(self.run)

    def newest_moved(self) -> None:
        """Update the position after the run shown gained newer weights or dropped some."""
        shown = Shown.of(self._value, self._runs, self._shown)
        if shown.run is None:
            return
        if shown.at is None:
            shown = replace(shown, position=shown.run.newest)
        self._show(shown, moved=shown.at is None)

    def weights_changed(self) -> None:
        """Tell that the weights shown are others now, at the same position: the network was bent."""
        self._show(self._shown, moved=True)

    def step(self, by: int) -> None:
        """Move by this many recorded positions; negative values move backwards."""
        nearest = None if self.run is None else self.run.retained_near(self.position)
        if self.run is None or nearest is None:
            return
        recorded = self.run.recorded
        here = recorded.index(nearest)
        self.show(recorded[max(0, min(len(recorded) - 1, here + by))])


@dataclass(eq=False)
class _Binding:
    """Something that is rendered; see `ViewState.bind`.

    Attributes:
        select, render: what `bind` was given.
        is_awake: whether its owner is there, and no hidden widget.
        rendered: what was rendered last.
    """

    own: "ref[QObject]"
    select: Callable[[], object]
    render: Callable[[], object]
    is_awake: bool = True
    rendered: object = field(default_factory=object)

    @property
    def owner(self) -> QObject | None:
        """The owner; None once it is gone."""
        owner = self.own()
        return owner if owner is not None and isValid(owner) else None
