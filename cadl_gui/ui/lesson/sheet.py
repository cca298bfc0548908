"""A lesson on paper: a student's sheet with room for answers, or a teacher's with notes and answers.

No page ends within a step that fits on one: its heading, figure, question and notes are read together.
"""

from collections.abc import Callable, Iterable, Mapping
from html import escape
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
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

_STYLE = """\
body { font-family: Inter, sans-serif; font-size: 11pt; max-width: 42em; }
h1 { font-size: 18pt; } h2 { font-size: 13pt; margin-top: 18px; } section { break-inside: avoid; }
.note { background-color: #eeeeee; } .small { font-size: 9pt; }"""

_STEP = 2
"""Level of the headings of steps."""

_LINES = 5
"""Height of a box for words, in lines."""

_MARGIN_MM, _DPI = 20.0, 96
"""As a page for a browser, a page on paper is laid out in pixels of 1/96 inch."""

_PICTURE_PX = 227
"""Longer side of a picture on paper, 6 cm."""


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
    for number, step in enumerate(lesson.steps, 1):
        parts += [f"<section><h2>{number}. {escape(step.title)}</h2>", prose.html(step.prose)]
        if step.title in pictures:
            parts.append(_picture(pictures[step.title]))
        parts += [*(_for_teacher if for_teacher else _for_student)(step, prose), "</section>"]
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
    document.setUseDesignMetrics(True)
    document.documentLayout().setPaintDevice(paper)
    document.setHtml(html)
    document.setPageSize(QSizeF(paper.width(), paper.height()))
    _keep_steps_together(document)
    return document


def _keep_steps_together(document: QTextDocument) -> None:
    """Begin a page before each step that would go over its end, and is no longer than a page."""
    layout, height = document.documentLayout(), document.pageSize().height()

    def top(block: QTextBlock) -> float:
        return layout.blockBoundingRect(block).top() if block.isValid() else document.size().height()

    blocks = [document.begin()]
    while blocks[-1].isValid():
        blocks.append(blocks[-1].next())
    steps = [block for block in blocks[:-1] if block.blockFormat().headingLevel() == _STEP]
    for step, following in zip(steps, [*steps[1:], blocks[-1]], strict=True):
        last = following.previous() if following.isValid() else document.lastBlock()
        end = layout.blockBoundingRect(last).bottom()
        if top(step) // height != (end - 1) // height and end - top(step) <= height:
            broken = step.blockFormat()
            broken.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
            QTextCursor(step).setBlockFormat(broken)
            document.markContentsDirty(0, document.characterCount())  # tables below stay where they were


def _picture(picture: Picture) -> str:
    shown = _PICTURE_PX / max(picture.size)
    width, height = (round(side * shown) for side in picture.size)
    image = html_image("image/png", picture.png, picture.text, f'width="{width}" height="{height}"')
    return f'<p>{image}<br><span class="small">{escape(picture.text)}</span></p>'


def _for_student(step: Step, prose: "HtmlProse") -> list[str]:
    if step.ask is None:
        return []
    question = f"<p><b>{prose.line(step.ask.text)}</b></p>"
    if step.ask.choices:
        return [question, f"<p>{'<br>'.join(f'☐ {escape(choice)}' for choice in step.ask.choices)}</p>"]
    return [question, _box("30%", 1) if step.ask.is_number else _box("100%", _LINES)]


def _box(width: str, lines: int) -> str:
    """Return a box of so many lines: Qt knows no height of a cell."""
    cell = f"<td>{'<br>'.join(['&nbsp;'] * lines)}</td>"
    return f'<table border="1" cellspacing="0" cellpadding="6" width="{width}"><tr>{cell}</tr></table>'


def _for_teacher(step: Step, prose: "HtmlProse") -> list[str]:
    lines = []
    if step.ask is not None:
        lines.append(f"<p><b>{prose.line(step.ask.text)}</b> {_answer(step.ask)}</p>")
    if step.hint:
        lines.append(f'<p class="small">Hint: {prose.line(step.hint)}</p>')
    if step.notes:
        note = f'<tr><td class="note">{prose.html(f"**Teacher:** {step.notes}")}</td></tr>'
        lines.append(f'<table cellpadding="6" cellspacing="0" width="100%">{note}</table>')
    return lines


def _answer(question: Question) -> str:
    offered = " / ".join(question.choices)
    return escape(" → ".join(filter(None, (offered, question.right or "any answer"))))
