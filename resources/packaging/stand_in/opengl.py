"""Stands in the packaged app for Qt's OpenGL, from which pyqtgraph only derives classes: cadl_gui.spec."""


class QOpenGLWidget:
    """The base class of widgets that would draw by OpenGL."""

    def __init__(self, *_: object) -> None:
        raise RuntimeError("Drawing by OpenGL was left out of the packaged app")
