"""A lesson on paper: a student's sheet with boxes for answers, or a teacher's with notes and answers."""

from collections.abc import Callable, Iterable, Mapping
from html import escape
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPdfWriter, QTextDocument

from cadl_gui.domain.lesson import Lesson, Step
from cadl_gui.domain.lesson_block import Question
from cadl_gui.ui.lesson.html_prose import HtmlProse, html_image
from cadl_gui.ui.theme.fonts import load_fonts

_STYLE = """\
body { font-family: Inter, sans-serif; font-size: 11pt; max-width: 42em; }
h1 { font-size: 18pt; } h2 { font-size: 13pt; }
.note { background-color: #eeeeee; } .small { font-size: 9pt; }"""

_BOX_PX = {"number": 36, "notes": 80, "text": 160}
_MARGIN_MM = 18.0
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
        for_teacher: whether it has the text, notes, hints and answers, and not boxes to write in.
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
        parts.append(f"<h2>{number}. {escape(step.title)}</h2>")
        if step.title in pictures:
            parts.append(_picture(pictures[step.title]))
        parts += (_for_teacher if for_teacher else _for_student)(step, prose)
    title = f"<title>{escape(lesson.title)}</title><style>{_STYLE}</style>"
    start = f'<!DOCTYPE html>\n<html lang="{escape(lesson.language)}"><head><meta charset="utf-8">'
    return "\n".join([f"{start}{title}</head>", "<body>", *parts, "</body></html>", ""])


def write_pdf(html: str, path: Path) -> None:
    """Write a page of `sheet_html` as A4."""
    application = QGuiApplication.instance() or QGuiApplication([])
    load_fonts()
    writer = QPdfWriter(str(path))
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            margins,
            QPageLayout.Unit.Millimeter,
        )
    )
    document = QTextDocument()
    document.setHtml(html)
    document.print_(writer)
    del application  # until now, it had to live: fonts are its


def _picture(picture: Picture) -> str:
    shown = _PICTURE_PX / max(picture.size)
    width, height = (round(side * shown) for side in picture.size)
    image = html_image("image/png", picture.png, picture.text, f'width="{width}" height="{height}"')
    return f'<p>{image}<br><span class="small">{escape(picture.text)}</span></p>'


def _for_student(step: Step, prose: "HtmlProse") -> list[str]:
    """The question alone: what a step says often tells what the one before has asked."""
    if step.ask is None:
        return [_box("100%", _BOX_PX["notes"])]
    question = f"<p><b>{prose.line(step.ask.text)}</b></p>"
    if step.ask.choices:
        return [question, *(f"<p>☐ {escape(choice)}</p>" for choice in step.ask.choices)]
    is_number = step.ask.is_number
    return [question, _box("30%" if is_number else "100%", _BOX_PX["number" if is_number else "text"])]


def _box(width: str, height: int) -> str:
    cell = f'<td height="{height}">&nbsp;</td>'
    return f'<table border="1" cellspacing="0" width="{width}"><tr>{cell}</tr></table>'


def _for_teacher(step: Step, prose: "HtmlProse") -> list[str]:
    lines = [prose.html(step.prose)]
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
