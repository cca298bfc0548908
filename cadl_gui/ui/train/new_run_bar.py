"""The head of the card from which a new run is trained."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.formatting import count_text
from cadl_gui.engine.engine import Engine
from cadl_gui.system.words import _
from cadl_gui.ui.controls.action_button import ActionButton
from cadl_gui.ui.controls.field_editor import wrapped_label
from cadl_gui.ui.controls.parts import label, named, push_button, row_in
from cadl_gui.ui.progress_text import time_text
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_MOST_LETTERS = 28


class NewRunBar(QWidget):
    """“Next run”, Train, Race, and Settings, which shows the form.

    What is wrong with the settings stands here too, since their field may be hidden or scrolled away. So do
    corrected images that the run would learn from, which can be left out.

    Args:
        engine: Knows what is being trained, and the settings of the next run.
        theme: Tells whether present mode is on, which has only Train, and what it trains.
        actions: The window's actions, by key.
    """

    def __init__(self, engine: Engine, theme: Theme, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self._engine = engine
        self._stage = theme.stage
        self._title = label("", "formTitle", textRole="section")
        self._note = wrapped_label("", "formNote")
        train = named(ActionButton(actions["train"]), "", primary=True)
        others = ActionButton(actions["race"]), ActionButton(actions["form"], flat=True, text=_("Settings"))
        tip = _("Train the next run without the corrected images")
        self._leave_out = push_button(_("Leave out"), "leaveOutButton", tip, self._on_leave_out, flat=True)
        row = row_in(self, GAP_SMALL_PX, self._title, train, *others, (self._note, 1), self._leave_out)
        row.addStretch()
        self._stage.put(When.AT_A_DESK, *others)
        engine.view.bind(self, lambda: (*self._what_to_say(), theme.look), self._refresh)

    @Slot()
    def _on_leave_out(self) -> None:
        view = self._engine.view
        view.change(next=view.value.next.replace(labelled_examples=""))

    def _what_to_say(self) -> tuple[object, ...]:
        engine, view = self._engine, self._engine.view.value
        chosen = view.next, view.train.form, view.draw.labelled
        return chosen, engine.runs.descriptions, engine.training.status, engine.opened_datasets.n_seen

    @Slot()
    def _refresh(self) -> None:
        # The run shown, whose images and curves are above it, was trained with settings of its own.
        view, presents, title = self._engine.view.value, self._stage.presents, _("Next run")
        if presents:
            title = _("Next run: {preset}").format(preset=view.next["preset"])
        elif view.train.form:
            title = _("Settings of the next run")
        self._title.setText(title)
        checked, examples = self._engine.check_next(), view.next["labelled_examples"]
        error = checked.error
        self._leave_out.setVisible(bool(examples))
        # While a class looks on, the row stays as it is when a training begins.
        about = () if presents else (self._learning_rate_note(), self._time_note(checked.trainable))
        text = error or " ".join(filter(None, (self._examples_note(examples), *about)))
        self._note.setText(text)
        # No wider, so that the button is beside it.
        self._note.setMaximumWidth(self._note.fontMetrics().horizontalAdvance(text) + 2 * GAP_SMALL_PX)
        self._stage.put(When.ALWAYS if error or examples else When.AT_A_DESK, self._note)
        set_style_property(self._note, "invalid", value=bool(error))
        set_style_property(self._note, "secondary", value=not (error or examples))

    def _examples_note(self, path: str) -> str:
        if not path:
            return ""
        n = sum(each.saved == path for each in self._engine.view.value.draw.labelled)
        few = _(": one alone changes little, several help") if n == 1 else ""
        return _("Learns from {examples}, too{few}.").format(
            examples=count_text(n, "corrected image") if n else f"“{Path(path).name}”", few=few
        )

    def _time_note(self, config: RunConfig | None) -> str:
        if config is None or self._engine.training.run is not None:
            return ""
        time = time_text(config, self._engine)
        is_slow = time and config.data.labelled_examples and config.model.convolutional
        return _("{time} The preset softmax is much faster.").format(time=time) if is_slow else time

    def _learning_rate_note(self) -> str:
        trained = self._engine.training.run
        if trained is None or not self._engine.view.value.train.form:
            return ""
        name = trained.description.name
        if len(name) > _MOST_LETTERS:
            name = f"{name[: _MOST_LETTERS - 1]}…"
        return _("Changing the learning rate also affects {name}.").format(name=name)
