"""The one table of everything that can be done: menus, shortcuts, tooltips and the F1 page come from it."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.widgets.icon import icon

Menu = Literal["File", "Run", "Timeline", "View", "Help"]
Tab = Literal["Draw", "Inspect", "Latent"]


@dataclass(frozen=True, kw_only=True)
class ActionRow:
    """One thing that can be done.

    Attributes:
        key: by which the code calls it.
        menu: where it is found.
        text: its verb, in sentence case.
        help: one line for tooltip and F1 page.
        shortcut: in Qt's portable notation.
        icon: name of its icon, or "".
        checkable: whether it is a switch.
        separated: whether a line in the menu comes before it.
    """

    key: str
    menu: Menu
    text: str
    help: str
    shortcut: str = ""
    icon: str = ""
    checkable: bool = False
    separated: bool = False


@dataclass(frozen=True, kw_only=True)
class TabAction:
    """One thing that can be done in a tab, while that tab is seen.

    Attributes:
        key: by which the code calls it.
        tab: where; also the menu in which it is found.
        text: its verb, in sentence case.
        help: one line for tooltip and F1 page.
        shortcuts: in Qt's portable notation.
        icon: name of its icon, or "".
        checkable: whether it is a switch.
        presented: whether present mode has a button for it, too.
    """

    key: str
    tab: Tab
    text: str
    help: str
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    checkable: bool = False
    presented: bool = True


ACTIONS = (
    ActionRow(key="open", menu="File", text="Open file…", shortcut="Ctrl+O",
              help="Open a .keras checkpoint, one of the course, or a frozen graph (.pb), as a run."),
    ActionRow(key="open_run", menu="File", text="Open run folder…", shortcut="Ctrl+Shift+O",
              help="Open a run with every epoch that it recorded."),
    ActionRow(key="save", menu="File", text="Save checkpoint…", shortcut="Ctrl+S",
              help="Save the run at the epoch shown as a .keras file."),
    ActionRow(key="export", menu="File", text="Export…", shortcut="Ctrl+Shift+E",
              help="Write the run at the epoch shown as a file that other programs load."),
    ActionRow(key="quit", menu="File", text="Quit", shortcut="Ctrl+Q", separated=True,
              help="Close the window; a training is stopped and kept."),
    ActionRow(key="train", menu="Run", text="Train", shortcut="Ctrl+Return", icon="player-play",
              help="Begin a new run with the settings of the form."),
    ActionRow(key="trainBeside", menu="Run", text="Train beside", shortcut="Ctrl+Alt+Return",
              help="Begin a new run with the settings of the form; what trains already goes on, by turns."),
    ActionRow(key="pause", menu="Run", text="Pause", shortcut="Ctrl+P", icon="player-pause",
              help="Hold the training, or go on with it."),
    ActionRow(key="step", menu="Run", text="Step", shortcut="Ctrl+.", icon="player-track-next",
              help="Train one batch, then pause."),
    ActionRow(key="stop", menu="Run", text="Stop and keep", shortcut="Ctrl+Shift+.", icon="player-stop",
              help="End the training and keep what it learned."),
    ActionRow(key="rewind", menu="Run", text="Rewind", shortcut="Ctrl+Backspace", icon="player-skip-back",
              help="Begin a new run with the settings and seed of this one, untrained; this one is kept."),
    ActionRow(key="continue", menu="Run", text="Continue", shortcut="Ctrl+Shift+Return", separated=True,
              help="Go on with the run shown from its last complete epoch."),
    ActionRow(key="branch", menu="Run", text="Branch from here…", shortcut="Ctrl+B",
              help="Begin a new run at the epoch shown; its optimiser starts afresh."),
    ActionRow(key="duplicate", menu="Run", text="Duplicate as new configuration", shortcut="Ctrl+D",
              help="Fill the form with the configuration of the run shown."),
    ActionRow(key="compare", menu="Run", text="Compare", shortcut="Ctrl+K", checkable=True, separated=True,
              icon="chart-line", help="Keep the curve of the run shown beside those of other runs."),
    ActionRow(key="comparison", menu="Run", text="Comparison…", shortcut="Ctrl+Shift+K",
              help="A table of the compared runs: how good they became, and in what they differ."),
    ActionRow(key="rename", menu="Run", text="Rename", shortcut="F2", separated=True,
              help="Call the run shown otherwise."),
    ActionRow(key="reveal", menu="Run", text="Show files", shortcut="Ctrl+Shift+R",
              help="Show the run's files in the file manager."),
    ActionRow(key="remove", menu="Run", text="Remove from list", shortcut="Ctrl+Shift+Backspace",
              help="Take the run off the list; its files stay."),
    ActionRow(key="trash", menu="Run", text="Move to trash…",
              help="Delete the run from disk: its files go to the system's trash."),
    ActionRow(key="back", menu="Timeline", text="Back", shortcut="Alt+Left",
              help="Show the kept epoch, or early batch, before this one."),
    ActionRow(key="forward", menu="Timeline", text="Forward", shortcut="Alt+Right",
              help="Show the kept epoch, or early batch, after this one."),
    ActionRow(key="first", menu="Timeline", text="Untrained network", shortcut="Alt+Home",
              help="Show epoch 0."),
    ActionRow(key="live", menu="Timeline", text="Back to live", shortcut="Alt+End",
              icon="player-skip-forward", help="Show the newest weights and ride along."),
    ActionRow(key="play", menu="Timeline", text="Replay the learning", shortcut="Ctrl+Space",
              icon="player-play", help="Play through the kept epochs, or stop playing."),
    ActionRow(key="trainTab", menu="View", text="Train tab", shortcut="Ctrl+1", checkable=True,
              help="Watch a network learn."),
    ActionRow(key="drawTab", menu="View", text="Draw tab", shortcut="Ctrl+2", checkable=True,
              help="Draw a digit, and see what every network makes of it."),
    ActionRow(key="latentTab", menu="View", text="Latent tab", shortcut="Ctrl+3", checkable=True,
              help="Explore the latent space of an autoencoder."),
    ActionRow(key="inspectTab", menu="View", text="Inspect tab", shortcut="Ctrl+4", checkable=True,
              help="Look at a network’s weights and activations, and change them."),
    ActionRow(key="light", menu="View", text="Light", shortcut="Ctrl+Alt+1", checkable=True, separated=True,
              help="Light colours."),
    ActionRow(key="dark", menu="View", text="Dark", shortcut="Ctrl+Alt+2", checkable=True,
              help="Dark colours."),
    ActionRow(key="system", menu="View", text="As the system", shortcut="Ctrl+Alt+3", checkable=True,
              help="Light or dark as the system is."),
    ActionRow(key="present", menu="View", text="Present", shortcut="F5", icon="presentation", checkable=True,
              separated=True, help="Large text and thick lines for a projector."),
    ActionRow(key="full_screen", menu="View", text="Full screen", shortcut="F11", checkable=True,
              help="Fill the screen."),
    ActionRow(key="form", menu="View", text="Settings of the run", shortcut="Ctrl+E", checkable=True,
              help="Show or hide the form of the Train tab."),
    ActionRow(key="ink", menu="View", text="Ink on paper", shortcut="Ctrl+I", checkable=True,
              help="Pictures black on white, for a bright room."),
    ActionRow(key="reduce_motion", menu="View", text="Reduce motion", checkable=True,
              help="Nothing eases; everything changes at once."),
    ActionRow(key="keys", menu="Help", text="Keys and actions", shortcut="F1", icon="keyboard",
              help="Everything that can be done, with its key."),
    ActionRow(key="palette", menu="Help", text="Command palette…", shortcut="Ctrl+Shift+P",
              help="Find anything that can be done by typing a part of its name."),
    ActionRow(key="report", menu="Help", text="Report a problem…",
              help="Save log, versions and system facts as one file that you can send."),
    ActionRow(key="about", menu="Help", text="About CADL", help="Version, licences, and where the log is."),
)  # fmt: skip

TAB_ACTIONS = (
    TabAction(key="undo", tab="Draw", text="Undo", shortcuts=("Ctrl+Z",), icon="arrow-back-up",
              help="Take the last change of the drawing back; clearing is one, too."),
    TabAction(key="redo", tab="Draw", text="Redo", shortcuts=("Ctrl+Shift+Z", "Ctrl+Y"),
              icon="arrow-forward-up", help="Bring back what was taken back."),
    TabAction(key="eraser", tab="Draw", text="Erase", shortcuts=("E",), icon="eraser", checkable=True,
              help="The hand takes ink away; the right button always does."),
    TabAction(key="clear", tab="Draw", text="Clear", shortcuts=("Del", "Backspace"), icon="trash",
              help="Empty the canvas."),
    TabAction(key="randomDigit", tab="Draw", text="Random digit", shortcuts=("R",), icon="dice-5",
              help="Put a digit on the canvas that no run trained here has learned from."),
    TabAction(key="openPicture", tab="Draw", text="Open picture…", shortcuts=("O",), icon="photo",
              presented=False, help="Put a scan or photograph of a digit on the canvas."),
    TabAction(key="paste", tab="Draw", text="Paste", shortcuts=("Ctrl+V",), icon="clipboard",
              presented=False, help="Put the clipboard's picture on the canvas."),
    TabAction(key="copy", tab="Draw", text="Copy picture", shortcuts=("Ctrl+C",), icon="copy",
              presented=False, help="Put the drawing on the clipboard, while the canvas has the focus."),
    TabAction(key="thinner", tab="Draw", text="Thinner pen", shortcuts=("[",),
              help="Draw with a thinner pen."),
    TabAction(key="thicker", tab="Draw", text="Thicker pen", shortcuts=("]",),
              help="Draw with a thicker pen."),
    TabAction(key="teach", tab="Draw", text="Correct the answer", shortcuts=tuple("0123456789"),
              help="Keep the drawing as this digit, to save it and to train with it."),
    TabAction(key="pin", tab="Latent", text="Pin", shortcuts=("P",),
              help="Set a pin where the handle is, at the epoch shown."),
    TabAction(key="snap", tab="Latent", text="Snap to a digit", shortcuts=("N",),
              help="Put the handle exactly where the nearest digit is encoded."),
    TabAction(key="placeDrawing", tab="Latent", text="Place drawing", shortcuts=("D",),
              help="Set a pin where the digit of the Draw tab is encoded, and show its way over the epochs."),
    TabAction(key="playPath", tab="Latent", text="Play path", shortcuts=("L",),
              help="Move the handle along the path, or stop."),
    TabAction(key="loopPath", tab="Latent", text="Loop", shortcuts=("Shift+L",), checkable=True,
              help="Begin again at the end of the path."),
    TabAction(key="undoPin", tab="Latent", text="Undo", shortcuts=("Ctrl+Z",),
              help="Take back the last change of the pins."),
    TabAction(key="redoPin", tab="Latent", text="Redo", shortcuts=("Ctrl+Shift+Z", "Ctrl+Y"),
              help="Do it again."),
    TabAction(key="clearPins", tab="Latent", text="Clear", shortcuts=("Shift+Del",),
              help="Take all pins and the trail away."),
    TabAction(key="mixPins", tab="Latent", text="Mix pins…", shortcuts=("M",),
              help="Move the handle to a mixture of all pins."),
    TabAction(key="feedBack", tab="Latent", text="Feed back", shortcuts=("B",), checkable=True,
              help="Encode what is decoded, again and again, until it settles."),
    TabAction(key="drift", tab="Latent", text="Drift", shortcuts=("W",), checkable=True,
              help="Let the handle wander slowly where data lie."),
    TabAction(key="showPoints", tab="Latent", text="Points", shortcuts=("1",), checkable=True,
              help="Test digits where the encoder puts them, in the colour of their label."),
    TabAction(key="showThumbnails", tab="Latent", text="Thumbnails", shortcuts=("2",), checkable=True,
              help="What is decoded where test digits lie, in their label's colour."),
    TabAction(key="showManifold", tab="Latent", text="Manifold", shortcuts=("3",), checkable=True,
              help="What the network decodes everywhere."),
    TabAction(key="showClassifier", tab="Latent", text="Classifier", shortcuts=("4",), checkable=True,
              help="What the classifier answers everywhere; the brighter, the surer."),
    TabAction(key="showPrior", tab="Latent", text="Prior", shortcuts=("5",), checkable=True,
              help="One, two and three sigma of the unit normal."),
    TabAction(key="showVeil", tab="Latent", text="Veil", shortcuts=("6",), checkable=True,
              help="Covers places far from all data."),
    TabAction(key="sampled", tab="Latent", text="Sampled", shortcuts=("S",), checkable=True,
              help="Digits where one sample of their Gaussian lies, instead of its mean."),
    TabAction(key="grid", tab="Latent", text="Reorganise to grid", shortcuts=("G",), checkable=True,
              help="Every point walks to a cell of its own, and back."),
    TabAction(key="hover", tab="Latent", text="Hover", shortcuts=("V",), checkable=True,
              help="The handle follows the pointer without a button."),
    TabAction(key="savePathFilm", tab="Latent", text="Path as film…", shortcuts=("Ctrl+Shift+F",),
              help="What is decoded along the path, as GIF, MP4 or PNG strip."),
    TabAction(key="saveReplay", tab="Latent", text="Plane through the epochs…",
              help="How plane and points formed, as GIF, MP4 or PNG strip."),
    TabAction(key="savePrint", tab="Latent", text="Print of the plane…",
              help="What is in view, 60 digits wide and 6,000 pixels, as PNG."),
    TabAction(key="saveCorners", tab="Latent", text="Manifold between four pins…",
              help="The course's manifold between its four corners, as PNG."),
    TabAction(key="saveGrid", tab="Latent", text="Digits on a grid…",
              help="The encoded digits, each in a cell of its own, as PNG."),
    TabAction(key="savePath", tab="Latent", text="Save path…",
              help="The path as a small text file, which cadl render makes the same film of."),
    TabAction(key="openPath", tab="Latent", text="Open path…",
              help="Pins and kind of a path that was saved."),
    TabAction(key="copyZ", tab="Latent", text="Copy z", shortcuts=("Ctrl+Alt+C",),
              help="The numbers of the handle's place."),
    TabAction(key="copyPython", tab="Latent", text="Copy z as Python", shortcuts=("Ctrl+Alt+P",),
              help="The handle's place as a line of Python."),
    TabAction(key="pasteZ", tab="Latent", text="Paste z", shortcuts=("Ctrl+Alt+V",),
              help="Go to the numbers on the clipboard."),
    TabAction(key="muteUnit", tab="Inspect", text="Mute", shortcuts=("M",), checkable=True,
              help="Let the chosen unit, or kernel, give nothing; every tab follows."),
    TabAction(key="swapUnit", tab="Inspect", text="Swap…", shortcuts=("S",), checkable=True,
              help="Swap it with the one of its layer that is chosen next."),
    TabAction(key="quieter", tab="Inspect", text="Smaller factor", shortcuts=("[",),
              help="Decrease the factor of its output by 0.1."),
    TabAction(key="louder", tab="Inspect", text="Larger factor", shortcuts=("]",),
              help="Increase the factor of its output by 0.1."),
    TabAction(key="undoBend", tab="Inspect", text="Undo", shortcuts=("Ctrl+Z",), icon="arrow-back-up",
              help="Take back the last bend."),
    TabAction(key="redoBend", tab="Inspect", text="Redo", shortcuts=("Ctrl+Shift+Z", "Ctrl+Y"),
              icon="arrow-forward-up", help="Bend again what was taken back."),
    TabAction(key="straighten", tab="Inspect", text="Straighten", shortcuts=("Ctrl+Shift+M",),
              help="Let the network be as it learned; can be undone."),
    TabAction(key="unitLeft", tab="Inspect", text="Unit to the left", shortcuts=("Left",),
              help="While the montage has the focus."),
    TabAction(key="unitRight", tab="Inspect", text="Unit to the right", shortcuts=("Right",),
              help="While the montage has the focus."),
    TabAction(key="unitUp", tab="Inspect", text="Unit above", shortcuts=("Up",),
              help="While the montage has the focus."),
    TabAction(key="unitDown", tab="Inspect", text="Unit below", shortcuts=("Down",),
              help="While the montage has the focus."),
    TabAction(key="layerUp", tab="Inspect", text="Layer before", shortcuts=("PgUp",),
              help="Inspect the layer above in the list."),
    TabAction(key="layerDown", tab="Inspect", text="Next layer", shortcuts=("PgDown",),
              help="Inspect the layer below in the list."),
    TabAction(key="showWeights", tab="Inspect", text="Weights", shortcuts=("W",), checkable=True,
              help="The weights of one layer."),
    TabAction(key="showActivations", tab="Inspect", text="Activations", shortcuts=("A",), checkable=True,
              help="One picture through the network: what every layer makes of it."),
    TabAction(key="showArithmetic", tab="Inspect", text="Steps", shortcuts=("B",), checkable=True,
              help="The arithmetic of one unit: a kernel that slides, a dense unit that adds up."),
    TabAction(key="showOperations", tab="Inspect", text="Graph", shortcuts=("G",), checkable=True,
              help="Every operation of the network's graph, searchable."),
    TabAction(key="walk", tab="Inspect", text="Play the steps", shortcuts=("P",), icon="player-play",
              checkable=True, help="Walk through the unit's arithmetic, or pause."),
    TabAction(key="stepBack", tab="Inspect", text="Step before", shortcuts=(",",),
              icon="chevron-left", help="One step of the arithmetic back."),
    TabAction(key="stepForward", tab="Inspect", text="Next step", shortcuts=(".",),
              icon="chevron-right", help="One step of the arithmetic on."),
    TabAction(key="zoomIn", tab="Inspect", text="Look closer", shortcuts=("+", "="),
              help="Zoom into the montage; the wheel does, too, and a drag moves it."),
    TabAction(key="zoomOut", tab="Inspect", text="Step back", shortcuts=("-",), help="Zoom out again."),
    TabAction(key="zoomFit", tab="Inspect", text="Whole montage", shortcuts=("0",),
              help="See all of the layer."),
)  # fmt: skip

TAB_KEYS = ("trainTab", "drawTab", "latentTab", "inspectTab")
"""Actions that show a tab, in the order of the tabs; each is called like the tab's widget."""

VIEW_KEYS: tuple[tuple[str, str, str, str], ...] = (
    ("Latent", "Move the handle", "Arrow keys", "8 pixels; with Shift 1, with Ctrl 48; the view follows."),
    ("Latent", "Snap while dragging", "Ctrl+drag", "The handle goes from digit to digit."),
    (
        "Latent",
        "Pan",
        "Ctrl+Shift+arrow keys",
        "The view alone; a drag with the middle or right button does it, too.",
    ),
    ("Latent", "Zoom", "+ or −", "About the middle; the wheel about the pointer."),
    ("Latent", "Fit", "Home", "Show everything; a double click does it, too."),
)
"""Keys that a view answers itself while it has the focus: tab, name, key, help."""


def build_actions(parent: QWidget, theme: Theme) -> dict[str, QAction]:
    """Make a `QAction` of every row, by key, and give them to `parent` so that their shortcuts work."""
    actions = {}
    for row in ACTIONS:
        action = QAction(row.text, parent)
        action.setObjectName(f"{row.key}Action")
        action.setData(row.key)
        action.setShortcut(QKeySequence(row.shortcut))
        action.setCheckable(row.checkable)
        action.setToolTip(tooltip(row))
        action.setStatusTip(row.help)
        if row.icon:
            action.setIcon(icon(row.icon, theme))
        parent.addAction(action)
        actions[row.key] = action
    return actions


def build_tab_action(row: TabAction, parent: QWidget, theme: Theme) -> QAction:
    """Make a `QAction` of a row; its shortcuts work wherever it is added to."""
    action = QAction(row.text, parent)
    action.setObjectName(f"{row.key}Action")
    action.setShortcuts([QKeySequence(key) for key in row.shortcuts])
    action.setCheckable(row.checkable)
    action.setToolTip(f"{row.help} ({shortcuts_text(row)})" if row.shortcuts else row.help)
    action.setStatusTip(row.help)
    if row.icon:
        action.setIcon(icon(row.icon, theme))
    return action


def shortcuts_text(row: TabAction) -> str:
    """Its keys as this system writes them."""
    keys = [QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in row.shortcuts]
    return " or ".join(keys) if len(keys) < 3 else f"{keys[0]}–{keys[-1]}"


def tooltip(row: ActionRow) -> str:
    """Its help with its key."""
    key = QKeySequence(row.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
    return f"{row.help} ({key})" if key else row.help
