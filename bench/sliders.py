"""How long an explorer takes, in JupyterLab in a real browser:   make bench   or   python -m bench.sliders [02 04 …]

Key to picture: from the time stamp of the keydown event to the first frame with another picture on the page. The page is
looked at, and the clock read, in a task that follows each frame's painting; what the screen itself adds is not in it.
Hover: the same, from the pointer's arrival at a part of the drawing to its light. Drag: from the handle's last stop to the
end of the frame with the last new picture. Blank: frames without a picture. Jump: pixels by which the cell's height varied.
The bars are for two free cores.

Three peers in the same run: what everyone does, `interact` and inline matplotlib, here with the unfolded network of lesson 02;
and one letter in place of a picture, switched like the explorers, or drawn by the kernel: what JupyterLab and the browser need by
themselves.
"""
import random
import statistics
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import NamedTuple

import nbformat

from .lab import KEYS, ROOT, browser, chromium, jupyterlab, open_and_run, shut_down

PRESSES, HOVERS, EVENTS = 40, 20, 30
BARS, P95_BARS, HOVER_BAR, LAST_BAR = {"browser": 16, "kernel": 35}, {"browser": 23}, 12, 150          # ms; the first are medians
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
ROW = "{:<24} {:<16} {:<17} {:>7} {:>5} {:>7} {:>7} {:>7} {:>6} {:>6}  {}"

ONE_LETTER = """
from rnn_lib.explorers import Picture, slider, switched
def letter(T):
    marks = "".join(f'<g class="a{x}" data-lights="a{x}" data-says="{x}"><text x="{x}" y="15">{T}</text></g>' for x in (0, 30))
    return Picture(f'<svg width="60" height="20">{marks}</svg>', f"T = {T}.")
switched(letter, T=slider("T", 1, 12, 4))
"""
LETTER_BY_KERNEL = """
from rnn_lib.explorers import Picture, redrawn, text
def letter(start):
    return Picture(f'<svg width="60" height="20"><text y="15">{len(start)}</text></svg>', "One letter.")
redrawn(letter, start=text("start"))
"""
INTERACT = """
import matplotlib.pyplot as plt
from ipywidgets import interact

@interact(T=(1, 12))
def unfolded(T=4):
    fig, ax = plt.subplots(figsize=(9, 2.6))
    for t in range(1, T + 1):
        for y, name, colour in ((0, "x", "#0069a8"), (1, "h", "#bb4a00"), (2, "ŷ", "#00785a")):
            ax.text(t, y, f"${name}_{{{t}}}$", ha="center", va="center", bbox={"boxstyle": "circle", "fc": "white", "ec": colour})
        for (x0, y0), (x1, y1), name in (((t, 0), (t, 1), "V"), ((t - 1, 1), (t, 1), "W"), ((t, 1), (t, 2), "U")):
            ax.annotate("", (x1, y1), (x0, y0), arrowprops={"arrowstyle": "->", "shrinkA": 12, "shrinkB": 12})
            ax.text((x0 + x1) / 2, (y0 + y1) / 2 + .1, f"${name}$")
    ax.set(xlim=(-.5, 12.5), ylim=(-.5, 2.5))
    ax.axis("off")
    plt.show()
"""

SLIDERS = ("input[type=range]", ".noUi-handle")
PEERS = {"one letter": ONE_LETTER, "one letter by the kernel": LETTER_BY_KERNEL, "interact + matplotlib": INTERACT}

WATCH = """explorer => {
    const cell = explorer.closest('.jp-Cell'), view = explorer.querySelector('.view');
    const handle = explorer.querySelector('.noUi-handle');
    let drawn = 0;
    const pictures = () => [...explorer.querySelectorAll('.jp-OutputArea-output img')].filter(picture => picture.complete);
    const seen = () => !view ? pictures().map(picture => picture.src).join() : view.querySelector('svg') ? `${drawn}` : '';
    const watch = window.watch = {picture: seen(), asked: null, took: [], moved: 0, last: 0, blank: 0, low: 1e9, high: 0};
    watch.sent = 0;
    jupyterapp.shell.currentWidget.sessionContext.iopubMessage.connect((_, message) => {       // a picture from the kernel
        watch.sent += 'turn' in (message.content.data?.state ?? {}) || 'image/png' in (message.content.data ?? {});
    });
    for (const kind of ['keydown', 'pointermove'])
        explorer.addEventListener(kind, event => { if (watch.kind === kind) watch.asked ??= event.timeStamp; }, true);
    explorer.addEventListener('input', () => watch.moved = performance.now());
    if (view) new MutationObserver(changes => {                // class, colour, a node not there before, or nodes that only go
        const gone = changes.flatMap(change => [...change.removedNodes]);
        const fresh = change => [...change.addedNodes].some(node => !gone.includes(node));
        drawn += changes.some(change => change.type === 'attributes' || fresh(change))
            || !changes.some(change => change.addedNodes.length);
    }).observe(view, {childList: true, subtree: true, attributeFilter: ['class', 'stroke']});
    if (handle) new MutationObserver(() => watch.moved = performance.now()).observe(handle, {attributeFilter: ['aria-valuenow']});
    const after = new MessageChannel();                // its task comes after the painting of the frame that asks for it
    after.port1.onmessage = () => {
        const time = performance.now(), now = seen(), height = cell.getBoundingClientRect().height;
        watch.low = Math.min(watch.low, height), watch.high = Math.max(watch.high, height);
        if (!now) watch.blank += 1;
        else if (now !== watch.picture) {
            if (watch.asked !== null) watch.took.push(time - watch.asked);
            Object.assign(watch, {picture: now, asked: null, last: time});
        }
    };
    const look = () => {
        after.port2.postMessage(0);
        if (window.watch === watch) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""
KIND = """explorer => (explorer.querySelector('figure svg [id^=figure_], img') ? 'chart' : 'diagram')
    + (watch.sent ? ', kernel' : ', browser')"""
# Places where the pointer is on a part that lights up, each another part than the one before.
PLACES = """explorer => [...explorer.querySelectorAll('figure [data-lights]')].map(mark => {
    const box = mark.getBoundingClientRect(), at = [box.x + box.width / 2, box.y + box.height / 2];
    return document.elementFromPoint(...at)?.closest('[data-lights]') === mark && at;
}).filter(Boolean)"""


class Row(NamedTuple):
    """What was measured on one explorer."""
    lesson: str
    control: str         # the control that was moved
    kind: str            # diagram or chart, switched in the browser or drawn by the kernel
    median: float        # [ms] key to picture
    p95: float           # [ms]
    hover: float | None  # [ms] pointer to light, median; None where nothing lights up
    drag: float | None   # [ms] from the last stop to the last picture; None where there is nothing to drag
    blank: int           # frames
    jump: float          # [px]

    def over(self):
        """The bars that are missed, in words."""
        p95 = P95_BARS.get(self.where, float("inf"))
        return [word for word, missed in {
            f"median > {self.bar}": self.median > self.bar, f"p95 > {p95}": self.p95 > p95, "blank": self.blank > 0,
            f"hover > {HOVER_BAR}": (self.hover or 0) > HOVER_BAR, f"drag > {LAST_BAR}": (self.drag or 0) > LAST_BAR,
            "jump": self.jump > 1}.items() if missed]

    @property
    def where(self):
        """Who draws: browser or kernel."""
        return self.kind.split(", ")[1]

    @property
    def bar(self):
        """What the median must not exceed."""
        return BARS[self.where]


def explorers(page):
    """(explorer, control's selector) of every picture with something to move."""
    for explorer in page.locator(".rnn:has(figure svg), .widget-interact").all():
        selector = next((s for s in KEYS if explorer.locator(s).count()), None)
        if selector:
            yield explorer, selector


def press(page, explorer, selector, i):
    """Press a key that changes the picture, and wait for the new one."""
    control = explorer.locator(selector + (":checked" if selector == ".choice input" else "")).first
    control.focus()
    key = KEYS[selector]
    if selector in SLIDERS:
        now, low, high = standing(control)
        key = "ArrowLeft" if now == high or (now != low and i // 6 % 2) else "ArrowRight"
    elif key == "a":
        key = ("a", "Backspace")[i % 2]
    page.wait_for_timeout(random.uniform(20, 60))              # presses must not keep step with the screen
    page.keyboard.press(key)
    page.wait_for_function("count => watch.took.length >= count", arg=i + 1, timeout=5000)


def standing(control):
    """Where a slider stands, and its ends."""
    return control.evaluate("""slider => slider.type ? [+slider.value, +slider.min, +slider.max]
                               : ['now', 'min', 'max'].map(end => +slider.getAttribute(`aria-value${end}`))""")


def hover(page, explorer):
    """Move the pointer over what lights up.   returns: median time to its light in ms, None where there is nothing"""
    places = explorer.evaluate(PLACES)
    if len(places) < 2:
        return None
    page.evaluate("Object.assign(watch, {kind: 'pointermove', took: [], asked: null})")
    for i in range(HOVERS):
        page.wait_for_timeout(random.uniform(20, 60))
        page.mouse.move(*places[i * max(1, len(places) // HOVERS) % len(places)])
        page.wait_for_function("count => watch.took.length >= count", arg=i + 1, timeout=5000)
    page.mouse.move(0, 0)
    return statistics.median(page.evaluate("watch.took"))


def drag(page, explorer, selector):
    """Drag the handle from one end to the other in 30 events.   returns: ms from its last stop to the last new picture"""
    page.mouse.move(0, 0)
    control = explorer.locator(selector).first
    track = (control if selector != ".noUi-handle" else explorer.locator(".noUi-base").first).bounding_box()
    now, low, high = standing(control)
    height = track["y"] + track["height"] / 2
    page.mouse.move(track["x"] + 8 + (track["width"] - 16) * (now - low) / (high - low), height)
    page.mouse.down()
    page.mouse.move(track["x"], height)
    page.wait_for_timeout(1000)
    page.mouse.move(track["x"] + track["width"], height, steps=EVENTS)
    page.wait_for_timeout(2000)
    page.mouse.up()
    return page.evaluate("Math.max(0, watch.last - watch.moved)")


def measure(page, lesson):
    """A Row of each explorer on the page."""
    for explorer, selector in explorers(page):
        explorer.scroll_into_view_if_needed()
        names = explorer.locator(".controls > * > :first-child, .widget-label").all_inner_texts()
        name = next((name.strip() for name in names if name.strip()), selector)
        explorer.evaluate(WATCH)
        page.evaluate("watch.kind = 'keydown'")
        for i in range(PRESSES):
            press(page, explorer, selector, i)
        took = sorted(page.evaluate("watch.took"))
        lit = hover(page, explorer)
        last = drag(page, explorer, selector) if selector in SLIDERS else None
        blank, jump = page.evaluate("[watch.blank, watch.high - watch.low]")
        median, p95 = statistics.median(took), took[round(.95 * len(took)) - 1]
        yield Row(lesson, name, explorer.evaluate(KIND), median, p95, lit, last, blank, jump)


def tell(row, peer=False):
    """Print a row of the table."""
    bar, verdict = ("", "a peer") if peer else (row.bar, ", ".join(row.over()) or "ok")
    lit, dragged = ("" if time is None else f"{time:.{digits}f}" for time, digits in ((row.hover, 1), (row.drag, 0)))
    print(ROW.format(row.lesson[:24], row.control[:16], row.kind, f"{row.median:.1f}", bar, f"{row.p95:.1f}", lit, dragged,
                     row.blank, f"{row.jump:.0f}", verdict), flush=True)


def main(wanted):
    """Measure the lessons whose names start with one of these (all, when there are none), and the peers."""
    if not chromium():
        sys.exit("no Chromium or Chrome was found: install one, or name it in $CHROMIUM")
    print(textwrap.dedent(__doc__.partition("\n\n")[2]))
    print(f"{PRESSES} presses, {HOVERS} hovers, a drag of {EVENTS} events; milliseconds; jump in pixels")
    print(ROW.format("lesson", "control", "picture", "median", "bar", "p95", "hover", "drag", "blank", "jump", ""))
    lessons = [path.stem for path in sorted((ROOT / "notebooks").glob("*.ipynb")) if path.name.startswith(tuple(wanted) or "")]
    with (tempfile.TemporaryDirectory() as folder, jupyterlab(Path(folder), windowing="contentVisibility") as lab,
          browser() as window):
        for name, source in PEERS.items():
            peer = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)], metadata=KERNEL)
            nbformat.write(peer, Path(folder) / "notebooks" / f"{name}.ipynb")
        for lesson in [*lessons, *PEERS]:
            page = window.new_page()
            open_and_run(page, lab.address(lesson))
            for row in measure(page, lesson):
                tell(row, peer=lesson in PEERS)
            shut_down(page)
            page.close()


if __name__ == "__main__":
    main(sys.argv[1:])
