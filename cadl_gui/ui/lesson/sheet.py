"""A lesson on paper: a student's sheet with room for answers, or a teacher's with notes and answers.

No page ends within a step that fits on one: its heading, figure, question and notes are read together. On a
student's sheet, a page ends with a question that has an answer, which the next step gives away.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
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
from cadl_gui.domain.lesson_record import GOAL_TO_WRITE, TO_WRITE
from cadl_gui.system.words import _
from cadl_gui.ui.lesson.html_prose import HtmlProse, html_image
from cadl_gui.ui.theme.fonts import load_fonts
from cadl_gui.ui.theme.tokens import FONT_FAMILY

_STYLE = """\
body { font-family: Inter, sans-serif; font-size: 11pt; max-width: 42em; }
h1 { font-size: 18pt; } h2 { font-size: 13pt; margin-top: 14px; }
section { break-inside: avoid; } td { vertical-align: top; }
.note { background-color: #eeeeee; } .small { font-size: 9pt; }"""

_STEP = 2
"""Level of the headings of steps."""

_LINES, _LINES_OF_TASK = 5, 2
"""Lines to write on where words are asked for, and in a step that asks nothing."""

_LINE_COLOUR = "#888888"
_LINE_PX = 34
"""From one line to write on to the next: 9 mm."""

_NOTES, _N_NOTES = _("Notes"), 3
"""What stands over lines for no answer, and how many end a page of a student if they have room."""

_MARGIN_MM, _DPI = 15.0, 96
"""As a page for a browser, a page on paper is laid out in pixels of 1/96 inch."""

_WIDEST_PX, _HIGHEST_PX = 680, 302
"""Most of a picture: the width of the page, and 8 cm high."""

_INK = _("To save ink, digits are black on white here; on the screen, they are white on black.")

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


_BOX = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="1000">'
    f'<rect x="2" y="2" width="996" height="996" fill="none" stroke="{_LINE_COLOUR}" stroke-width="4"/></svg>'
)
TO_DRAW = Picture(_("Draw here."), (1000, 1000), _BOX.encode())
"""What a step shows whose canvas is empty: room for a drawing, on a student's sheet."""


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
    seen = {title: picture for title, picture in pictures.items() if picture is not TO_DRAW}
    has_goal = lesson.goal not in {"", GOAL_TO_WRITE}
    head = [_("Goal: {goal}").format(goal=lesson.goal)] if has_goal else []
    if for_teacher:
        facts = {_("Minutes"): str(lesson.minutes or ""), _("Ages"): lesson.ages, _("Needs"): lesson.needs}
        head.append(" · ".join(f"{name}: {fact}" for name, fact in facts.items() if fact))
        head += (
            [_("Competences: {competences}").format(competences=lesson.competences)]
            if lesson.competences
            else []
        )
    parts = [f"<h1>{escape(lesson.title)}</h1>", *(f"<p>{escape(line)}</p>" for line in head if line)]
    if not for_teacher:
        parts.append(_("<p>Name: ______________________________ Date: ______________</p>"))
    if seen:
        parts.append(f'<p class="small">{_INK}</p>')
    number = 0
    for page in [lesson.steps] if for_teacher else _pages(lesson.steps):
        shown = b""
        for step in page:
            picture = (seen if for_teacher else pictures).get(step.title)
            if picture is not None and picture is not TO_DRAW and picture.png == shown:
                picture = None  # it stands above
            shown = shown if picture is None else picture.png
            breaks = ' style="page-break-before: always"' if number and step is page[0] else ""
            number += 1
            parts.append(f"<section><h2{breaks}>{number}. {escape(step.title)}</h2>")
            parts += _parts_of(step, prose, picture, for_teacher=for_teacher)
            parts.append("</section>")
    title = f"<title>{escape(lesson.title)}</title><style>{_STYLE}</style>"
    start = f'<!DOCTYPE html>\n<html lang="{escape(lesson.language)}"><head><meta charset="utf-8">'
    return "\n".join([f"{start}{title}</head>", "<body>", *parts, "</body></html>", ""])


def _pages(steps: Sequence[Step]) -> list[list[Step]]:
    """Return the steps that may stand on one page: after a question with an answer, a page begins."""
    pages: list[list[Step]] = [[]]
    for step in steps:
        pages[-1].append(step)
        if step.ask is not None and step.ask.right:
            pages.append([])
    return [page for page in pages if page]


def write_pdf(html: str, path: Path, *, for_teacher: bool = False) -> None:
    """Write a page of `sheet_html` as A4; a student’s pages end with lines to write on."""
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
    ends = [] if for_teacher else _ends(document)
    for number in range(document.pageCount()):
        if number:
            writer.newPage()
        top = number * page.height()
        painter.save()
        painter.translate(0, -top)
        document.drawContents(painter, QRectF(0, top, page.width(), page.height()))
        painter.restore()
        if ends:
            _rule(painter, QRectF(0, ends[number] - top, page.width(), page.height() + top - ends[number]))
        foot = QRectF(0, page.height(), page.width(), _MARGIN_MM / 25.4 * _DPI)
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, f"{number + 1} / {document.pageCount()}")
    painter.end()
    del application  # until now, it had to live: fonts are its


def _ends(document: QTextDocument) -> list[float]:
    """Return where what is on each page ends."""
    layout, height = document.documentLayout(), document.pageSize().height()
    ends = [height * number for number in range(document.pageCount())]
    block = document.begin()
    while block.isValid():
        bottom = layout.blockBoundingRect(block).bottom()
        number = min(int((bottom - 1) // height), len(ends) - 1)
        ends[number] = max(ends[number], bottom)
        block = block.next()
    return ends


def _rule(painter: QPainter, place: QRectF) -> None:
    """Draw lines to write on, if there is room for some."""
    if place.height() < (_N_NOTES + 1) * _LINE_PX:
        return
    painter.save()
    painter.setPen(QColor(_LINE_COLOUR))
    heading = QRectF(place.left(), place.top(), place.width(), _LINE_PX)
    painter.drawText(heading, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, _NOTES)
    for line in range(1, _N_NOTES + 1):
        y = heading.bottom() + line * _LINE_PX
        painter.drawLine(QPointF(place.left(), y), QPointF(place.right(), y))
    painter.restore()


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


def _image(picture: Picture) -> str:
    """Return a picture, as large as there is room, and what can be seen on it."""
    scale = min(most / side for most, side in zip((_WIDEST_PX, _HIGHEST_PX), picture.size, strict=True))
    width, height = (round(side * scale) for side in picture.size)
    kind = "image/svg+xml" if picture is TO_DRAW else "image/png"
    image = html_image(kind, picture.png, picture.text, f'width="{width}" height="{height}"')
    return f'<p>{image}<br><span class="small">{escape(picture.text)}</span></p>'


def _parts_of(step: Step, prose: HtmlProse, picture: Picture | None, *, for_teacher: bool) -> list[str]:
    """Return the text of a step, what it shows, what is asked, and room to write or what is right."""
    parts = [_text(step, prose), "" if picture is None else _image(picture)]
    if step.ask is not None:
        parts += [f"<p><b>{prose.line(step.ask.text)}</b></p>", _answer(step.ask, for_teacher=for_teacher)]
    elif picture is not TO_DRAW and not for_teacher:
        parts.append(_lines(_NOTES, _LINES_OF_TASK))
    if not for_teacher:
        return parts
    if step.hint:
        parts.append(_('<p class="small">Hint: {line}</p>').format(line=prose.line(step.hint)))
    if step.notes:
        note = f'<tr><td class="note">{prose.html(f"**Teacher:** {step.notes}")}</td></tr>'
        place = 'cellpadding="4" cellspacing="0" width="100%" style="margin-top: 8px"'
        parts.append(f"<table {place}>{note}</table>")
    return parts


def _text(step: Step, prose: HtmlProse) -> str:
    return "" if step.prose == TO_WRITE else prose.html(step.prose)


def _lines(heading: str, n: int) -> str:
    """Return lines to write on, below what is written there: Qt knows no height of a cell."""
    space = f'<span style="font-size: {_LINE_PX * 2 // 3}px">&nbsp;</span>'
    line = f'<tr><td style="border-bottom: 1px solid {_LINE_COLOUR}">{space}</td></tr>'
    table = f'<table width="100%" cellspacing="0" style="border-collapse: collapse">{line * n}</table>'
    return f'<p class="small">{heading}</p>{table}'


def _answer(question: Question, *, for_teacher: bool) -> str:
    """Return the answers offered, room for another one or, for the teacher, what is right."""
    right = question.right if for_teacher else ""
    if question.choices:
        return "<p>{}</p>".format(
            "<br>".join(
                f"<b>✓ {escape(choice)}</b>" if choice == right else f"☐ {escape(choice)}"
                for choice in question.choices
            )
        )
    if for_teacher:
        answer = _("Answer: <b>{answer}</b>").format(answer=escape(right))
        return f"<p>{answer if right else _('Any answer counts.')}</p>"
    return _("<p>Answer: ______________</p>") if question.is_number else _lines(_("Answer"), _LINES)
