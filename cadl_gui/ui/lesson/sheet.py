"""A lesson on paper: a student's sheet with room for answers, or a teacher's with notes and answers.

No page ends within a step that fits on one: its heading, figure, question and notes are read together.
"""

from collections.abc import Callable, Iterable, Mapping
from html import escape
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QFont,
    QGuiApplication,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextBlock,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

from cadl_gui.domain.lesson import Lesson, Step
from cadl_gui.domain.lesson_block import Question
from cadl_gui.ui.lesson.html_prose import HtmlProse, html_image
from cadl_gui.ui.theme.fonts import load_fonts
from cadl_gui.ui.theme.tokens import FONT_FAMILY

_STYLE = """\
body { font-family: Inter, sans-serif; font-size: 11pt; max-width: 42em; }
h1 { font-size: 18pt; } h2 { font-size: 13pt; margin-top: 18px; }
section { break-inside: avoid; } td { vertical-align: top; }
.note { background-color: #eeeeee; } .small { font-size: 9pt; }"""

_STEP = 2
"""Level of the headings of steps."""

_LINES = 5
"""Height of a box for words, in lines."""

_MARGIN_MM, _DPI = 20.0, 96
"""As a page for a browser, a page on paper is laid out in pixels of 1/96 inch."""

_PICTURE_PX = 302
"""Longer side of a picture on paper, 8 cm."""

_INK = "To save ink, digits are black on white here; on the screen, they are white on black."

_TYPE_PT = 11


class Picture(NamedTuple):
    """What a step shows.

    Attributes:
        text: what can be seen on it.
        size: its width and height in pixels.
        png: the image as a PNG file.
    """

    text: str
    size: tuple[int, int]
    png: bytes


def sheet_html(
    lesson: Lesson,
    words: Callable[[str], str],
    folder: Path,
    files: Iterable[str],
    pictures: Mapping[str, Picture],
    *,
    for_teacher: bool,
) -> str:
    """Return a page that needs no other file; nothing that a lesson holds is executed in it.

    Args:
        words: returns the words for the name of a control.
        folder: where the lesson lies.
        files: names of the images that may be put in, all in that folder.
        pictures: what steps show, by their titles; others have none.
        for_teacher: whether it has notes, hints and answers, and not boxes to write in.
    """
    prose = HtmlProse(words, folder, files)
    head = [lesson.goal] if lesson.goal else []
    if for_teacher:
        facts = {"Minutes": str(lesson.minutes or ""), "Ages": lesson.ages, "Needs": lesson.needs}
        facts["Competences"] = lesson.competences
        head += [f"{name}: {fact}" for name, fact in facts.items() if fact]
    parts = [f"<h1>{escape(lesson.title)}</h1>", *(f"<p>{escape(line)}</p>" for line in head)]
    if not for_teacher:
        parts.append("<p>Name: ______________________________ Date: ______________</p>")
    if pictures:
        parts.append(f'<p class="small">{_INK}</p>')
    for number, step in enumerate(lesson.steps, 1):
        beside, below = (_for_teacher if for_teacher else _for_student)(step, prose)
        text = "\n".join([prose.html(step.prose), *beside])
        if step.title in pictures:
            text = _beside(text, pictures[step.title])
        parts += [f"<section><h2>{number}. {escape(step.title)}</h2>", text, *below, "</section>"]
    title = f"<title>{escape(lesson.title)}</title><style>{_STYLE}</style>"
    start = f'<!DOCTYPE html>\n<html lang="{escape(lesson.language)}"><head><meta charset="utf-8">'
    return "\n".join([f"{start}{title}</head>", "<body>", *parts, "</body></html>", ""])


def write_pdf(html: str, path: Path) -> None:
    """Write a page of `sheet_html` as A4."""
    application = QGuiApplication.instance() or QGuiApplication([])
    load_fonts()
    writer = QPdfWriter(str(path))
    writer.setResolution(_DPI)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM),
            QPageLayout.Unit.Millimeter,
        )
    )
    document = on_pages(html, writer)
    page = document.pageSize()
    painter = QPainter(writer)
    painter.setFont(document.defaultFont())
    for number in range(document.pageCount()):
        if number:
            writer.newPage()
        top = number * page.height()
        painter.save()
        painter.translate(0, -top)
        document.drawContents(painter, QRectF(0, top, page.width(), page.height()))
        painter.restore()
        foot = QRectF(0, page.height(), page.width(), _MARGIN_MM / 25.4 * _DPI)
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, f"{number + 1} / {document.pageCount()}")
    painter.end()
    del application  # until now, it had to live: fonts are its


def on_pages(html: str, paper: QPdfWriter) -> QTextDocument:
    """Return a page of `sheet_html` on pages of paper, laid out so that they keep steps together."""
    document = QTextDocument()
    document.setDocumentMargin(0)
    document.setDefaultFont(QFont(FONT_FAMILY, _TYPE_PT))
    document.setUseDesignMetrics(True)
    document.documentLayout().setPaintDevice(paper)
    document.setHtml(html)
    document.setPageSize(QSizeF(paper.width(), paper.height()))
    _keep_steps_together(document)
    return document


def _keep_steps_together(document: QTextDocument) -> None:
    """Begin a page before each step that would go over its end, and is no longer than a page."""
    layout, height = document.documentLayout(), document.pageSize().height()

    steps: list[list[QTextBlock]] = []
    block = document.begin()
    while block.isValid():
        if block.blockFormat().headingLevel() == _STEP:
            steps.append([])
        if steps:
            steps[-1].append(block)
        block = block.next()
    for step in steps:
        rects = [layout.blockBoundingRect(block) for block in step]
        top, end = rects[0].top(), max(rect.bottom() for rect in rects)
        if top // height != (end - 1) // height and end - top <= height:
            first = step[0]
            broken = first.blockFormat()
            broken.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
            QTextCursor(first).setBlockFormat(broken)
            document.markContentsDirty(0, document.characterCount())  # tables below stay where they were


def _beside(text: str, picture: Picture) -> str:
    """Return a text with a picture at its right."""
    shown = _PICTURE_PX / max(picture.size)
    width, height = (round(side * shown) for side in picture.size)
    image = html_image("image/png", picture.png, picture.text, f'width="{width}" height="{height}"')
    cell = f'<td width="{_PICTURE_PX}">{image}<br><span class="small">{escape(picture.text)}</span></td>'
    return f'<table width="100%" cellspacing="0" cellpadding="0"><tr><td>{text}</td>{cell}</tr></table>'


def _for_student(step: Step, prose: HtmlProse) -> tuple[list[str], list[str]]:
    """Return what follows the text of a step, and what needs the width of the page."""
    if step.ask is None:
        return [], []
    question = f"<p><b>{prose.line(step.ask.text)}</b></p>"
    if step.ask.choices:
        return [question, f"<p>{'<br>'.join(f'☐ {escape(choice)}' for choice in step.ask.choices)}</p>"], []
    if step.ask.is_number:
        return [question, _box("40%", 1)], []
    return [], [question, _box("100%", _LINES)]


def _box(width: str, lines: int) -> str:
    """Return a box of so many lines: Qt knows no height of a cell."""
    cell = f"<td>{'<br>'.join(['&nbsp;'] * lines)}</td>"
    return f'<table border="1" cellspacing="0" cellpadding="6" width="{width}"><tr>{cell}</tr></table>'


def _for_teacher(step: Step, prose: HtmlProse) -> tuple[list[str], list[str]]:
    beside, below = [], []
    if step.ask is not None:
        beside.append(f"<p><b>{prose.line(step.ask.text)}</b> {_answer(step.ask)}</p>")
    if step.hint:
        beside.append(f'<p class="small">Hint: {prose.line(step.hint)}</p>')
    if step.notes:
        note = f'<tr><td class="note">{prose.html(f"**Teacher:** {step.notes}")}</td></tr>'
        below.append(f'<table cellpadding="6" cellspacing="0" width="100%">{note}</table>')
    return beside, below


def _answer(question: Question) -> str:
    offered = " / ".join(question.choices)
    return escape(" → ".join(filter(None, (offered, question.right or "any answer"))))
