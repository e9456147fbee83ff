"""Formulas as MathML, which browsers set themselves and screen readers read. A derivation becomes rows that fit any width:

    a line of \\begin{aligned},   left &= right && \\text{because } ...,   is three cells, the last of them words with formulas
"""
import html
import re
from xml.etree import ElementTree

from latex2mathml.converter import convert

TEXT = re.compile(r"\\text\{((?:[^{}]|\{[^{}]*\})*)\}")
WORDS = re.compile(r"\\text\{(because|\()")
TAG = re.compile(r"\s*\\tag\{(.*?)\}")
PRIMES = ("′", "″", "‴")
SCRIPTS = {"msub", "msup", "msubsup", "munder", "munderover", "mover"}
INNER = re.compile(r"\\begin\{\w*matrix\}.*?\\end\{\w*matrix\}", re.DOTALL)
BLOCK = (r"\begin", r"\end")
ROWS = re.compile(r"\\begin\{aligned\}(.*)\\end\{aligned\}", re.DOTALL)


def formula(latex, display="inline"):
    """MathML of a formula without words beside it."""
    made = convert(html.unescape(latex).strip(), xmlns="", display=display)
    tree = ElementTree.fromstring(made)
    mend(tree)
    for end, side in ((0, "lspace"), (-1, "rspace")):                        # no room before the first sign and after the last
        if tree[0][end].tag in SCRIPTS | {"mo"} and next(tree[0][end].itertext()) in "∑−+":
            next(tree[0][end].iter("mo")).set(side, "0")
    return ElementTree.tostring(tree, encoding="unicode").replace(' xmlns=""', "").replace(" />", "/>")


def mend(tree, small=False):
    """What the converter does not say: accents that fit, room after a function, none in an index.   small: it is an index"""
    for i, node in enumerate(tree):
        inside = small or (tree.tag in SCRIPTS and i > 0)
        if node.tag == "msup" and node[1].text in PRIMES:                   # a prime is raised already
            node.tag, node[1].tag = "mrow", "mo"
        mend(node, inside)
        node.text = {"^": "ˆ", "~": "˜"}.get(node.text, node.text) if tree.tag == "mover" and i else node.text
        if node.tag == "mo" and (node.text == "∂" or named(node)):
            node.tag = "mi"
        if node.tag == "mo" and (inside or node.text in (*PRIMES, "|", "‖")):
            node.attrib |= {"lspace": "0", "rspace": "0"}
    if tree.tag == "munder" and tree[1].text == "⏟":                        # drawn by the style sheet: browsers draw it in part
        tree.tag, tree.attrib = "mrow", {"class": "brace"}
        tree.remove(tree[1])
    for i in reversed(range(1, len(tree))):
        if tree.tag in ("math", "mrow", "mtd") and named(tree[i - 1]) and (tree[i].tag != "mo" or tree[i].text == "|"):
            tree.insert(i, ElementTree.Element("mspace", width=".17em"))
        for first, second in (("=", ":"), ("+", "=")):                      # a sign of two letters
            if ("".join(tree[i - 1].itertext()), tree[i].text) == (first, second):           # \mathrel{+} is a row in a sign
                tree[i - 1][:] = []
                tree[i - 1].text = first + second
                tree.remove(tree[i])
                break


def named(node):
    """Whether it is the name of a function: tanh, diag."""
    return node.tag in ("mi", "mo") and (node.text or "").isalpha() and len(node.text) > 1


def block(latex, place=str):
    """A formula on lines of its own, with its number.   place: number -> the id under which it is found, if any"""
    latex = html.unescape(latex)
    tag, latex = TAG.search(latex), TAG.sub("", latex).strip()
    rows = ROWS.fullmatch(latex)
    made = derivation(rows[1], place) if rows else spread(latex)
    if not tag:
        return f'<div class="equation">{made}</div>'
    return f'<div class="equation" id="{place(tag[1])}">{made}<span class="tag">({html.escape(tag[1])})</span></div>'


def spread(latex):
    """A formula whose parts, and the words behind it, go on a new line each where the page is narrow."""
    parts = [part.strip() for part in re.split(r"\\qquad|\\quad\s*(?=\\text\{)", latex) if part.strip()]
    if len(parts) == 1 or any(part.count(opens) != part.count(ends) for part in parts for opens, ends in ("{}", BLOCK)):
        return formula(latex, "block")
    made = (f'<span class="because">{words(part)}</span>' if WORDS.match(part) else formula(part, "block") for part in parts)
    return f'<div class="line">{"".join(made)}</div>'


def derivation(latex, place):
    """The lines of a derivation: left side, right side, because, and for some a number."""
    inner = INNER.findall(latex)                     # a matrix has rows and cells of its own
    lines = re.split(r"\\\\(?:\[\d+pt\])?", INNER.sub("\0", latex))
    rows = [[re.sub("\0", lambda _: inner.pop(0), cell) for cell in re.split("&&?", line)] for line in lines if line.strip()]
    return f'<div class="steps">{"".join(step(place, *map(str.strip, row)) for row in rows)}</div>'


def step(place, left, right="", because="", number=""):
    """One line of a derivation, in four columns."""
    sides = [formula(side, "block") if side else "" for side in (left, right)]
    at = f' id="{place(number[1:-1])}"' if number else ""        # on the number: a line has no box of its own
    return (f'<div class="step"><span class="left">{sides[0]}</span><span class="right">{sides[1]}</span>'
            f'<span class="because">{words(because)}</span><span class="tag"{at}>{html.escape(number)}</span></div>')


def words(latex):
    r"""What mixes \text{...} and formulas, as words with formulas in them."""
    parts = TEXT.split(latex)                        # formula, words, formula, words, ...
    if any(part.count("{") != part.count("}") for part in parts[0::2]):         # words inside a root or an index
        return formula(latex)
    parts[0::2] = [formula(part) if part.strip() else part for part in parts[0::2]]
    parts[1::2] = [html.escape(part.replace("~", " ")) for part in parts[1::2]]
    return "".join(parts)
