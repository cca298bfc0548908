"""Text of a lesson: Markdown whose links point at controls, and whose images lie beside the lesson."""

import re
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import (
    QFontInfo,
    QImage,
    QKeyEvent,
    QPalette,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser

from cadl_gui.system.file_limits import LARGEST_SIDE
from cadl_gui.ui.lesson.formulas import formula_of, on_line
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, SEMIBOLD

_CODE = re.compile(r"`[^`\n]+`")
"""A name, such as `conv-classifier`, which no line breaks."""

_PLAIN = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML


class Prose(QTextBrowser):
    """Shows Markdown as high as it is. It follows no link, and reads no file but images of one folder."""

    def __init__(self) -> None:
        super().__init__()
        self._folder: Path | None = None
        self._text = ""
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        set_style_property(self, "prose", value=True)

    def show_text(self, text: str, folder: Path | None = None, *, anew: bool = False) -> None:
        """Show another text.

        Args:
            text: Markdown; HTML in it is shown as it is written.
            folder: the folder whose images may be shown.
            anew: whether the colours of links may have changed.
        """
        if (text, folder) != (self._text, self._folder) or anew:
            self._text, self._folder = text, folder
            self.document().setMarkdown(_CODE.sub(lambda name: name[0].replace("-", "\u2011"), text), _PLAIN)
            self._format()
            self.fit()

    def _format(self) -> None:
        """Put space between paragraphs, take the type's own semibold for bold, and centre images in lines."""
        spaced, semibold, centred = QTextBlockFormat(), QTextCharFormat(), QTextCharFormat()
        cursor = QTextCursor(self.document())
        spaced.setBottomMargin(GAP_SMALL_PX)
        semibold.setFontWeight(SEMIBOLD)
        centred.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
        block = self.document().begin()
        while block.isValid():
            cursor.setPosition(block.position())
            if block.next().isValid():
                cursor.mergeBlockFormat(spaced)
            for part in block.textFormats():
                is_image = part.format.isImageFormat()
                if is_image or part.format.fontWeight() > SEMIBOLD:
                    cursor.setPosition(block.position() + part.start)
                    cursor.setPosition(
                        block.position() + part.start + part.length, QTextCursor.MoveMode.KeepAnchor
                    )
                    cursor.mergeCharFormat(centred if is_image else semibold)
            block = block.next()

    def loadResource(self, kind: int, name: QUrl | str) -> Any:  # noqa: N802 (Qt)
        """Return a formula, or an image that lies in the folder; nothing else is read."""
        named = name.toString(QUrl.ComponentFormattingOption.FullyEncoded) if isinstance(name, QUrl) else name
        if latex := formula_of(named):
            return self._formula(latex)
        is_beside = self._folder is not None and Path(named).name == named
        if kind != QTextDocument.ResourceType.ImageResource.value or not is_beside:
            return None
        assert self._folder is not None, "it was checked"
        image = QImage(str(self._folder / named))
        if image.isNull() or max(image.width(), image.height()) > LARGEST_SIDE:
            return None
        width = min(image.width(), self.viewport().width())
        return image.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)

    def _formula(self, latex: str) -> QImage:
        """Return a formula in the colour and size of the text, sharp on this screen, no wider than this."""
        ratio, size = self.devicePixelRatioF(), QFontInfo(self.font()).pixelSize()
        colour = self.palette().color(QPalette.ColorRole.Text).name()
        svg, (width, _), _ = on_line(latex, size * ratio, colour)
        image = QImage.fromData(svg.encode())
        image.setDevicePixelRatio(max(ratio, width / max(1, self.viewport().width())))
        return image

    def line_at(self, y: int) -> tuple[int, int]:
        """Return where the line at a height begins, and where it ends."""
        line = self.cursorRect(self.cursorForPosition(QPoint(0, y)))
        return line.top(), line.bottom() + 1

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the arrows to what scrolls: all of the text is shown here."""
        if event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def fit(self) -> None:
        """Be as high as the text in large or small type."""
        self.document().setTextWidth(self.viewport().width())
        self.setFixedHeight(max(1, round(self.document().size().height())) + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap the text anew, and fit its images, if there is another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.show_text(self._text, self._folder, anew=True)
