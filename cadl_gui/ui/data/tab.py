"""The Data tab: all images of a dataset, and each one large."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.dataset_description import DatasetDescription, DatasetImage
from cadl_gui.domain.dataset_requests import FetchImage
from cadl_gui.domain.drawing import Drawing
from cadl_gui.domain.drawing_form import INK, DrawingForm
from cadl_gui.engine.question import Question
from cadl_gui.engine.run import Run
from cadl_gui.imaging.drawing.picture import beneath_strokes
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.controls.parts import column_in, row_of
from cadl_gui.ui.controls.timer import Timer
from cadl_gui.ui.data import dataset_montage, reinterpret_panel
from cadl_gui.ui.data.data_bar import DataBar
from cadl_gui.ui.data.dataset_montage import DatasetMontage
from cadl_gui.ui.data.dataset_side import DatasetSide
from cadl_gui.ui.data.montage_controller import MontageController
from cadl_gui.ui.data.shown_dataset import ShownDataset
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.tab_page import PageContext, TabPage
from cadl_gui.ui.tab_run import shown_last
from cadl_gui.ui.tabs import TABS
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX, PAGE_MARGIN_PX

if TYPE_CHECKING:
    from cadl_gui.domain.dataset_requests import DatasetRef

_SETTLED_MS = 300
"""Images are sorted by error anew so long after the timeline stopped moving."""

_SIDE_EMS, _SIDE_SHARE, _MOST_SIDE_SHARE = 23, 4, 2
"""Least width of the column beside the images, and the shares of the page that it has, and has at most."""


class DataTab(TabPage):
    """Shows the dataset of the run shown, or the one that the user chose last."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        engine, theme = context.engine, context.theme
        self._bar = DataBar(theme, engine.view, engine.dataset_sources, engine.opened_datasets.asked_for.emit)
        self._montage = DatasetMontage(theme, empty_text=_("Reading the dataset…"), view=engine.view)
        self._montage.setObjectName("datasetMontage")
        self._panel = FigurePanel(self._montage, theme, engine.jobs, _("Images"))
        self._side = DatasetSide(engine, theme)
        self._shown = ShownDataset(engine, self)
        self._controller = MontageController(engine, self._montage, self)
        self._fetching = Question(engine, self, self._fetch, self._controller.open_again, page=self)
        self._dataset: DatasetRef | None = None
        self._about: DatasetDescription | None = None
        self._image: DatasetImage | None = None
        self._is_outdated = False
        self._settled = Timer(self, self._sort_again, _SETTLED_MS)
        self.action_set = ActionSet(ROWS, self, theme, self)
        self._lay_out()
        self._connect()
        self._on_dataset_changed()
        self._arrange()

    @property
    def targets(self) -> Mapping[str, Run | None]:
        """The runs that show the chosen image, by the id of the tab; None where there is none to ask."""
        about, runs, takers = self._about, tuple(self._engine.runs), dict[str, Run | None]()
        if self._image is None or about is None:
            return {}
        suited = [(tab, run) for tab in ("latent", "draw") for run in reversed(self._suited(tab))]
        if (shown := self._engine.view.run) is not None and not shown.description.is_graph:
            suited.append(("inspect", shown))
        takers |= {tab: run for tab, run in suited if run.description.image_shape == about.image_shape}
        # Without any run, Draw takes what MNIST's networks would take.
        is_ink = DrawingForm(about.image_shape, about.is_ink_on_black) == INK
        return takers | ({"draw": None} if is_ink and not runs else {})

    def _suited(self, tab: str) -> Sequence[Run]:
        """Return the runs that suit the tab with this id, the one that it shows first."""
        suits = next(spec.load().suits for spec in TABS if spec.id == tab)
        runs = (*shown_last(self._engine), *self._engine.runs)
        return [run for run in runs if suits(run.description)]

    @Slot(str)
    def send(self, tab: str) -> None:
        """Show the chosen image in the tab with this id, by one change of the view."""
        if self._image is None or tab not in self.targets:
            return
        view, image, run = self._engine.view, self._image, self.targets[tab]
        wish, parts = view.value, dict[str, Any](tab=f"{tab}Tab")
        if run is not None and run is not self._suited(tab)[0]:
            parts |= {"run": self._engine.runs.key(run), "at": None}
        match tab:
            case "draw":
                form = INK if run is None else DrawingForm.of(run.description)
                drawing = Drawing(image=beneath_strokes(image.image, form))
                view.change(draw=wish.draw.with_sheet(form, drawing), undo=_("image"), **parts)
            case "latent":
                view.change(latent=replace(wish.latent, to_place=(self._name, image.number)), **parts)
            case _:
                inspect = replace(wish.inspect, source="data", dataset=self._name, number=image.number)
                view.change(inspect=replace(inspect, view="activations"), **parts)

    @property
    def is_labelled(self) -> bool:
        """Whether the images shown have labels."""
        return self._about is not None and self._about.labels is not None

    def show_label(self) -> None:
        """Show the chosen image with its label, or the first one."""
        view, number = self._engine.view, 0 if self._image is None else self._image.number
        view.change(data=replace(view.value.data.about(self._name), image=number, page="image"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the column its share."""
        super().resizeEvent(event)
        self._arrange()

    def main_view(self) -> QWidget:
        """Return the montage."""
        return self._montage

    def _lay_out(self) -> None:
        body = row_of(GAP_PX, (self._panel, 1), self._side)
        margins = (PAGE_MARGIN_PX, GAP_SMALL_PX, PAGE_MARGIN_PX, GAP_SMALL_PX)
        column_in(self, GAP_SMALL_PX, self._bar, (body, 1), margins=margins)

    def _connect(self) -> None:
        view, controller = self._engine.view, self._controller
        self._shown.changed.connect(self._on_dataset_changed)
        controller.described.connect(self._on_described)
        controller.counted.connect(self._panel.set_note)
        controller.unreadable.connect(self._on_unreadable)
        self._montage.image_chosen.connect(self._choose_image)
        view.bind(self, lambda: view.value.data.shows_split, self._show_split)
        view.bind(self, lambda: view.value.data, self._show_selection)
        view.bind(self, self._wished_image, self._show_image)
        # Also while it is hidden: what is sorted by error has to be sorted anew when it is shown.
        view.bind(self._shown, lambda: view.shown, self._on_position_changed)
        view.bind(self._shown, lambda: view.is_live, self._outdate)  # the newest weights may have been others
        self.visibility_changed.connect(self._plan_sorting)
        view.bind(self._shown, lambda: self._engine.training.status, self._plan_sorting)
        view.bind(self._shown, lambda: self._engine.runs.descriptions, self._refresh)
        view.bind(self, lambda: view.run, self._refresh)
        self._side.outdated.connect(controller.open_again)
        self._side.image.send_wanted.connect(self.send)
        self._side.duplicates.image_chosen.connect(self._choose_image)
        controller.ordered.connect(self._side.reinterpretation.set_numbers)
        controller.counted.connect(self._show_error)  # also when another order begins
        self._theme.changed.connect(self._arrange)

    @Slot()
    def _refresh(self) -> None:
        self.action_set.refresh()
        self._side.image.set_targets(self.targets)

    @Slot()
    def _arrange(self) -> None:
        wanted = max(_SIDE_EMS * self._theme.sizes.body, self.width() // _SIDE_SHARE)
        self._side.setFixedWidth(min(wanted, self.width() // _MOST_SIDE_SHARE))

    @Slot(bool)
    def _on_dataset_changed(self, is_anew: bool = False) -> None:
        dataset = self._shown.dataset
        if dataset is None:
            return
        run, is_asked_for = self._shown.run, self._shown.is_asked_for
        if not is_anew and dataset == self._dataset and (self._about is not None or not is_asked_for):
            # The same images, split alike: only whose errors may sort them has changed.
            self._controller.set_run(run)
        else:
            self._dataset, self._about = dataset, None
            self._forget_image()
            self._side.set_dataset(None, None)
            self._bar.set_dataset(self._name, None)
            self._bar.offer("")
            self._controller.show_dataset(dataset, is_asked_for=is_asked_for, run=run)
        self._describe()

    def _describe(self) -> None:
        run, about = self._shown.run, self._about
        whose = "" if run is None else _(" · split as in {letter}").format(letter=run.letter)
        self._bar.set_line(str(about or ""), "" if about is None else f"{about.split}{whose}")
        is_classifier = run is not None and run.description.config.model.is_classifier
        self._bar.set_error_run("" if run is None else run.letter, is_classifier=is_classifier)
        self._show_selection()

    @Slot(object)
    def _on_described(self, about: DatasetDescription) -> None:
        self._about = about
        self._describe()
        self._bar.set_dataset(self._name, about)
        self._side.set_dataset(self._dataset, about)
        self._show_selection()
        self._show_image()

    @Slot()
    def _on_unreadable(self) -> None:
        """Offer to look up a dataset that only a run names."""
        if self._dataset is not None and not self._shown.is_asked_for:
            self._bar.offer(self._name)

    def _show_selection(self) -> None:
        if self._controller.select(self._bar.selection) and not self._follows_training:
            self._settled.stop()  # they are sorted by the weights shown
            self._is_outdated = False

    def _show_split(self) -> None:
        self._montage.set_parts_shown(self._engine.view.value.data.shows_split)

    @Slot()
    def _on_position_changed(self) -> None:
        if not self._engine.view.is_live or self._follows_training:
            self._outdate()

    def _outdate(self) -> None:
        self._is_outdated = True
        self._plan_sorting()

    @property
    def _follows_training(self) -> bool:
        view = self._engine.view
        return view.is_live and self._engine.training.trains(view.run)

    @Slot()
    def _plan_sorting(self) -> None:
        """Sort anew by error, but not while a training goes on: the images would never stay in place."""
        if self._is_outdated and self.isVisible() and not self._follows_training:
            self._settled.start()

    @Slot()
    def _sort_again(self) -> None:
        self._is_outdated = False
        self._controller.sort_again()

    @property
    def _name(self) -> str:
        return "" if self._dataset is None else self._dataset.config.dataset

    @Slot(int)
    def _choose_image(self, number: int) -> None:
        """Choose an image, which a filter may hide in the montage."""
        view = self._engine.view
        chosen = view.value.data.about(self._name)
        page = chosen.page if chosen.page == "reinterpret" else "image"
        self._montage.bring_into_view(number)
        view.change(data=replace(chosen, image=number, page=page))

    def _wished_image(self) -> int | None:
        number = self._engine.view.value.data.about(self._name).image
        return number if self._about is not None and number is not None and number < self._about.n else None

    def _show_image(self) -> None:
        number = self._wished_image()
        if number is None or self._dataset is None:
            self._forget_image()
        else:
            self._montage.choose(number)
            self._fetching.follow(FetchImage(self._dataset, number))

    async def _fetch(self, request: FetchImage) -> None:
        self._image, _ = await request
        self._show_error()
        self._refresh()

    @Slot()
    def _show_error(self) -> None:
        image = self._image
        self._side.set_image(image, "" if image is None else self._controller.error_text(image.number))

    def _forget_image(self) -> None:
        self._fetching.cancel()
        self._montage.choose(None)
        self._image = None
        self._side.set_image(None)
        self._refresh()


def _send_row(tab: str, title: str, key: str, about: str) -> ActionRow[DataTab]:
    return ActionRow(
        key=f"sendTo{title}", menu="Data", text=_("Show in {tab}").format(tab=_(title)),
        help=about, shortcuts=(key,),
        callback=lambda host: host.send(tab), enabled=lambda host: tab in host.targets,
        why_not=lambda _host: _("Choose an image that an open network takes."),
    )  # fmt: skip


ROWS = (
    _send_row("draw", "Draw", "D", _("The chosen image becomes the drawing.")),
    _send_row("latent", "Latent", "L", _("Set a pin where the chosen image is encoded.")),
    _send_row("inspect", "Inspect", "I", _("Follow the chosen image through the network.")),
    ActionRow(
        key="showOneHot", menu="Data", text="Show a label one-hot",
        help="See an image's label as the network is given it: 1 for its class, 0 for every other one.",
        callback=DataTab.show_label, enabled=lambda host: host.is_labelled,
        why_not=lambda _host: _("Open a dataset that has labels."),
    ),
)  # fmt: skip
DataTab.ACTIONS = (*ROWS, *dataset_montage.ROWS, *reinterpret_panel.ROWS)
