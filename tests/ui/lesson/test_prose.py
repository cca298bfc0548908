"""The text of a lesson: its formulas are images of its own size and colour."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPalette, QTextDocument
from PySide6.QtTest import QTest

from cadl_gui.ui.lesson.formulas import as_images
from cadl_gui.ui.lesson.prose import Prose

pytestmark = pytest.mark.gui

TEXT = r"It is $-\log p$, $x^$ or ![any](formula:%5Cfoo)."


def formulas(prose):
    """How each image stands in its line, and what is shown of it."""
    block, shown, kind = prose.document().begin(), [], QTextDocument.ResourceType.ImageResource
    while block.isValid():
        for part in (part.format for part in block.textFormats() if part.format.isImageFormat()):
            shown += [
                (part.verticalAlignment(), prose.document().resource(kind, part.toImageFormat().name()))
            ]
        block = block.next()
    return shown


@pytest.fixture
def prose(qtbot):
    prose = Prose()
    qtbot.addWidget(prose)
    prose.resize(300, 100)
    return prose


def colours(image):
    return {
        QColor(image.pixelColor(x, y)).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }


def test_a_formula_has_the_colour_and_size_of_the_text_and_a_wrong_one_is_text(prose):
    before = 0
    for colour, size in (("#123456", 12), ("#fedcba", 24)):
        palette, font = prose.palette(), prose.font()
        palette.setColor(QPalette.ColorRole.Text, colour)
        font.setPixelSize(size)
        prose.setPalette(palette)
        prose.setFont(font)
        prose.show_text(as_images(TEXT), anew=True)
        assert "$x^$" in prose.toPlainText()
        (alignment, image), (_, none) = formulas(prose)
        assert alignment == alignment.AlignMiddle
        assert isinstance(image, QImage)
        assert none is None
        assert colours(image) == {colour}
        assert image.deviceIndependentSize().height() > 1.5 * before
        before = image.deviceIndependentSize().height()


def test_a_formula_is_no_wider_than_the_text(prose):
    prose.show()
    prose.show_text(as_images(f"${'x + ' * 25}y$"))
    for width in (300, 200, 400):
        prose.resize(width, 100)
        ((_, image),) = formulas(prose)
        assert image.deviceIndependentSize().width() == pytest.approx(prose.viewport().width(), abs=1)


@pytest.mark.parametrize("latex", ["x", "x_i", "x^2", "x_{\\frac{1}{2}}"])
def test_a_formula_stands_on_the_line_of_its_text(prose, latex):
    font = prose.font()
    font.setPixelSize(40)
    prose.setFont(font)
    prose.show()
    prose.show_text(as_images(f"x ${latex}$"))
    image = prose.grab().toImage()
    inks = [
        [y for y in range(image.height()) if image.pixelColor(x, y).lightness() < 128]
        for x in range(image.width())
    ]
    starts = [x for x in range(1, len(inks)) if inks[x] and not inks[x - 1]][:2]
    letter, of_formula = (max(y for ink in inks[x : x + 12] for y in ink) for x in starts)
    assert of_formula == pytest.approx(letter, abs=2)


def test_keys_reach_each_link(prose):
    heard = []
    prose.anchorClicked.connect(lambda url: heard.append(url.toString()))
    prose.show()
    for n, name in ((1, "one"), (2, "two"), (1, "one")):
        prose.show_text("[One](action:one), then [two](action:two).", anew=True)
        for key in (*[Qt.Key.Key_Tab] * n, Qt.Key.Key_Return):
            QTest.keyClick(prose, key)
        assert heard[-1] == f"action:{name}"
