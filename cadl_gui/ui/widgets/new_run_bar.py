"""The head of the card from which a new run is trained."""

from collections.abc import Mapping

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from cadl_gui.engine.engine import Engine
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX
from cadl_gui.ui.widgets.action_button import ActionButton
from cadl_gui.ui.widgets.field_editor import wrapped_label

_MOST_LETTERS = 28


class NewRunBar(QWidget):
    """“Next run”, Train, Race, and Settings, which shows the form.

    What is wrong with the settings stands here too, since their field may be hidden or scrolled away.

    Args:
        engine: Knows what is being trained, and the settings of the next run.
        actions: The window's actions, by key.
    """

    def __init__(
        self,
        engine: Engine,
        actions: Mapping[str, QAction],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._title = QLabel()
        self._title.setObjectName("formTitle")
        set_style_property(self._title, "textRole", "section")
        self._note = wrapped_label()
        self._note.setObjectName("formNote")
        train = ActionButton(actions["train"])
        set_style_property(train, "primary", value=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_SMALL_PX)
        row.addWidget(self._title)
        row.addWidget(train)
        row.addWidget(ActionButton(actions["race"]))
        row.addWidget(ActionButton(actions["form"], flat=True, text="Settings"))
        row.addWidget(self._note, stretch=1)
        engine.training.state_changed.connect(self._refresh)
        engine.runs.renamed.connect(self._refresh)
        engine.opened_datasets.seen.connect(self._refresh)
        view = engine.view
        view.bind(self, lambda: (view.value.next, view.value.train.form), self._refresh)

    @Slot()
    def _refresh(self) -> None:
        # The run shown, whose images and curves are above it, was trained with settings of its own.
        self._title.setText("Settings of the next run" if self._engine.view.value.train.form else "Next run")
        error = self._engine.check_next().error
        self._note.setText(error or self._learning_rate_note())
        set_style_property(self._note, "invalid", value=bool(error))
        set_style_property(self._note, "secondary", value=not error)

    def _learning_rate_note(self) -> str:
        trained = self._engine.training.run
        if trained is None or not self._engine.view.value.train.form:
            return ""
        name = trained.description.name
        if len(name) > _MOST_LETTERS:
            name = f"{name[: _MOST_LETTERS - 1]}…"
        return f"Changing the learning rate also affects {name}."
