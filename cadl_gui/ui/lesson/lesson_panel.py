"""The panel beside the page in which a lesson is played."""

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QAction, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)

from cadl_gui.domain.lesson import Step
from cadl_gui.domain.lesson_block import Question
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionSet, literal
from cadl_gui.ui.controls.action_button import ActionButton, tool_button
from cadl_gui.ui.controls.choice_group import ChoiceGroup
from cadl_gui.ui.controls.parts import column_in, label, named, open_menu, push_button
from cadl_gui.ui.lesson.prose import Prose
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX, PAGE_MARGIN_PX, SEMIBOLD, UNIT_PX

_END = _("This is the last step: Finish closes the lesson.")

_KEPT = _("Noted. It stays here until the answers are cleared.")

_TO_WRITE = _("No text yet: press Edit step… to write it.")

_MORE_LINES, _MOST_LETTERS = 2, 1_000
"""Of an answer: lines of a text beyond the first, and what is kept of it."""


@dataclass(frozen=True)
class ShownStep:
    """A step as it is shown.

    Attributes:
        lesson: title of the lesson.
        number: number of the step, from 0.
        step: the step.
        folder: where the lesson lies, with its images.
        texts: its prose, question, notes and hint as Markdown, with links.
        answer: what was answered; "" for nothing yet.
        is_done: whether the step is done.
        fault: what is said of a step that cannot be played; "" if it can.
        to_train: what is said of a run that the step shows and that is not trained yet; "" if there is none.
        may_retry: whether the answer may be given once more, before the right one is said.
        is_own: whether the teacher can write the lesson.
        steps: titles of all steps, and whether each is done.
    """

    lesson: str
    number: int
    step: Step
    folder: Path
    texts: tuple[str, ...]
    answer: str = ""
    is_done: bool = False
    fault: str = ""
    to_train: str = ""
    may_retry: bool = False
    is_own: bool = False
    steps: tuple[tuple[str, bool], ...] = ()


class LessonPanel(QWidget):
    """Shows a step: its text, its question, whether it is done, and the way on.

    Args:
        theme: for sizes.
        actions: those of the lesson.
        train: the action that trains the next run.
        answer: called with what the class answered.
        point_at: called with a link that was clicked, such as “action:eraser”.
        enter: called with the number of a step, from 0, that was chosen.

    Signals:
        read: the step has come to its end in sight, or goes on below again.
    """

    read = Signal()
    _pointed = Signal(str)
    _chosen = Signal(int)

    def __init__(
        self,
        theme: Theme,
        actions: ActionSet,
        train: QAction,
        answer: Callable[[str], None],
        point_at: Callable[[str], None],
        enter: Callable[[int], None],
    ) -> None:
        super().__init__()
        self._pointed.connect(point_at)  # which holds it only weakly: its owner has this panel
        self._chosen.connect(enter)
        self.setObjectName("lessonPanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._shown: ShownStep | None = None
        self._lesson = label(name="lessonTitle", wraps=True, textRole="caption", secondary=True)
        tip = _("Go to another step.")
        self._progress = push_button("", "lessonProgress", tip, flat=True, opens=True)
        self._steps = QMenu(self)
        self._steps.aboutToShow.connect(self._list_steps)
        self._steps.triggered.connect(self._choose_step)
        open_menu(self._progress, self._steps)
        self._title = label(name="stepTitle", wraps=True, textRole="section")
        self._prose, self._question = named(Prose(), "stepText"), named(Prose(), "stepQuestion")
        self._notes, self._hint = named(Prose(), "stepNotes"), named(Prose(), "stepHint")
        for prose in (self._prose, self._question, self._notes, self._hint):
            prose.anchorClicked.connect(self._follow)
        self._answer = _Answer(theme)
        self._answer.given.connect(answer)
        said = "stepFault", "stepToWrite", "stepToTrain", "stepSaid"
        self._said = {name: label(name=name, wraps=True) for name in said}
        self._end = label(_END, "stepEnd", wraps=True, secondary=True)
        self._done = _kept(label(_("✓ Done"), "stepDone"))
        self._onwards, self._finish = (ActionButton(actions[key]) for key in ("nextStep", "finishLesson"))
        actions["finishLesson"].changed.connect(self._show_way_on)
        self._everything = ActionButton(actions["showEverything"], flat=True)
        self._train = named(ActionButton(train), "lessonTrainButton")
        self._edit, self._record = (ActionButton(actions[key]) for key in ("editStep", "recordStep"))
        self._shows_notes, self._notes_switch = False, ActionButton(actions["teachersNotes"], flat=True)
        at_a_desk = self._notes, self._notes_switch, self._end, self._edit, self._record
        theme.stage.put(When.AT_A_DESK, *at_a_desk)
        self._lay_out(actions)
        self._show_way_on()
        theme.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def _lay_out(self, actions: ActionSet) -> None:
        head = QHBoxLayout()
        head.addWidget(self._lesson, stretch=1)
        close = tool_button(actions["closeLesson"])
        head.addWidget(close)
        # A projector has little room, and a class must not close the lesson in place of present mode.
        self._theme.stage.put(When.AT_A_DESK, self._lesson, close)
        progress = QHBoxLayout()
        progress.addWidget(self._progress)
        progress.addStretch(1)
        progress.addWidget(self._done)
        content = self._content = QWidget()
        content.setProperty("scrolled", True)
        self._column = column_in(
            content, GAP_PX,
            self._said["stepFault"], self._said["stepToWrite"], self._prose, self._said["stepToTrain"],
            self._question, self._answer, self._hint,
            self._end, self._notes, self._said["stepSaid"], None,
            margins=(0, 0, GAP_SMALL_PX, 0),
        )  # fmt: skip
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setObjectName("stepScroll")
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the text has it, and ignores the arrows
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(content)
        self._bar = self._scroll.verticalScrollBar()
        for changed in (self._bar.rangeChanged, self._bar.valueChanged):
            changed.connect(self._mark_edge)
        foot = QGridLayout()
        foot.setSpacing(GAP_SMALL_PX)
        foot.addWidget(ActionButton(actions["previousStep"]), 0, 0)
        foot.addWidget(self._onwards, 0, 1)
        foot.addWidget(self._finish, 0, 1)
        foot.addWidget(ActionButton(actions["stepAgain"], flat=True), 1, 0)
        foot.addWidget(ActionButton(actions["stepHint"], flat=True), 1, 1)
        foot.addWidget(self._everything, 2, 0, 1, 2)
        foot.addWidget(self._notes_switch, 3, 0, 1, 2)
        foot.addWidget(self._edit, 4, 0)
        foot.addWidget(self._record, 4, 1)
        margins = (PAGE_MARGIN_PX, GAP_SMALL_PX, PAGE_MARGIN_PX, GAP_PX)
        column_in(
            self,
            GAP_SMALL_PX,
            head,
            progress,
            self._title,
            (self._scroll, 1),
            self._train,
            foot,
            margins=margins,
        )

    def show_step(self, shown: ShownStep) -> None:
        """Show a step, or what has changed of it."""
        before, self._shown = self._shown, shown
        step = shown.step
        is_other = before is None or before.step != step
        is_done = before is not None and before.is_done
        if is_other or shown.is_done is not is_done:
            self._hint.hide()
        if is_other:
            self._say("stepSaid", "")
        self._lesson.setText(shown.lesson)
        self._progress.setText(_("Step {number} of {n}").format(number=shown.number + 1, n=len(shown.steps)))
        self._title.setText(step.title)
        self._show_texts(anew=is_other)  # no word of a text that two steps have stays selected
        self._answer.show_question(step.ask, shown.answer, may_retry=shown.may_retry)
        if before is not None and not is_other and before.answer != shown.answer:
            top = self._bar.value()
            self._scroll.ensureWidgetVisible(self._answer)  # with what is said to it
            if self._bar.value() > top:
                self._show_from(self._bar.value())
        self._done.setVisible(shown.is_done)
        is_last = shown.number + 1 == len(shown.steps)
        self._theme.stage.show(self._end, is_last)
        is_written = is_last and shown.is_own  # Record step is what goes on there
        goes_on = (shown.is_done or not step.check) and not is_written
        for way_on in (self._onwards, self._finish):
            set_style_property(way_on, "primary", value=goes_on)
        self._say("stepFault", shown.fault)
        self._say("stepToWrite", _TO_WRITE if shown.is_own and not (step.prose or step.faults) else "")
        self._say("stepToTrain", shown.to_train)
        self._train.setVisible(bool(shown.to_train))
        self._everything.setVisible(bool(step.only))
        for tool in (self._edit, self._record):
            self._theme.stage.show(tool, shown.is_own)
        if is_other:
            self._leave_room(0)
            self._bar.setValue(0)  # last: the focus may have gone to what is below, and brought it in sight
        self._mark_edge()  # what appears in room that was kept moves no scroll bar

    @Slot()
    def _list_steps(self) -> None:
        self._steps.clear()
        assert self._shown is not None, "only then it is seen"
        for number, (title, is_done) in enumerate(self._shown.steps):
            action = self._steps.addAction(literal(f"{number + 1}. {title}"))
            action.setData(number)
            action.setCheckable(True)
            action.setChecked(is_done)
            if number == self._shown.number:
                self._steps.setDefaultAction(action)
                action.setFont(self._theme.font("body", SEMIBOLD))  # a menu with a style has no type for it

    @Slot(QAction)
    def _choose_step(self, action: QAction) -> None:
        self._chosen.emit(action.data())

    def show_hint(self) -> None:
        """Show what helps those who are stuck."""
        if self._shown is not None:
            self._hint.setVisible(bool(self._shown.step.hint))
            self._bring_in_sight(self._hint)

    def say(self, sentence: str) -> None:
        """Say where a control is that a link names and that is not in sight."""
        self._say("stepSaid", sentence)

    def _say(self, name: str, sentence: str) -> None:
        label = self._said[name]
        label.setText(sentence)
        label.setVisible(bool(sentence))
        if sentence and name == "stepSaid":
            self._bring_in_sight(label)

    def _bring_in_sight(self, widget: QWidget) -> None:
        if widget.isVisible():
            # It has its place only once the layouts have made room for it.
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
            self._scroll.ensureVisible(0, widget.geometry().bottom() + 1, 0, 0)

    def _show_texts(self, *, anew: bool = False) -> None:
        if self._shown is None:
            return
        texts = (self._prose, self._question, self._notes, self._hint)
        for prose, text in zip(texts, self._shown.texts, strict=True):
            prose.show_text(text, self._shown.folder, anew=anew)
            if prose in {self._prose, self._question}:
                prose.setVisible(bool(text))
        self.show_notes(self._shows_notes)

    def show_notes(self, shows: bool) -> None:
        """Show what only the teacher reads, or that there is nothing, of this step and those after it."""
        self._shows_notes = shows
        self._theme.stage.show(self._notes, shows and self._shown is not None)

    def forget(self) -> None:
        """Forget what was typed and not given, for another class."""
        self._answer.forget()

    @property
    def goes_on(self) -> bool:
        """Whether a part of the step is below what is in sight."""
        return bool(self._scroll.property("goesOn"))

    def read_on(self) -> None:
        """Scroll to what is below, and keep a line in sight; no line is cut at the upper edge."""
        line = self._title.fontMetrics().lineSpacing()
        now = self._bar.value()
        top = min(now + self._bar.pageStep() - line, self._bar.maximum())
        asked = self._question.y()
        if self._question.isVisible() and now < asked < top:
            top = asked  # it is read together with its answers
        self._show_from(top)

    def _show_from(self, top: int) -> None:
        """Scroll so far that this height, or a line that it cuts, is at the upper edge."""
        for prose in (self._prose, self._question, self._hint, self._notes):
            if prose.isVisible() and prose.y() <= top < prose.geometry().bottom():
                first, after = (prose.y() + y for y in prose.line_at(top - prose.y()))
                if first < top < after:
                    top = first if self._bar.value() < first and top < self._bar.maximum() else after
        self._leave_room(max(0, top - self._bar.maximum()))
        self._bar.setValue(top)

    def _leave_room(self, height: int) -> None:
        """Leave room below the step, so that its last lines can be scrolled to the upper edge."""
        margins = self._column.contentsMargins()
        margins.setBottom(height)
        self._column.setContentsMargins(margins)
        self._column.activate()
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)

    def focus_way_on(self) -> None:
        """Give the focus to the way on or, at the end, to the list of steps: Space finishes no lesson."""
        (self._progress if self._onwards.isHidden() else self._onwards).setFocus()

    def show_end(self) -> None:
        """Say that nothing follows, where that is not said already."""
        if self._end.isVisible():
            self._bring_in_sight(self._end)
        else:
            self.say(_END)

    @Slot()
    def _show_way_on(self) -> None:
        is_end = self._finish.isEnabled()
        if is_end and self._onwards.hasFocus():
            self._progress.setFocus()
        self._onwards.setVisible(not is_end)
        self._finish.setVisible(is_end)

    @Slot()
    def _mark_edge(self) -> None:
        """Draw the edge beneath which a step goes on; room that is only kept is nothing to be read."""
        shown = (
            each for each in self._content.findChildren(QWidget) if each.isVisible() and not each.layout()
        )
        end = max((each.mapTo(self._content, each.rect().bottomLeft()).y() for each in shown), default=0)
        goes_on = self._bar.value() + self._scroll.viewport().height() + UNIT_PX < end
        if self.goes_on is not goes_on:
            set_style_property(self._scroll, "goesOn", value=goes_on)
            self.read.emit()

    @Slot(QUrl)
    def _follow(self, link: QUrl) -> None:
        self.say("")
        self._pointed.emit(link.toString())

    @Slot()
    def _restyle(self) -> None:
        self.setFixedWidth(self._theme.sizes.lesson)
        # The room of the scroll bar is kept, so that nothing is wrapped anew when it appears.
        bar = self._bar.sizeHint().width()
        self._content.setFixedWidth(width := self._theme.sizes.lesson - 2 * PAGE_MARGIN_PX - bar)
        self._show_texts(anew=True)
        self._answer.setFixedWidth(width - GAP_SMALL_PX)
        self._answer.offer()


class _Field(QPlainTextEdit):
    """Takes what is typed; Return gives it, and with Shift begins a line.

    Signals:
        given: Return was pressed.
    """

    given = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_return = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if is_return and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.given.emit()
        else:
            super().keyPressEvent(event)


class _Answer(QWidget):
    """Takes the answer to a question, and says gently whether it is right.

    Signals:
        given: (str) an answer was given.
    """

    given = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._asked: Question | None = None
        self._answer = ""
        self._drafts: dict[Question, str] = {}  # what was typed and not given, when another step came
        self._group = ChoiceGroup(self)
        self._group.buttonClicked.connect(self._choose)
        self._field = named(_Field(tabChangesFocus=True), "answerEdit", says=_("Your answer"))
        self._field.given.connect(self._give)
        self._button = push_button(_("Answer"), "answerButton", slot=self._give)
        self._verdict = _kept(label(name="answerVerdict", wraps=True))
        self._choices = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._choices.setSpacing(GAP_SMALL_PX)
        row = QHBoxLayout()
        row.addWidget(self._field, stretch=1)
        row.addWidget(self._button)
        # The room of the verdict is kept from the start, so that an answer moves nothing.
        column_in(self, GAP_SMALL_PX, self._choices, row, self._verdict)

    def show_question(self, question: Question | None, answer: str, *, may_retry: bool = False) -> None:
        """Show what can be answered, and what was; the right answer only where none may be given again."""
        self._answer = answer
        if question != self._asked:
            if self._asked is not None and self._field.document().isModified():
                self._drafts[self._asked] = self._field.toPlainText()
            self._asked = question
            draft = None if question is None else self._drafts.pop(question, None)
            self._field.setPlainText(draft or "")
            self._field.document().setModified(draft is not None)
            self.offer()
        self._check_chosen()
        if not self._field.document().isModified() and self._field.toPlainText() != answer:
            self._field.setPlainText(answer)
        verdict = ""
        if question is not None:
            verdict = {True: _("Right"), False: _("Not quite"), None: _KEPT}[question.is_right(answer)]
            verdict += f": {question.solution}." if question.solution else ""
            verdict = _("{off} Try once more.").format(off=question.off(answer)) if may_retry else verdict
            verdict = verdict if question.takes(answer) else _("A number, please.")
        self._verdict.setText(verdict)
        self._verdict.setVisible(bool(verdict and answer))
        if may_retry:
            self._field.selectAll()  # what is typed next takes its place
        self.setVisible(question is not None)

    def forget(self) -> None:
        """Forget what was typed and not given."""
        self._drafts.clear()
        self._field.clear()
        self._field.document().setModified(False)

    def _check_chosen(self) -> None:
        self._group.setExclusive(False)  # or the button that is checked would stay so
        for button in self._group.buttons():
            button.setChecked(button.property("answer") == self._answer)
        self._group.setExclusive(True)

    def offer(self) -> None:
        """Offer the choices in a row, or below each other where that is too wide at this size of type."""
        for button in self._group.buttons():
            self._group.removeButton(button)
            button.hide()
            button.deleteLater()
        choices = () if self._asked is None else self._asked.choices
        letters = (self._theme.sizes.lesson - 4 * PAGE_MARGIN_PX) * 2 // self._theme.sizes.body
        widths: list[int] = []
        before: QWidget = self._field
        for place, choice in enumerate(choices):
            button = push_button(literal(textwrap.fill(choice, letters)), f"choice{place}Button")
            button.setCheckable(True)
            button.setProperty("answer", choice)
            self._group.addButton(button)
            self._choices.addWidget(button)
            QWidget.setTabOrder(before, button)  # Qt puts what comes late after the whole page
            before = button
            button.ensurePolished()  # before, it knows neither its type nor its edges
            widths.append(button.sizeHint().width() + GAP_SMALL_PX)
        is_row = sum(widths) - GAP_SMALL_PX <= self.maximumWidth()
        self._choices.setDirection(
            QBoxLayout.Direction.LeftToRight if is_row else QBoxLayout.Direction.TopToBottom
        )
        self._check_chosen()
        is_typed = self._asked is not None and not choices
        self._field.setVisible(is_typed)
        n_more = 0 if self._asked is None or self._asked.is_number else _MORE_LINES
        line = QFontMetrics(self._theme.font("body")).lineSpacing()
        self._field.setFixedHeight(self._theme.sizes.control + n_more * line)
        self._button.setVisible(is_typed)

    @Slot(QAbstractButton)
    def _choose(self, button: QAbstractButton) -> None:
        self.given.emit(button.property("answer"))

    @Slot()
    def _give(self) -> None:
        self._field.document().setModified(False)
        self.given.emit(self._field.toPlainText().strip()[:_MOST_LETTERS])


def _kept(label: QLabel) -> QLabel:
    """Hide a label, and keep its room."""
    policy = label.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    label.setSizePolicy(policy)
    label.hide()
    return label
