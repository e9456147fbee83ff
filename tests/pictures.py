"""What a picture of an explorer shows and says, as the tests of the lessons read it."""
from xml.etree import ElementTree

import touch

WIDEST = 940        # pixels that a picture may take
NARROW = 409        # on a phone, where it is drawn for one
PLAIN = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def shown(explorer, **values):
    """The picture at these values of the controls."""
    explorer.value.update(values)
    return explorer.picture()


def parts(picture, name):
    """The elements of a class, such as "c3-1"."""
    return [e for e in ElementTree.fromstring(picture.svg).iter() if name in e.get("class", "").split()]


def words(picture, name):
    """The words that the elements of a class show."""
    return [" ".join("".join(t.itertext()) for t in part.iter() if t.tag.endswith("text")) for part in parts(picture, name)]


def said(picture, name):
    """What the caption says while the first element of a class is touched."""
    return next(part.get("data-says") for part in parts(picture, name) if part.get("data-says"))


def texts(picture):
    """All texts of a picture, one entry an element, subscripts included."""
    return ["".join(e.itertext()) for e in ElementTree.fromstring(picture.svg).iter() if e.tag.endswith("text")]


def read_off(explorer, **values):
    """All texts of the picture at these values, and its caption with plain digits; what can be touched leads somewhere."""
    picture = shown(explorer, **values)
    touch.check(explorer)
    return texts(picture), picture.caption.translate(PLAIN)


def fits(explorer, narrow=NARROW):
    """Assert that every picture fits the page and has a short caption; on a phone the same caption.   narrow: pixels there"""
    for pictures, most in ((explorer.pictures, WIDEST), (explorer.slim, narrow)):
        for picture in pictures:
            assert float(ElementTree.fromstring(picture.svg).get("width")) <= most
            assert 0 < len(picture.caption) < 200, picture.caption
    assert not explorer.slim or [p.caption for p in explorer.slim] == [p.caption for p in explorer.pictures]
