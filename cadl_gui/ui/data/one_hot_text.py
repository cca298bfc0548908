"""The lecture's argument for one-hot labels, told about one label."""

from cadl_gui.system.words import _

_LONGEST_NAME = 24


def why_one_hot(label: int, class_names: tuple[str, ...]) -> str:
    """Say what a mistake would cost if labels were numbers, and that all cost the same if they are one-hot.

    The mistakes are the class whose number is farthest from the label's, and a neighbour.
    """
    n = len(class_names)
    if n == 1:
        return _("There is only one class, so there is nothing to mistake it for.")
    if n == 2:
        return _(
            "If labels were plain numbers, the two classes would differ by 1. "
            "From three classes on, some would be farther apart than others; one-hot, none are."
        )
    far, near = (n - 1, label + 1) if label < n / 2 else (0, label - 1)
    if far == near:  # the middle one of three
        return _(
            "If labels were plain numbers, this one would be 1 away from both others, but those 2 apart. "
            "One-hot, all three are equally far apart."
        )
    name, far_name, near_name = (_quoted(number, class_names) for number in (label, far, near))
    return _(
        "If labels were plain numbers, mistaking {name} for {far_name} would count as {far}, "
        "for {near_name} only as 1. One-hot, every mistake counts the same."
    ).format(name=name, far_name=far_name, far=abs(far - label), near_name=near_name)


def _quoted(label: int, class_names: tuple[str, ...]) -> str:
    name = class_names[label]
    if name == str(label):
        return name
    if len(name) > _LONGEST_NAME:
        name = f"{name[: _LONGEST_NAME - 1].rstrip()}…"
    return f"“{name}”"
