"""Walks through what the window shows, against a model in plain Python.

Runs that differ in all respects are opened, arrive late or never, are chosen, trained, removed and brought
back, while parts of the window are hidden and shown. The model says what is wished, what must be shown of it,
and which parts must have rendered.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import hypothesis
from fakes import bright, description
from hypothesis import Phase
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal, Slot
from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.events import (
    EpochCompleted,
    RunOpened,
    SnapshotsDropped,
    SnapshotTaken,
    TrainingEnded,
    TrainingStarted,
)
from cadl_gui.domain.history import EpochRecord, History
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.run import new_uuid
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.engine.bending import Bending
from cadl_gui.engine.inference_broker import InferenceBroker
from cadl_gui.engine.notifications import Notifications
from cadl_gui.engine.run_list import RunList
from cadl_gui.engine.run_registry import RunRegistry
from cadl_gui.engine.view_state import ViewState

ANY = st.integers(0, 59)
"""Chooses among however many there are."""
EPOCHS = st.integers(0, 5)
PLACES = st.builds(Position, EPOCHS, st.sampled_from((0, 3, 5)))


class Source(NamedTuple):
    """What a folder or checkpoint holds; without positions, none of its weights were kept but the newest."""

    name: str
    recorded: tuple[Position, ...]
    newest: Position
    losses: tuple[float, ...]
    uuid: str
    has_images: bool = True

    @property
    def is_folder(self):
        return not self.name.endswith(".keras")

    @property
    def key(self):
        """What the last session called it: its UUID, or what it had before that was known or free."""
        return f"id:{self.uuid if self.name in {'mine', 'bare'} else self.name}"


MINE = "94b35532-9a50-4d58-a3aa-d2d297423d5e"
SOURCES = (
    Source("mine", (UNTRAINED, Position(0, 5), Position(1), Position(2)), Position(2, 7), (1.0, 0.5), MINE),
    Source("copy", (UNTRAINED, Position(1)), Position(1), (1.0,), MINE),
    Source("other", (UNTRAINED, Position(3)), Position(3), (1.0, 0.25, 0.2), MINE, has_images=False),
    Source("further", (Position(2), Position(4)), Position(4), (1.0, 0.5, 0.4, 0.3), MINE),
    Source("mine.keras", (Position(1),), Position(1), (1.0,), MINE),
    Source("bare", (), Position(5, 2), (3.0,), "b", has_images=False),
    Source("latent 2", (Position(1), Position(3, 5), Position(5)), Position(5), (2.0, 1.5), "l"),
    Source("seven.keras", (Position(7),), Position(7), (0.7,), "s", has_images=False),
)
SOME = st.lists(st.sampled_from(SOURCES), unique=True, max_size=5)
ABOUT = description("", preset("vae").config)
MUTED = scaled((), Part("latent", 0), 0.0)


def history(losses):
    grown = History(10)
    for epoch, loss in enumerate(losses, 1):
        grown.add_epoch(EpochRecord(epoch, {"loss": loss}))
    return grown


class Reader(QObject):
    """Notes what it is asked to read; the walk decides when that arrives or fails."""

    saved = Signal(object)
    operation_failed = Signal(str, str)
    open_failed = Signal(str, str, str)
    interrupted = Signal(object)

    def __init__(self):
        super().__init__()
        self.asked = []

    @Slot(object)
    def open_file(self, request):
        self.asked.append((request.run_id, request.path.name))

    @Slot(object)
    def ignore(self, _):
        """Saving, renaming and the rest are not of the walk."""

    save = rename = look_for_interrupted = forget = ignore


# The model.


@dataclass(eq=False)
class Known:
    """A run, as it must be."""

    run_id: str
    source: Source | None
    name: str = ""
    key: str = ""
    letter: str = ""
    uuid: str = ""
    recorded: list[Position] | None = None
    newest: Position = UNTRAINED
    has_images: bool = True
    losses: tuple[float, ...] = ()
    is_open: bool = False
    is_trained: bool = False
    was_trained: bool = False

    def near(self, place):
        before = [each for each in self.recorded if each <= place]
        return max(before) if before else min(self.recorded, default=None)


@dataclass
class Model:
    """What is wished and shown, without Qt.

    Attributes:
        weights: counts up whenever the weights shown become others at their place, or may have.
    """

    listed: tuple[Known, ...] = ()
    bent: frozenset[str] = frozenset()
    removed: tuple[Known, tuple[str, ...], bool, Position | None] | None = None
    runs: tuple[str, ...] = ()
    run: str = ""
    at: Position | None = None
    compared: tuple[str, ...] = ()
    tab: str = ""
    shown: Known | None = None
    shown_at: Position | None = None
    place: Position = UNTRAINED
    has_images: bool = False
    weights: int = 0

    @property
    def open(self):
        return [run for run in self.listed if run.is_open]

    def find(self, key):
        return next((run for run in self.open if run.key == key), None)

    def give_key(self, run, key):
        """What is wished of a run is wished by its new key, unless it has one, or another has that one."""
        taken = {each.key for each in (*self.listed, *self.removed_runs)}
        if run.key == run.run_id and key not in taken:
            self.run = key if self.run == run.key else self.run
            run.key = key

    @property
    def removed_runs(self):
        return () if self.removed is None else self.removed[:1]

    @property
    def compared_runs(self):
        return tuple(run for key in self.compared if (run := self.find(key)))

    def note_list(self):
        self.runs = tuple(run.key for run in self.listed)

    def follow(self):
        """Show what can be shown of the wish; else all stays, if it can."""
        wished, before, was_live = self.find(self.run), self.shown, self.shown_at is None
        if wished is not None:
            self.shown, self.shown_at = wished, self.at
        elif before not in self.open:
            self.shown, self.shown_at = (self.open or [None])[-1], None
        if self.shown is None:
            self.place, self.has_images = UNTRAINED, False
            return
        if self.shown is not before:
            self.has_images = self.shown.has_images
        if self.shown_at is not None:
            self.place = self.shown.near(self.shown_at) or self.shown.newest
        elif not (was_live and self.shown is before):
            self.place = self.shown.newest

    def choose(self, run):
        is_live = self.shown is not None and self.shown_at is None
        self.weights += is_live and (self.run, self.at) == (run.key, None)
        self.run, self.at = run.key, None
        self.follow()
        if self.shown is not None and self.shown_at is None:
            self.place = self.shown.newest

    def move(self, place):
        if self.shown is not None and self.shown.recorded:
            self.run, self.at = self.shown.key, self.shown.near(place)
            self.follow()

    def moved(self, run):
        """A run has other weights, positions or images; only if it is shown, that is seen."""
        if run is self.shown:
            self.has_images = run.has_images
            self.weights += self.shown_at is None
            self.place = run.newest
            if self.shown_at is not None:
                self.place = run.near(self.shown_at) or run.newest


class Shows(NamedTuple):
    """A part of the window: where it is, what it shows, and what that must be by the model."""

    page: int | None
    is_inside: bool
    select: object
    must: object


PARTS = {
    "weights": Shows(
        None,
        False,
        lambda view: view.shown,
        lambda model: (model.shown, model.shown_at, model.place, model.has_images, model.weights),
    ),
    "run": Shows(None, False, lambda view: view.run, lambda model: model.shown),
    "wish": Shows(
        None,
        False,
        lambda view: view.value,
        lambda model: (model.runs, model.run, model.at, model.compared, model.tab, *sorted(model.bent)),
    ),
    "run of a page": Shows(0, False, lambda view: view.run, lambda model: model.shown),
    "place": Shows(
        0,
        True,
        lambda view: (view.is_live, view.position),
        lambda model: (model.shown_at is None, model.place),
    ),
    "comparison": Shows(1, False, lambda view: view.compared, lambda model: model.compared_runs),
    "weights in a page": Shows(
        1,
        True,
        lambda view: view.shown,
        lambda model: (model.shown, model.shown_at, model.place, model.has_images, model.weights),
    ),
    "tab": Shows(1, True, lambda view: view.value.tab, lambda model: model.tab),
}


class Walk(RuleBasedStateMachine):
    """Does the same to the engine and to the model, and compares them after each step."""

    folder: Path

    def __init__(self):
        super().__init__()
        self.model, self.trained = Model(), 0
        self.reading, self.n_read, self.forgotten = [], {}, []
        self.reader, self.notifications = Reader(), Notifications()
        listed = RunList()
        self.view = ViewState(listed)
        self.bending = Bending(self.view, listed)
        self.broker = InferenceBroker(lambda *_: None, self.bending.of)
        self.registry = RunRegistry(
            self.reader, self.broker, self.bending, listed, self.view, self.notifications, None,
            lambda run: self.known(run).is_trained,
        )  # fmt: skip
        self.registry.forgotten.connect(self.forgotten.append)
        self.must_forget = []
        self.pages = QStackedWidget()
        for _ in range(2):
            self.pages.addWidget(QWidget())
        self.pages.show()
        self.owners, self.heard, self.seen = {}, {}, {}
        for name in PARTS:
            self.bind(name)

    def bind(self, name):
        part, view = PARTS[name], self.view
        page = None if part.page is None else self.pages.widget(part.page)
        owner = QObject(view) if page is None else page
        if part.is_inside:
            owner = QLabel(page)
            owner.setVisible(True)
        self.owners[name], self.heard[name] = owner, []
        view.bind(owner, lambda: part.select(view), lambda: self.heard[name].append(part.select(view)))
        assert len(self.heard[name]) == 1, "at once, also if it is hidden"
        self.heard[name].clear()
        self.seen[name] = part.must(self.model)

    def teardown(self):
        self.pages.close()
        self.pages.deleteLater()
        QCoreApplication.sendPostedEvents(self.pages, QEvent.Type.DeferredDelete)

    def known(self, run):
        return next(each for each in self.all_known if each.run_id == run.run_id)

    @property
    def all_known(self):
        return (*self.model.listed, *self.model.removed_runs)

    # What must hold after each step.

    def check(self, changes=1, *, is_anew=False):
        """Compare, after a step that makes so many changes."""
        model, view = self.model, self.view
        wish = (model.runs, model.run, model.at, model.compared, model.tab)
        value = view.value
        assert (value.runs, value.run, value.at, value.compared, value.tab) == wish
        listed = self.registry.listed
        assert [run.run_id for run in listed] == [run.run_id for run in model.listed]
        assert [*map(self.registry.key, listed)] == [run.key for run in model.listed]
        letters = [(len(run.letter), run.letter) for run in listed]
        assert letters == sorted(set(letters)), "letters are in order, and none is used twice"
        for run, must in zip(listed, model.listed, strict=True):
            must.letter = must.letter or run.letter
            assert run.letter == must.letter
        opened = {must: run for run, must in zip(listed, model.listed, strict=True) if must.is_open}
        assert list(self.registry) == list(opened.values())
        for must, run in opened.items():
            assert (run.description.name, run.recorded, run.newest) == (must.name, must.recorded, must.newest)
        shown = (opened.get(model.shown), model.shown_at is None, model.place)
        assert (view.run, view.is_live, view.position) == shown
        assert view.shown.has_images == model.has_images
        compared = tuple(opened[run] for run in model.compared_runs)
        assert view.compared == compared
        first = () if view.run is None else (view.run,)
        assert view.chosen == (*first, *(run for run in compared if run is not view.run))
        for must, run in opened.items():
            assert view.position_of(run) == self.place_of(must)
        QCoreApplication.sendPostedEvents(self.reader, QEvent.Type.MetaCall)
        assert self.reader.asked == [(run_id, source.name) for run_id, source in self.reading]
        assert self.forgotten == self.must_forget
        for name in PARTS:
            self.check_part(name, changes, is_anew=is_anew)

    def place_of(self, run):
        model = self.model
        if model.shown is None or model.shown_at is None:
            return None
        if run is model.shown:
            return model.place
        recorded = model.shown.recorded
        is_at_end = not recorded or model.place >= recorded[-1]
        return None if is_at_end else run.near(model.place)

    def check_part(self, name, changes, *, is_anew):
        part, heard, now = PARTS[name], self.heard[name], PARTS[name].must(self.model)
        is_visible = part.page is None or (self.pages.isVisible() and self.pages.currentIndex() == part.page)
        assert self.owners[name].isWidgetType() is (part.page is not None)
        if not is_visible:
            assert heard == [], f"“{name}” renders while it is hidden"
            return
        if not (is_anew and self.seen[name] == now):  # a run is shown anew once its images are there
            assert (heard != []) == (self.seen[name] != now), f"“{name}” is outdated, or renders for nothing"
        assert len(heard) <= changes + 2 * is_anew, f"“{name}” renders several times for one change"
        if heard:
            assert heard[-1] == part.select(self.view), f"“{name}” shows what was before"
        self.seen[name] = now
        heard.clear()

    # Hands.

    @initialize(first=ANY, at=st.none() | PLACES, compared=SOME, opened=SOME, late=SOME)
    def last_session(self, first, at, compared, opened, late):
        """Wish what nothing can show yet; some of it arrives."""
        model = self.model
        model.run = SOURCES[first % len(SOURCES)].key if first % 3 else ""
        model.at, model.compared = at, tuple(source.key for source in compared)
        self.view.change(run=model.run, at=at, compared=model.compared)
        model.follow()
        self.check()
        for source in opened:
            self.open(source=source, show=False, is_again=True)
        for source in opened:
            if source not in late:
                n = next(n for n, (_, each) in enumerate(self.reading) if each is source)
                self.arrive(pick=n, has_images=True, keeps=1)

    @rule(pick=ANY, times=st.sampled_from((1, 2)))
    @precondition(lambda self: self.model.listed)
    def choose(self, pick, times):
        place = pick % len(self.model.listed)
        for _ in range(times):
            self.view.show_run(self.registry.listed[place])
            self.model.choose(self.model.listed[place])
            self.check()

    @rule(place=PLACES, is_chosen=st.booleans())
    def move(self, place, is_chosen):
        (self.view.show if is_chosen else self.view.move_to)(place)
        self.model.move(place)
        self.check()

    @rule(by=st.sampled_from((-9, -1, 1, 1, 2)))
    def step(self, by):
        self.view.step(by)
        if (run := self.model.shown) is not None and run.recorded:
            n = run.recorded.index(run.near(self.model.place)) + by
            self.model.move(run.recorded[min(max(n, 0), len(run.recorded) - 1)])
        self.check()

    @rule()
    def go_live(self):
        self.view.go_live()
        if self.model.shown is not None:
            self.model.choose(self.model.shown)
        self.check()

    @rule(pick=ANY, on=st.booleans())
    @precondition(lambda self: self.model.open)
    def compare(self, pick, on):
        place, model = pick % len(self.model.open), self.model
        run = model.open[place]
        self.view.compare(self.registry[place], on=on)
        if on != (run in model.compared_runs):
            others = tuple(each for each in model.compared if each != run.key)
            model.compared = (*others, run.key) if on else others
        self.check()

    @rule(tab=st.sampled_from(("trainTab", "drawTab", "inspectTab")))
    def change_tab(self, tab):
        self.view.change(tab=tab)
        self.model.tab = tab
        self.check()

    @rule()
    def stay(self):
        """Somebody acts: what is shown is wished from now on."""
        model = self.model
        self.view.stay()
        if model.shown is not None:
            model.run, model.at = model.shown.key, model.shown_at
        self.check()

    @rule(source=st.sampled_from(SOURCES), show=st.booleans(), is_again=st.booleans())
    def open(self, source, show, is_again):
        """Open a folder or file, as new or with its id of the last session."""
        model, wanted = self.model, source.key if is_again else ""
        path = self.folder / source.name
        run_id = self.registry.open(path, show=show, key=wanted)
        if any(run.source is source for run in model.removed_runs) and source.is_folder:
            self.model_restored()
        already = next((run for run in model.open if run.source is source and source.is_folder), None)
        if already is not None:
            model.choose(already)
            if not already.was_trained:
                self.reading.append((run_id, source))
        else:
            already = next((run for run in model.listed if run.source is source and not run.is_open), None)
            is_other = already is not None and wanted not in {"", already.key} and not source.is_folder
            if already is None or is_other:
                assert run_id not in {run.run_id for run in self.all_known}
                already = Known(run_id, source, key=run_id)
                model.listed = (*model.listed, already)
                model.give_key(already, wanted or run_id)
                model.note_list()
                self.reading.append((run_id, source))
            if show:
                model.choose(already)
        assert run_id == already.run_id
        self.check(changes=5)

    @rule(source=st.sampled_from(SOURCES), show=st.booleans(), has_images=st.booleans())
    def open_soon(self, source, show, has_images):
        """Open what has been read before anything else happens."""
        self.open(source=source, show=show, is_again=True)
        if self.reading:
            self.arrive(pick=len(self.reading) - 1, has_images=has_images, keeps=1)

    @rule(pick=ANY, other=st.sampled_from(SOURCES), has_images=st.booleans(), keeps=st.sampled_from((1, 2)))
    def read_again(self, pick, other, has_images, keeps):
        """Open a folder that is open, which may hold other things by now, and ask for another meanwhile."""
        folders = [run.source for run in self.model.open if run.source is not None and run.source.is_folder]
        if folders:
            self.open(source=folders[pick % len(folders)], show=True, is_again=False)
            n = len(self.reading) - 1
            self.open(source=other, show=True, is_again=False)
            if n >= 0:
                self.arrive(pick=n, has_images=has_images, keeps=keeps)

    @rule(place=PLACES, other=st.sampled_from(SOURCES))
    def act_while_it_is_read(self, place, other):
        self.move(place=place, is_chosen=True)
        self.open(source=other, show=True, is_again=False)
        self.stay()

    @rule(pick=ANY, source=st.sampled_from(SOURCES))
    def forget_while_it_is_read(self, pick, source):
        """What is removed can come back until another is removed; then what is read of it comes too late."""
        n = len(self.reading)
        self.open(source=source, show=True, is_again=False)
        run_id = self.reading[-1][0] if len(self.reading) > n else ""
        for place, run in enumerate(self.model.open):
            if run.run_id == run_id:
                self.remove(pick=place)
                if self.model.open:
                    self.remove(pick=pick)
                self.arrive(pick=n, has_images=True, keeps=2)
                break

    @rule(pick=ANY)
    @precondition(lambda self: self.model.open)
    def remove(self, pick):
        model, place = self.model, pick % len(self.model.open)
        run = model.open[place]
        self.registry.remove(self.registry[place], can_undo=True)
        if not run.is_trained:
            self.model_removed(run)
        self.check()

    def model_removed(self, run):
        model = self.model
        self.must_forget += [each.run_id for each in model.removed_runs]
        model.removed = run, model.compared, model.run == run.key, model.at
        model.listed = tuple(each for each in model.listed if each is not run)
        model.compared = tuple(each for each in model.compared if each != run.key)
        model.note_list()
        if model.run == run.key:
            model.run, model.at = (model.open[-1].key if model.open else ""), None
        model.follow()

    @rule(by=st.sampled_from(("undo", "button")))
    def restore(self, by):
        if by == "button":
            self.registry.restore_removed()
        elif (step := self.view.to_undo) is not None and step.text.startswith("removal of "):
            self.view.undo()
        else:
            return
        self.model_restored()
        self.check(changes=2)

    @rule(pick=ANY)
    @precondition(lambda self: self.model.open)
    def remove_restore_and_remove_again(self, pick):
        run = self.model.open[pick % len(self.model.open)]
        self.remove(pick=pick)
        if not run.is_trained:
            self.restore(by="undo")
            self.view.redo()
            self.model_removed(run)
            self.check()

    @rule(pick=ANY, is_failing=st.booleans())
    def bring_back_later(self, pick, is_failing):
        """Meanwhile, another run is read or turns out to be unreadable."""
        if self.model.open:
            self.remove(pick=pick)
        if self.reading:
            self.fail(pick=0) if is_failing else self.arrive(pick=0, has_images=True, keeps=1)
        self.restore(by="button")

    def model_restored(self):
        model = self.model
        if model.removed is None:
            return
        run, compared, was_wished, at = model.removed
        model.removed = None
        in_order = sorted((*model.listed, run), key=lambda each: (len(each.letter), each.letter))
        model.listed = tuple(in_order)
        model.note_list()
        if run.key in compared:
            ahead = compared[: compared.index(run.key)]
            place = max((n for n, key in enumerate(model.compared, 1) if key in ahead), default=0)
            model.compared = (*model.compared[:place], run.key, *model.compared[place:])
        if was_wished:
            model.run, model.at = run.key, at
        model.follow()

    @rule(pick=ANY, name=st.sampled_from(("mine", "yours", "")))
    @precondition(lambda self: self.model.open)
    def rename(self, pick, name):
        place = pick % len(self.model.open)
        self.registry.rename(self.registry[place], name)
        self.model.open[place].name = name or self.model.open[place].name
        self.check()

    @rule(pick=ANY, is_bent=st.booleans())
    @precondition(lambda self: self.model.open)
    def bend(self, pick, is_bent):
        run, bends = self.model.open[pick % len(self.model.open)], MUTED if is_bent else ()
        self.model.weights += run is self.model.shown and self.bending.of(run.run_id) != bends
        self.bending.bend(run.run_id, bends)
        self.model.bent = self.model.bent - {run.key} | ({run.key} if is_bent else set())
        assert [self.bending.of(each.run_id) != () for each in self.model.open] == [
            each.key in self.model.bent for each in self.model.open
        ]
        self.check()

    # What is hidden.

    @rule(page=st.sampled_from((0, 1)))
    def turn(self, page):
        self.pages.setCurrentIndex(page)
        self.check()

    @rule(is_shown=st.booleans())
    def minimise(self, is_shown):
        self.pages.setVisible(is_shown)
        self.check()

    # What arrives.

    def tell(self, *events, changes=1, is_anew=False):
        self.registry.handle_events(events)
        self.check(changes, is_anew=is_anew)

    @rule(pick=ANY, has_images=st.booleans(), keeps=st.sampled_from((1, 1, 2)))
    @precondition(lambda self: self.reading)
    def arrive(self, pick, has_images, keeps):
        """What was asked for is read, now or late; later, images or half the weights may be gone."""
        run_id, source = self.take_read(pick)
        model = self.model
        name, recorded = source.name, source.recorded[::keeps]
        has_images = has_images == source.has_images
        about = replace(
            ABOUT, run_id=run_id, name=name, source=self.folder / name, uuid=source.uuid,
            examples=ABOUT.examples if has_images else None,
        )  # fmt: skip
        event = RunOpened(about, history(source.losses), recorded, Snapshot(source.newest, bright(0.5)))
        run = next((run for run in self.all_known if run.run_id == run_id), None)
        before, wished, is_anew = model.shown, model.run, False
        if run is not None and not run.is_open and (same := self.same_as(source)) is not None:
            model.listed = tuple(each for each in model.listed if each is not run)
            self.must_forget.append(run_id)
            model.note_list()
            if wished == run.key:
                model.choose(same)
        elif run is not None:
            if is_new := not run.is_open:
                model.give_key(run, f"id:{source.uuid}")
                model.note_list()
            wished = model.run
            run.is_open, run.uuid, run.losses = True, source.uuid, source.losses
            run.recorded, run.newest, run.has_images = list(recorded), source.newest, has_images
            model.follow()
            is_anew = run is model.shown and has_images != model.has_images
            model.moved(run)
            if is_new:
                self.registry.handle_events((event,))
                run.name = self.registry.find(run_id).description.name
                assert run.name not in {each.name for each in model.open if each is not run}
                assert model.run == wished
                assert model.shown in {before, run}, "what arrives moves nothing else"
                self.check(changes=3)
                return
        self.tell(event, changes=3, is_anew=is_anew)

    def take_read(self, pick):
        QCoreApplication.sendPostedEvents(self.reader, QEvent.Type.MetaCall)
        n = pick % len(self.reading)
        del self.reader.asked[n]
        return self.reading.pop(n)

    def same_as(self, source):
        """The open folder of which this one is a copy, with no epoch that it lacks."""
        same = (run for run in self.model.open if run.source is not None and run.uuid == source.uuid)
        folders = (run for run in same if run.source.is_folder and source.is_folder)
        return next((run for run in folders if run.losses[: len(source.losses)] == source.losses), None)

    @rule(pick=ANY)
    @precondition(lambda self: self.reading)
    def fail(self, pick):
        run_id, _ = self.take_read(pick)
        self.reader.open_failed.emit(run_id, "It cannot be read.", "")
        QCoreApplication.sendPostedEvents(self.registry, QEvent.Type.MetaCall)
        model = self.model
        left = tuple(run for run in model.listed if run.is_open or run.run_id != run_id)
        if left != model.listed:
            model.listed = left
            model.note_list()
        self.check()

    @rule(pick=ANY, is_new=st.booleans())
    def train(self, pick, is_new):
        """A training starts or resumes, and takes the view."""
        model = self.model
        awaited = {run_id for run_id, _ in self.reading}
        resting = [run for run in model.open if not run.is_trained and run.run_id not in awaited]
        if is_new or not resting:
            self.trained += 1
            name = f"trained {self.trained}"
            run = Known(f"id:{name}", None, name, f"id:{new_uuid()}")
            run.uuid = run.key.removeprefix("id:")
            model.listed = (*model.listed, run)
            model.note_list()
        else:
            run = resting[pick % len(resting)]
        was_shown, had_images = model.shown is run, model.has_images
        run.is_open = run.is_trained = run.was_trained = run.has_images = True
        run.recorded = list(run.recorded or ())[:2]
        run.newest = run.recorded[-1] if run.recorded else UNTRAINED
        path = None if run.source is None else self.folder / run.source.name
        about = replace(ABOUT, run_id=run.run_id, name=run.name, source=path, uuid=run.uuid)
        model.choose(run)
        model.moved(run)
        event = TrainingStarted(about, history(run.losses), tuple(run.recorded))
        self.tell(event, changes=3, is_anew=was_shown and not had_images)

    @rule(picks=st.lists(ANY, min_size=1, max_size=3), is_recorded=st.booleans())
    @precondition(lambda self: self.model.open)
    def gain(self, picks, is_recorded):
        """Some runs, also the one that can come back, gain weights."""
        events, runs = [], []
        known = [run for run in self.all_known if run.is_open]
        for pick in picks:
            run = known[pick % len(known)]
            epoch, step = run.newest
            run.newest = Position(epoch + 1) if is_recorded else Position(epoch, step + 3)
            events.append(SnapshotTaken(run.run_id, Snapshot(run.newest, bright(0.5)), is_recorded))
            if is_recorded:
                run.recorded.append(run.newest)
                run.losses = (*run.losses, float(len(run.losses)))
                events.append(EpochCompleted(run.run_id, EpochRecord(9, {"loss": run.losses[-1]})))
            runs.append(run)
        for run in {*runs}:
            self.model.moved(run)
        self.tell(*events)

    @rule(pick=ANY, every=st.sampled_from((2, 3)))
    @precondition(lambda self: self.model.open)
    def drop(self, pick, every):
        """Weights that were recorded are retained no longer."""
        run = self.model.open[pick % len(self.model.open)]
        dropped = tuple(run.recorded[1::every])
        run.recorded = [place for place in run.recorded if place not in dropped]
        self.model.moved(run)
        self.tell(SnapshotsDropped(run.run_id, dropped))

    @rule()
    def end(self):
        """The oldest training ends."""
        run = next((run for run in self.model.open if run.is_trained), None)
        if run is not None:
            run.is_trained = False
            self.model.moved(run)
            self.tell(TrainingEnded(run.run_id, run.newest, complete=False))


def test_what_is_shown_follows_from_the_wish_the_open_runs_and_what_was_shown_before(qapp, tmp_path):
    """Also twice, back, late, hidden and shown, removed, restored and trained."""
    for source in SOURCES:
        (tmp_path / source.name).mkdir() if source.is_folder else (tmp_path / source.name).touch()
    walk = type("WalkHere", (Walk,), {"folder": tmp_path})
    is_search = not hypothesis.settings.default.derandomize
    run_state_machine_as_test(
        walk,
        settings=hypothesis.settings(
            max_examples=400 if is_search else 80,
            stateful_step_count=50,
            phases=[Phase.generate, *([Phase.shrink] if is_search else [])],
        ),
    )
