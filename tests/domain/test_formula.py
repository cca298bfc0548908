"""Formulas: which texts are some, what is wrong with others, and that they are drawn."""

import xml.etree.ElementTree as ET

import pytest

from cadl_gui.domain.formula import formula_svg, formulas_in, with_formulas


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (r"The loss is $-\log p_4$, or $x$.", [r"-\log p_4", "x"]),
        (r"($a + b$)", ["a + b"]),
        ("$5 and $6", []),
        ("5$ and 6$, US$ and $x$y, $ x $, $$x$$, \\$x$", []),
        ("`$a$` and ``$b` $c$`` and $d$\n```\n$e$\n```\n$f$", ["d", "f"]),
        ("$over\ntwo lines$", []),
    ],
)
def test_a_formula_stands_between_two_signs_that_touch_it_and_not_in_code(text, found):
    assert [*formulas_in(text)] == found
    assert with_formulas(text, lambda latex: f"${latex}$") == text
    for latex in found:
        text = text.replace(f"${latex}$", "F")
    assert with_formulas("\n".join([text, "$x$"]), lambda latex: latex) == "\n".join([text, "x"])


@pytest.mark.parametrize(
    ("latex", "says"),
    [
        (r"\foo x", "“\\foo” is not known in formulas."),
        ("x^", "“$x^$” is no formula that can be read."),
        (r"\frac{1}", "no formula that can be read"),
        (r"\frac{1}{2", "its braces do not match"),
        (r"a}b{c", "its braces do not match"),
        ("x" * 121, "at most 120 letters"),
        ("{" * 50 + "}" * 50, "its braces are more than 5 deep"),
        (r"\left(" * 7 + r"\right)" * 7, "its braces are more than 5 deep"),
    ],
)
def test_what_is_wrong_with_a_formula_is_said_in_a_sentence(latex, says):
    with pytest.raises(ValueError, match=r"[.]$") as error:
        formula_svg(latex, 10)
    assert says in str(error.value)


def test_a_formula_is_an_image_without_letters_in_its_size_and_colour():
    sizes = []
    for height in (10, 20):
        svg, size = formula_svg(r"\{p_k\} = \frac{e^{z_k}}{\sum_j e^{z_j}}", height, "#102030")
        parts = {element.tag.partition("}")[2] for element in ET.fromstring(svg).iter()}
        assert "path" in parts
        assert not parts & {"text", "image", "script", "use", "symbol"}
        assert "#102030" in svg
        sizes.append(size)
    assert sizes[1] == pytest.approx([2 * side for side in sizes[0]], rel=0.1)
