"""The bar that says which dataset is shown, and selects and sorts its images."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QLineEdit, QMenu, QWidget

from cadl_gui.domain.dataset_answers import PARTS
from cadl_gui.domain.dataset_description import DatasetDescription
from cadl_gui.domain.dataset_requests import ImageSelection, SortKey
from cadl_gui.domain.dataset_source import DatasetSource
from cadl_gui.domain.preparing_options import path_of
from cadl_gui.domain.view import DataView
from cadl_gui.engine.view_state import ViewState
from cadl_gui.system.words import _
from cadl_gui.ui.actions import literal
from cadl_gui.ui.chosen import Chosen
from cadl_gui.ui.controls.elided_label import ElidedLabel
from cadl_gui.ui.controls.no_scroll_combo_box import named_combo
from cadl_gui.ui.controls.parts import column_in, named, open_menu, push_button, row_of
from cadl_gui.ui.controls.timer import Timer
from cadl_gui.ui.dataset_openers import dataset_openers
from cadl_gui.ui.plain_tip import plain_tip
from cadl_gui.ui.theme.icon import icon
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_MIDDLE = Qt.TextElideMode.ElideMiddle
_MOST_NAME_PX = 200
_TYPED_MS = 250
"""The file names are searched so long after the last letter."""

_SORTS: tuple[tuple[str, SortKey, str], ...] = (
    (_("By number"), "number", _("In the order of the dataset")),
    (_("By class"), "class", _("Each class in rows of its own")),
    (_("By brightness"), "brightness", _("The darkest first")),
    (_("By file name"), "name", _("2.png before 10.png")),
    (_("Strangest to"), "error", _("First the images that the network gets most wrong")),
)


class DataBar(QWidget):
    """Describes the dataset, opens another, and has the filters.

    Args:
        theme: for icons and sizes.
        view: has what is chosen.
        sources: kinds of datasets that can be opened.
        ask_for: opens a dataset by its name or path.
    """

    def __init__(
        self,
        theme: Theme,
        view: ViewState,
        sources: Sequence[DatasetSource],
        ask_for: Callable[[str], object],
    ) -> None:
        super().__init__()
        self._theme = theme
        self._view = view
        self._ask_for = ask_for
        self._dataset = ""
        self._about: DatasetDescription | None = None
        self._error_run = self._text_of_line = self._details_of_line = self._offered = ""
        self._is_classifier = False
        self._line = ElidedLabel("datasetLine")
        tip = _("Look up the dataset that the run was trained on")
        self._offer = push_button(_("Open the run’s dataset…"), "openNamedButton", tip, self._open_offered)
        self._offer.hide()
        tip = _("Open another dataset, for this tab and the next run")
        self._open_button = push_button(_("Open…"), "openSourceButton", tip)
        self._open_button.setIcon(icon("folder-open", theme))
        open_menu(self._open_button, self._opening_menu(sources))
        self._labels = named_combo("labelFilter", _("Class"), _("Which classes are shown"))
        self._predicted = named_combo(
            "predictionFilter", _("Prediction"), _("What the network takes the images for")
        )
        self._parts = named_combo(
            "splitFilter", _("Part of the split"), _("Which part of the split is shown")
        )
        parts = ((part.capitalize(), number) for number, part in enumerate(PARTS))
        self._parts.offer_entries([(_("All parts"), None), *parts])
        self._sort = named_combo("sortCombo", _("Order"), _("In which order the images are shown"))
        self._text = named(QLineEdit(), "nameFilter", says=_("Text in the file name"))
        self._text.setPlaceholderText(_("File name contains…"))
        self._text.setClearButtonEnabled(True)
        self._typing = Timer(self, self._choose, _TYPED_MS)
        tip = _("Show in colours which images train, validate and test")
        self._parts_check = named(QCheckBox(_("Show split")), "partsCheck", tip)
        theme.stage.put(When.DETAILS, self._parts_check)
        theme.stage.put(When.AT_A_DESK, self._text)
        self._lay_out()
        self._connect()
        self._chosen_sort = Chosen(self._sort, view, "data", "sort")
        Chosen(self._parts, view, "data", "part")
        Chosen(self._parts_check, view, "data", "shows_split")
        self.set_dataset("", None)
        view.bind(self, lambda: view.value.data, self._show_chosen)

    @property
    def selection(self) -> ImageSelection:
        """The images to show, and their order, as far as the dataset has them."""
        chosen, key = self._chosen, self._view.value.data.sort
        return ImageSelection(
            next((each for _, each, _ in _SORTS if each == key and self._sort.findData(key) >= 0), "number"),
            chosen.label if self._labels.findData(chosen.label) >= 0 else None,
            chosen.part if self._parts.findData(chosen.part) >= 0 else None,
            chosen.predicted if self._predicted.findData(chosen.predicted) >= 0 else None,
            chosen.search.strip() if self._has_names else "",
        )

    @property
    def _chosen(self) -> DataView:
        return self._view.value.data.about(self._dataset)

    @property
    def _has_names(self) -> bool:
        return self._about is not None and bool(self._about.file_names)

    def set_line(self, text: str, details: str = "") -> None:
        """Set the line that says which dataset is shown, and what it says more with Details."""
        self._text_of_line, self._details_of_line = text, details
        self._line.setToolTip(plain_tip(" · ".join(filter(None, (text, details)))))
        self._show_line()

    def set_dataset(self, name: str, about: DatasetDescription | None) -> None:
        """Offer what suits a dataset with this name; nothing while it is not there."""
        self._dataset, self._about = name, about
        names = () if about is None else about.class_names
        labels = ((class_name, label) for label, class_name in enumerate(names))
        self._labels.offer_entries([(_("All classes"), None), *labels])
        self._labels.setEnabled(bool(names))
        self.set_error_run(self._error_run, is_classifier=self._is_classifier)
        self._show_chosen()
        self._theme.stage.show(self._text, self._has_names)

    def set_error_run(self, letter: str, *, is_classifier: bool) -> None:
        """Offer to sort by the error of a run, and a filter by what a classifier predicts; "" offers none."""
        self._error_run, self._is_classifier = letter, is_classifier
        names = self._about.class_names if self._about is not None else ()
        has_labels = bool(names)
        predicted = enumerate(names if is_classifier else ())
        words = ((_("Predicted {name}").format(name=name), label) for label, name in predicted)
        self._predicted.offer_entries([(_("Any prediction"), None), *words])
        without = {"class": not has_labels, "name": not self._has_names, "error": not letter}
        first = _("{text} {letter} first")
        sorts = (
            (first.format(text=text, letter=letter) if key == "error" else text, key, tip)
            for text, key, tip in _SORTS
            if not without.get(key)
        )
        self._sort.offer_entries(list(sorts))
        self._chosen_sort.show()
        self._show_chosen()

    def _show_chosen(self) -> None:
        with QSignalBlocker(self._labels), QSignalBlocker(self._text), QSignalBlocker(self._predicted):
            self._predicted.setCurrentIndex(max(0, self._predicted.findData(self._chosen.predicted)))
            self._predicted.setVisible(self._predicted.currentIndex() > 0)
            # What leaves images out can be seen.
            self._theme.stage.put(When.DETAILS if self._chosen.part is None else When.ALWAYS, self._parts)
            self._labels.setCurrentIndex(max(0, self._labels.findData(self._chosen.label)))
            if self._text.text() != self._chosen.search:
                self._text.setText(self._chosen.search)

    @Slot()
    def _choose(self) -> None:
        label, search = self._labels.currentData(), self._text.text()
        predicted = self._predicted.currentData()
        self._view.change(data=replace(self._chosen, label=label, predicted=predicted, search=search))

    def offer(self, dataset: str) -> None:
        """Offer to open a dataset, as a configuration names it; "" offers none."""
        self._offered = dataset
        if dataset:
            name = Path(path_of(dataset)).name
            fitting = self._offer.fontMetrics().elidedText(name, _MIDDLE, _MOST_NAME_PX)
            self._offer.setText(_("Open {fitting}…").format(fitting=literal(fitting)))
        self._offer.setVisible(bool(dataset))

    @Slot()
    def _show_line(self) -> None:
        self._line.setText(self._theme.stage.words(self._text_of_line, self._details_of_line))

    def _opening_menu(self, sources: Sequence[DatasetSource]) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for source in sources:
            if source.name:
                ships = menu.addAction(source.title)
                ships.setToolTip(source.help)
                ships.setData(source.name)
        menu.addSeparator()
        self._openers = {opener.text: opener for opener in dataset_openers(sources)}
        for text, opener in self._openers.items():
            menu.addAction(text).setToolTip(opener.help)
        menu.aboutToShow.connect(self._offer_kinds)
        menu.triggered.connect(self._on_opener)
        return menu

    def _lay_out(self) -> None:
        above = row_of(GAP_SMALL_PX, (self._line, 1), self._offer, self._open_button)
        combos = ((combo, 2) for combo in (self._labels, self._predicted, self._parts, self._sort))
        filters = row_of(GAP_SMALL_PX, *combos, (self._text, 3), self._parts_check)
        filters.addStretch(3)
        column_in(self, GAP_SMALL_PX, above, filters)

    def _connect(self) -> None:
        for combo in (self._labels, self._predicted):
            combo.currentIndexChanged.connect(self._choose)
        self._text.textChanged.connect(self._typing.start)
        self._theme.changed.connect(self._show_line)

    @Slot()
    def _open_offered(self) -> None:
        self._ask_for(self._offered)

    @Slot()
    def _offer_kinds(self) -> None:
        """Offer the files that programs write with Details only."""
        has_details = self._theme.stage.has(When.DETAILS)
        for action in self._open_button.menu().actions():
            opener = self._openers.get(action.text())
            action.setVisible(opener is None or has_details or not opener.source.is_detail)

    @Slot(QAction)
    def _on_opener(self, action: QAction) -> None:
        """Open the dataset that was chosen in the menu, or ask for files of the kind."""
        path = action.data() or self._openers[action.text()].ask(self)
        if path is not None:
            self._ask_for(str(path))
