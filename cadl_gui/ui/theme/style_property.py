"""Dynamic properties that style sheet selectors use."""

from PySide6.QtWidgets import QWidget


def set_style_property(widget: QWidget, name: str, value: bool | str) -> None:
    """Set a property that the style sheet reads, and restyle the widget if the value has changed."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()
