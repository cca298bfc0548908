"""The sheets of a lesson: what is on them, and what never is."""

import base64
import re
import zlib
from dataclasses import replace

import pytest
from PySide6.QtGui import QImage, QPdfWriter, QTextCharFormat, QTextDocument

from cadl_gui.domain.lesson import read_lesson
from cadl_gui.domain.lesson_block import Names
from cadl_gui.domain.lesson_record import GOAL_TO_WRITE, TO_WRITE
from cadl_gui.ui.lesson.sheet import TO_DRAW, Picture, on_pages, sheet_html, write_pdf
from cadl_gui.ui.window.lesson_names import words_of

NAMES = Names(actions={"eraser", "pin"}, controls={"eraser", "pin", "epochs"}, files=["dot.png"])
LESSON = r"""---
title: 4 < 9 & more
goal: Say why.
minutes: 8
competences: AILit
language: en
---
## The first

It is $-\log p$ or $x^$. Use action:eraser or [the pin](action:pin). <script>alert(1)</script>
![a dot](dot.png) ![secret](../secret.png) [far](https://example.org/x) ![far away](https://example.org/y.png)

> Teacher: ask *who* would.

```cadl
ask: Which one? | a 4 / a 9 = a 9
hint: Look at the <top> of `2`.
```

## The second

```cadl
ask: How many $x_1$? | number = 98 ± 1
```

## The third

```cadl
ask: Why? | text
```

## The fourth

Only words. Why not?
"""


@pytest.fixture
def lesson(tmp_path):
    (tmp_path / "lesson").mkdir()
    for name in ("lesson/dot.png", "secret.png"):
        (tmp_path / name).write_bytes(b"\x89PNG")
    path = tmp_path / "lesson" / "own.lesson.md"
    path.write_text(LESSON, encoding="utf-8")
    return read_lesson(path, NAMES)


@pytest.fixture
def html(lesson, tmp_path):
    """Returns the teacher's sheet, or a student's."""

    def html(*, for_teacher, pictures=()):
        shown = dict(pictures)
        return sheet_html(lesson, words_of, tmp_path / "lesson", NAMES.files, shown, for_teacher=for_teacher)

    return html


def test_a_student_s_sheet_has_the_class_s_words_and_room_where_something_is_asked(html):
    page = html(for_teacher=False)
    assert page.count("☐") == 2
    assert (page.count("Answer: ___"), page.count("border-bottom")) == (1, 5 + 2)  # a number, words, a task
    for words in (
        "4 &lt; 9 &amp; more",
        "Goal: Say why.",
        "1. The first",
        "Which one?",
        "a 4",
        "a 9",
        "How many",
        "Only words.",
    ):
        assert words in page
    for words in ("98", "would", "Look at", "AILit"):
        assert words not in page


def test_a_teacher_s_sheet_has_text_notes_hints_and_answers(html):
    page = html(for_teacher=True)
    for words in (
        f"<b>{words_of('eraser')}</b> or <b>the pin</b>", "☐ a 4<br><b>✓ a 9</b>", "98 ± 1",
        "Any answer", "AILit",
        "<strong>Teacher:</strong> ask <em>who</em> would.", "Only words.",
        "Hint: Look at the &lt;top&gt; of <code>2</code>.",
    ):  # fmt: skip
        assert words in page
    assert "Minutes: 8" in page


def test_controls_are_called_what_they_say_and_their_keys():
    assert words_of("pin") == "Pin (P)"
    assert (words_of("latentTab"), words_of("epochs"), words_of("none")) == ("Latent", "Epochs", "none")


def test_a_sheet_executes_nothing_and_needs_no_other_file(html):
    page = html(for_teacher=True)
    assert "&lt;script&gt;" in page
    for part in ("<script", "href", "example.org", "secret.png"):
        assert part not in page
    assert page.count('src="data:image/png;base64,iVBORw==" alt="a dot"') == 1
    assert page.count("<img") == page.count("data:") == 3
    assert "secret" in page
    assert "far away" in page


@pytest.mark.parametrize(
    ("width", "size"), [(200, 'width="604" height="302"'), (454, 'width="680" height="150"')]
)
def test_what_a_step_shows_is_on_both_sheets_alike_and_said_in_words_once_on_a_page(html, width, size):
    """They had pictures of other widths, and the question above or below them."""
    picture = Picture("x < <y>", (width, 100), b"\x89PNG")
    for for_teacher in (True, False):
        shown = html(for_teacher=for_teacher, pictures={"The first": picture, "The fourth": picture})
        _, first, *between, fourth = shown.split("<h2")
        assert f'<img src="data:image/png;base64,iVBORw==" alt="x &lt; &lt;y&gt;" {size}>' in first
        assert first.count("x &lt; &lt;y&gt;") == 2
        order = [first.index(part) for part in ("The first", "It is", "x &lt;", "Which one?", "☐ a 4", "a 9")]
        assert order == sorted(order)
        assert "image/png" not in "".join(between)
        assert ("image/png" in fourth) is not for_teacher, "a student's stands on another page"


def test_a_class_has_a_square_to_draw_in_and_its_teacher_has_none(html):
    places = dict.fromkeys(("The third", "The fourth"), TO_DRAW)
    head, _, _, third, fourth = html(for_teacher=False, pictures=places).split("<h2")
    assert "To save ink" not in head
    for part in (third, fourth):
        assert 'alt="Draw here." width="302" height="302"' in part
    assert "Draw here" not in html(for_teacher=True, pictures=places)


def test_formulas_are_images_and_one_that_cannot_be_read_stays_as_it_is_written(html, qapp, tmp_path):
    page = html(for_teacher=True)
    assert "or $x^$. Use" in page
    found = re.findall(
        r'src="data:image/svg.xml;base64,(.+?)" alt="(.+?)" width="(\d+)" height="(\d+)"', page
    )
    for (data, text, *size), latex in zip(found, (r"-\log p", "x_1"), strict=True):
        assert text == latex
        image = QImage.fromData(base64.b64decode(data))
        assert (image.width(), image.height()) == pytest.approx([4 * int(side) for side in size], abs=3)
    document, placed = QTextDocument(), []
    document.setHtml(page)
    block = document.begin()
    while block.isValid():
        for part in block.textFormats():
            if "svg" in part.format.toImageFormat().name():
                placed.append(part.format.verticalAlignment())
        block = block.next()
    assert placed == [QTextCharFormat.VerticalAlignment.AlignMiddle] * 2, "on_line is for that"
    path = tmp_path / "sheet.pdf"
    write_pdf(page, path)
    assert path.read_bytes().count(b"/Subtype /Image") >= 2


@pytest.mark.parametrize("for_teacher", [True, False])
def test_no_page_ends_in_a_step_unless_the_step_is_longer_than_a_page(lesson, qapp, tmp_path, for_teacher):
    paper = QPdfWriter(str(tmp_path / "sheet.pdf"))
    paper.setResolution(96)
    longs = {3: 20, 5: 60, 6: 11}
    steps = [replace(lesson.steps[n % 3], prose="Words\n\n" * longs.get(n, n)) for n in range(9)]
    page = sheet_html(replace(lesson, steps=steps), words_of, tmp_path, [], {}, for_teacher=for_teacher)
    document = on_pages(page, paper)
    layout, height = document.documentLayout(), document.pageSize().height()
    pages, block = [], document.begin()
    while block.isValid():
        if block.blockFormat().headingLevel() == 2:
            pages.append(set())
        if pages:
            box = layout.blockBoundingRect(block)
            pages[-1] |= {box.top() // height, (box.bottom() - 1) // height}
        block = block.next()
    assert [len(each) > 1 for each in pages] == [n == 5 for n in range(9)]
    assert document.pageCount() < (9 if for_teacher else 10)
    firsts = [min(each) for each in pages]
    answers = [n for n in range(8) if n % 3 < 2]  # the third asks for words
    assert for_teacher or all(max(pages[n]) < firsts[n + 1] for n in answers), "no answer stands there"


def test_notes_of_the_teacher_stand_equally_far_below_texts_and_pictures(lesson, qapp, tmp_path):
    steps = [replace(lesson.steps[0], title=str(n)) for n in range(3)]
    shown = {str(n): Picture("x", (width, 300), bytes([n])) for n, width in enumerate((300, 900))}
    page = sheet_html(replace(lesson, steps=steps), words_of, tmp_path, [], shown, for_teacher=True)
    paper = QPdfWriter(str(tmp_path / "sheet.pdf"))
    paper.setResolution(96)
    document = on_pages(page, paper)
    layout, block, end, gaps = document.documentLayout(), document.begin(), 0, []
    while block.isValid():
        box = layout.blockBoundingRect(block)
        if block.text().startswith("Teacher:"):
            gaps.append(box.top() - end)
        end = max(end, box.bottom()) if block.text() else end  # what is empty after a table has no height
        block = block.next()
    assert gaps == pytest.approx([12] * 3)


def test_what_is_yet_to_be_written_is_on_no_sheet(lesson, tmp_path):
    new = replace(lesson, goal=GOAL_TO_WRITE, steps=[replace(lesson.steps[3], prose=TO_WRITE)])
    for for_teacher in (False, True):
        page = sheet_html(new, words_of, tmp_path, [], {}, for_teacher=for_teacher)
        assert "The fourth" in page
        assert GOAL_TO_WRITE not in page
        assert TO_WRITE not in page


def test_each_of_a_student_s_pages_ends_with_three_lines_to_write_on(html, qapp, tmp_path):
    lines = []
    for for_teacher in (True, False):
        write_pdf(html(for_teacher=False), tmp_path / "sheet.pdf", for_teacher=for_teacher)
        streams = re.findall(rb"stream\n(.*?)endstream", (tmp_path / "sheet.pdf").read_bytes(), re.DOTALL)
        pages = [zlib.decompress(each) for each in streams if each.startswith(b"\x78")]
        lines.append(sum(each.count(b" l\n") for each in pages))
    assert lines[1] - lines[0] == 3 * 3


def test_a_pdf_has_pages_as_long_as_a_lesson_is(html, qapp, tmp_path):
    sizes = []
    for is_long in (False, True):
        page = html(for_teacher=True)
        path = tmp_path / "sheet.pdf"
        write_pdf(page.replace("Only words.", "<p>Words</p>" * 200) if is_long else page, path)
        data = path.read_bytes()
        assert data.startswith(b"%PDF-")
        sizes.append(data.count(b"/Type /Page\n"))
    assert sizes[0] == 1
    assert sizes[1] > 3
