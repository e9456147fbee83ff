"""What `make store` makes of a picture."""
import io

import numpy as np
from PIL import Image

from notebooks.store import packed
from rnn_lib.palette import COLOURS


def test_a_stored_picture_has_few_colours_and_those_of_the_palette_are_exact():
    shades = [light for light, _ in COLOURS.values()]
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 4)).astype(np.uint8)
    noise[..., 3] = 255
    for i, shade in enumerate(shades):
        noise[i, :2, :3] = list(bytes.fromhex(shade[1:]))
    noise[-1, -1, 3] = 0                                                # a clear corner
    stored = Image.open(io.BytesIO(packed(Image.fromarray(noise), shades)))
    seen = np.asarray(stored.convert("RGBA"))
    assert len(stored.getcolors()) <= 64 + len(shades) + 1
    assert ["#" + bytes(seen[i, 0, :3]).hex() for i in range(len(shades))] == shades
    assert seen[-1, -1, 3] == 0
