"""The application's only style sheet, generated from the design tokens."""

from dataclasses import asdict
from pathlib import Path
from string import Template

from cadl_gui.ui.theme.tokens import PRESENT, RADIUS_PX, Colours, Sizes

_SMALL_MARGIN_PX = 4

_TEMPLATE = Template("""
QMainWindow, QDialog { background: $window; }
QToolTip {
    background: $raised; color: $text; border: 1px solid $line; padding: 4px 8px; font-size: ${caption}px;
}

*[textRole="caption"] { font-size: ${caption}px; }
*[textRole="section"] { font-size: ${section}px; font-weight: 600; }
*[textRole="value"] { font-size: ${value}px; font-weight: 600; }
*[textRole="hero"] { font-size: ${hero}px; }
*[textRole="giant"] { font-size: ${giant}px; }
QLabel { background: transparent; }
QLabel[secondary="true"] { color: $secondary; }
QLabel[invalid="true"] { color: $error; }
QLabel:disabled { color: $field_edge; }

QPushButton {
    min-height: ${control_inner}px; padding: 0 ${button_padding}px;
    border: 1px solid $field_edge; border-radius: ${radius}px; background: $raised;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $line; }
QPushButton:checked { background: $selected; border-color: $accent; }
QPushButton:disabled { color: $field_edge; border-color: $line; background: $window; }
QPushButton:focus {
    border: 2px solid $accent; padding: 0 ${button_padding_focus}px; min-height: ${control_focus}px;
}
QPushButton[primary="true"] { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton[primary="true"]:hover { background: $accent_hover; }
QPushButton[primary="true"]:pressed { background: $accent_pressed; }
QPushButton[primary="true"]:focus { border-color: $text; }
QPushButton[primary="true"]:disabled { background: $line; color: $field_edge; border-color: $line; }
QPushButton[flat="true"] { background: transparent; border-color: transparent; padding: 0 8px; }
QPushButton[flat="true"]:hover { background: $line; }
QPushButton[flat="true"]:checked { background: $selected; }
QPushButton[flat="true"]:focus { border-color: $accent; padding: 0 7px; }
QPushButton[flat="true"][opens="true"] { padding-right: ${arrow_column}px; }
QPushButton[flat="true"]:disabled { color: $field_edge; }
QPushButton[highlighted="true"] { color: $accent; }
QPushButton[segment] { border-radius: 0; padding: 0 ${segment_padding}px; }
QPushButton[segment="middle"], QPushButton[segment="last"] { border-left: none; }
QPushButton[segment="first"] { border-top-left-radius: ${radius}px; border-bottom-left-radius: ${radius}px; }
QPushButton[segment="last"] { border-top-right-radius: ${radius}px; border-bottom-right-radius: ${radius}px; }
QPushButton[segment]:checked { border-color: $field_edge; color: $accent; }
QPushButton[segment]:checked:disabled { color: $field_edge; }
QPushButton[segment]:focus { border: 2px solid $accent; padding: 0 ${segment_padding_focus}px; }
QPushButton::menu-indicator {
    image: url("$indicators/chevron-down.svg"); width: ${arrow}px; height: ${arrow}px;
    subcontrol-origin: padding; subcontrol-position: center right; right: 6px;
}

QPushButton, QToolButton, QMenu { icon-size: ${icon}px; }
QToolButton {
    min-width: ${control_inner}px; min-height: ${control_inner}px; padding: 0;
    border: 1px solid transparent; border-radius: ${radius}px; background: transparent;
}
QToolButton:hover { background: $line; }
QToolButton:checked { background: $selected; }
QToolButton:focus {
    border: 2px solid $accent; min-width: ${control_focus}px; min-height: ${control_focus}px;
}
QToolButton[line="true"] { max-height: ${control_inner}px; }
QToolButton[line="true"]:focus { max-height: ${control_focus}px; }
QToolButton[small="true"] {
    min-width: ${small_control_inner}px; min-height: ${small_control_inner}px; icon-size: ${small_icon}px;
}
QToolButton::menu-indicator { image: none; }
QLineEdit QToolButton, QLineEdit QToolButton:hover {
    min-width: 0; min-height: 0; border: none; background: transparent;
}

QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox, QPlainTextEdit, QTextEdit {
    border: 1px solid $field_edge; border-radius: ${radius}px; background: $raised;
    selection-background-color: $selected; selection-color: $text; placeholder-text-color: $secondary;
}
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox { min-height: ${control_inner}px; padding: 0 8px; }
QSpinBox, QDoubleSpinBox { max-height: ${control_inner}px; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus {
    border: 2px solid $accent; padding: 0 7px; min-height: ${control_focus}px;
}
QPlainTextEdit:focus, QTextEdit:focus { border-color: $accent; }
QTextEdit[prose="true"] { border: none; background: transparent; }
*[invalid="true"]:!focus { border-color: $error; }
*[invalid="true"]:focus { border-color: $error; }
QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled {
    color: $field_edge; border-color: $line; background: $window;
}
QSpinBox::up-button, QDoubleSpinBox::up-button {
    subcontrol-origin: border; subcontrol-position: top right;
    width: ${arrow_column}px; height: ${half_control}px; border: none;
}
QSpinBox::down-button, QDoubleSpinBox::down-button {
    subcontrol-origin: border; subcontrol-position: bottom right;
    width: ${arrow_column}px; height: ${half_control}px; border: none;
}
QComboBox::drop-down {
    subcontrol-origin: border; subcontrol-position: center right; width: ${arrow_column}px; border: none;
}
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {
    image: url("$indicators/chevron-up.svg"); width: ${spin_arrow}px; height: ${spin_arrow}px;
}
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {
    image: url("$indicators/chevron-down.svg"); width: ${spin_arrow}px; height: ${spin_arrow}px;
}
QDoubleSpinBox[tight="true"]::up-button, QDoubleSpinBox[tight="true"]::down-button {
    width: ${tight_arrow_column}px;
}
QDoubleSpinBox[tight="true"]::up-arrow, QDoubleSpinBox[tight="true"]::down-arrow {
    width: ${tight_spin_arrow}px;
}
QComboBox::down-arrow {
    image: url("$indicators/chevron-down.svg"); width: ${arrow}px; height: ${arrow}px;
}
QComboBox QAbstractItemView {
    border: 1px solid $line; background: $raised; outline: none; padding: 4px;
    selection-background-color: $selected; selection-color: $text;
}
QComboBox QAbstractItemView::item { min-height: ${control}px; padding: 0 4px; }

QCheckBox { spacing: 8px; min-height: ${control}px; background: transparent; }
QCheckBox::indicator {
    width: ${indicator}px; height: ${indicator}px;
    border: 1px solid $field_edge; border-radius: 4px; background: $raised;
}
QCheckBox::indicator:hover, QCheckBox:focus::indicator { border-color: $accent; }
QCheckBox::indicator:checked:disabled { background: $field_edge; border-color: $field_edge; }
QCheckBox::indicator:checked {
    background: $accent; border-color: $accent; image: url("$indicators/check.svg");
}
QCheckBox:disabled { color: $field_edge; }

QTabWidget::pane { border: none; }
QTabBar { font-size: ${body}px; background: $window; qproperty-drawBase: 0; outline: none; }
QTabBar::tab {
    height: ${tab_inner}px; padding: 0 ${tab_padding}px; margin: 0 ${tab_gap}px; color: $secondary;
    background: transparent; border: none; border-bottom: 3px solid transparent;
}
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar:focus::tab:selected { color: $accent; }
#besideTabs > QToolButton { min-height: ${tab_inner}px; max-height: ${tab_inner}px; }

QSlider { min-height: ${control}px; background: transparent; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $line; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent; }
QSlider::handle:horizontal {
    width: ${slider_handle}px; height: ${slider_handle}px; margin: -${slider_overhang}px 0;
    border-radius: ${slider_radius}px; background: $accent;
}
QSlider::handle:horizontal:focus { border: 2px solid $text; width: ${slider_handle_focus}px; }
QSlider::sub-page:horizontal:disabled, QSlider::handle:horizontal:disabled { background: $field_edge; }

QProgressBar {
    border: none; border-radius: 2px; background: $line; min-height: 4px; max-height: 4px; color: transparent;
}
QProgressBar::chunk { border-radius: 2px; background: $accent; }

#lessonPanel { border-left: 1px solid $line; }
#runsDrawer { background: $window; }
#runsDrawer[over="true"] { border-right: 1px solid $line; }
/* Not transparent: completions are lists in windows of their own, with nothing below them. */
QListView, QTreeView, QTableView { border: none; background: $window; outline: none; }
QListView::item, QTreeView::item { min-height: ${control}px; padding: 0 8px; border-radius: ${radius}px; }
QTreeView::item { border-radius: 0; }
QHeaderView { background: $window; border: none; }
QHeaderView::section {
    background: $window; color: $secondary; font-size: ${caption}px; padding: 4px 11px;
    border: none; border-bottom: 1px solid $line;
}
QListView::item:hover, QTreeView::item:hover { background: $line; }
QListView::item:selected, QTreeView::item:selected { background: $selected; color: $text; }

QMenuBar { background: $window; border-bottom: 1px solid $line; }
QMenuBar::item { padding: 4px 8px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $line; }
QMenu { background: $raised; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 4px; }
QMenu::icon { padding-left: 8px; }
QMenu::item:selected { background: $selected; }
QMenu::item:disabled { color: $field_edge; }
QMenu::separator { height: 1px; margin: 4px 8px; background: $line; }
QMenu::indicator { width: ${arrow}px; height: ${arrow}px; padding-left: 6px; }

QScrollArea { border: none; background: transparent; }
#stepScroll[goesOn="true"] { border-bottom: 1px solid $field_edge; }
QScrollArea > QWidget > QWidget[scrolled="true"] { background: transparent; }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $field_edge; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 24px; }
QScrollBar::handle:horizontal { min-width: 24px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QStatusBar { background: $window; border-top: 1px solid $line; }
QStatusBar::item { border: none; }
QStatusBar QLabel { font-size: ${caption}px; color: $secondary; }
QStatusBar QPushButton { font-size: ${caption}px; min-height: 0; padding: 0 ${tab_padding}px; border: none; }
QSplitter::handle { background: $line; }
QFrame[frameShape="4"], QFrame[frameShape="5"] { background: $line; border: none; }
QFrame[frameShape="4"] { max-height: 1px; }
QFrame[frameShape="5"] { max-width: 1px; }

*[notice="information"] { background: $selected; border-radius: ${radius}px; }
*[notice="caution"] { background: $caution_surface; border-radius: ${radius}px; }
*[notice="error"] { background: $error_surface; border-radius: ${radius}px; }
*[noticeText="caution"] { color: $caution; }
*[noticeText="error"] { color: $error; }
""")


def stylesheet(colours: Colours, sizes: Sizes, indicators: Path) -> str:
    """Return the style sheet.

    Properties that widgets can set: `primary`, `flat`, `highlighted`, `small`, `segment` (buttons), `invalid`
    (fields and their messages), `secondary` (labels), `textRole` (`giant`, or a `TextRole`), `notice` and
    `noticeText` (what lies over a page, or says what to do).

    Args:
        indicators: folder with `chevron-up.svg`, `chevron-down.svg`, `check.svg` in the theme's colours.
    """
    return _TEMPLATE.substitute(
        asdict(colours),
        **asdict(sizes),
        **_hover_colours(colours),
        **_lengths(sizes),
        indicators=indicators.as_posix(),
    )


def small_control(sizes: Sizes) -> int:
    """Return the height and width of a tool button beside a caption."""
    return sizes.caption + 3 * _SMALL_MARGIN_PX


def giant(sizes: Sizes) -> int:
    """Return the size of type of the one answer that a page is about."""
    return round(1.75 * sizes.hero)


def _hover_colours(colours: Colours) -> dict[str, str]:
    return {
        "hover": mixed(colours.raised, colours.line, 0.5),
        "accent_hover": mixed(colours.accent, colours.window, 0.12),
        "accent_pressed": mixed(colours.accent, colours.text, 0.16),
    }


def _lengths(sizes: Sizes) -> dict[str, int]:
    """Return lengths derived from the tokens; a style sheet's box excludes borders and padding."""
    slider_handle = sizes.control // 2
    spin_arrow, arrow_column = sizes.control // 2 - 3, sizes.control - 4
    # In large type, a narrow number field has room for its number only, so its arrows get no width here;
    # hidden in Qt's own way, they would leave the field blank.
    is_large = sizes is PRESENT
    button_padding = sizes.control // (3 if is_large else 2) - 1
    return {
        "radius": RADIUS_PX,
        "giant": giant(sizes),
        "control_inner": sizes.control - 2,
        "control_focus": sizes.control - 4,
        "small_control_inner": small_control(sizes) - 2,
        "small_icon": small_control(sizes) - 2 * _SMALL_MARGIN_PX,
        "half_control": sizes.control // 2,
        "button_padding": button_padding,
        "segment_padding": sizes.control // 3 + 1,
        "segment_padding_focus": sizes.control // 3,
        "button_padding_focus": button_padding - 1,
        "arrow": sizes.control // 2,
        "spin_arrow": spin_arrow,
        "arrow_column": arrow_column,
        "tight_spin_arrow": 0 if is_large else spin_arrow,
        "tight_arrow_column": 0 if is_large else arrow_column,
        "indicator": sizes.control // 2 + 2,
        "tab_inner": sizes.tab_bar - 3,
        "tab_padding": sizes.body // 4,
        # So that all five tabs are whole beside a lesson on a projector.
        "tab_gap": sizes.body // 2 if is_large else sizes.body - 1,
        "slider_handle": slider_handle,
        "slider_handle_focus": slider_handle - 4,
        "slider_overhang": slider_handle // 2 - 2,
        "slider_radius": slider_handle // 2,
    }


def mixed(first: str, second: str, share: float) -> str:
    """Blend two `#RRGGBB` colours; `share` in [0, 1] is the weight of the second."""
    pairs = [(int(first[i : i + 2], 16), int(second[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)
