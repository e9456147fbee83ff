"""How long an explorer takes, in JupyterLab in a real browser:   make bench   or   python -m bench.sliders [02 04 …]

Key to picture: from the time stamp of the keydown event (of a list: change) to the first frame with another picture on
the page. The page is looked at, and the clock read, in a task that follows each frame's painting; what
the screen itself adds is not in it. Drag: from the handle's last stop to the end of the frame with the last new picture.
Blank: frames without a picture. Jump: pixels by which the cell's height varied. The bars are for two free cores.

Two peers in the same run: what everyone does, `interact` and inline matplotlib, here with the unfolded network of lesson 02; and
one letter in place of a picture, switched like the explorers. That is what JupyterLab and the browser need by themselves.
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

PRESSES, EVENTS, LAST_BAR, P95_BAR = 40, 30, 150, 40
BARS = {"diagram, browser": 17, "chart, browser": 25, "diagram, kernel": 60, "chart, kernel": 100}     # median, ms
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
ROW = "{:<24} {:<16} {:<17} {:>7} {:>7} {:>7} {:>7} {:>6} {:>6}  {}"

ONE_LETTER = """
from rnn_lib.explorers import Picture, slider, switched
switched(lambda T: Picture(f'<svg width="20" height="20"><text y="15">{T}</text></svg>', f"T = {T}."), T=slider("T", 1, 12, 4))
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

PEERS = {"one letter": ONE_LETTER, "interact + matplotlib": INTERACT}

WATCH = """explorer => {
    const cell = explorer.closest('.jp-Cell'), handle = explorer.querySelector('.noUi-handle');
    const seen = () => [...explorer.querySelectorAll('figure, .jp-OutputArea-output img')]
        .filter(picture => picture.checkVisibility() && (picture.tagName !== 'IMG' || picture.complete))
        .map(picture => picture.src || picture.outerHTML).join();
    const watch = window.watch = {picture: seen(), asked: null, took: [], moved: 0, last: 0, blank: 0, low: 1e9, high: 0};
    watch.sent = 0;
    jupyterapp.shell.currentWidget.sessionContext.iopubMessage.connect((_, message) => {       // a picture from the kernel
        watch.sent += /<figure|image\\/png/.test(JSON.stringify(message.content));
    });
    for (const kind of ['keydown', 'change'])
        explorer.addEventListener(kind, event => watch.asked ??= event.timeStamp, true);
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
KIND = """explorer => (explorer.querySelector('figure svg > [id^=figure_], img') ? 'chart' : 'diagram')
    + (watch.sent ? ', kernel' : ', browser')"""


class Row(NamedTuple):
    """What was measured on one explorer."""
    lesson: str
    control: str         # the control that was moved
    kind: str            # diagram or chart, switched in the browser or drawn by the kernel
    median: float        # [ms] key to picture
    p95: float           # [ms]
    drag: float | None   # [ms] from the last stop to the last picture; None where there is nothing to drag
    blank: int           # frames
    jump: float          # [px]

    def over(self):
        """The bars that are missed, in words."""
        late = self.kind.endswith("browser") and self.p95 > P95_BAR
        return [word for word, missed in {
            f"median > {BARS[self.kind]}": self.median > BARS[self.kind], f"p95 > {P95_BAR}": late, "blank": self.blank > 0,
            f"drag > {LAST_BAR}": (self.drag or 0) > LAST_BAR, "jump": self.jump > 1}.items() if missed]


def explorers(page):
    """(explorer, control's selector) of every picture with something to move."""
    for explorer in page.locator(".rnn:has(figure), .widget-interact").all():
        selector = next((s for s in KEYS if explorer.locator(s).count()), None)
        if selector:
            yield explorer, selector


def press(page, explorer, selector, i):
    """Press a key that changes the picture (of a list: choose the next option), and wait for the new one."""
    control = explorer.locator(selector).first
    control.focus()
    key = KEYS[selector]
    if key == "ArrowRight":
        now, low, high = (float(control.get_attribute(f"aria-value{end}")) for end in ("now", "min", "max"))
        key = "ArrowLeft" if now == high or (now != low and i // 6 % 2) else "ArrowRight"
    elif key == "a":
        key = ("a", "Backspace")[i % 2]
    page.wait_for_timeout(random.uniform(20, 60))              # presses must not keep step with the screen
    if key:
        page.keyboard.press(key)
    else:
        control.select_option(index=(i + 1) % control.locator("option").count())
    page.wait_for_function("count => watch.took.length >= count", arg=i + 1, timeout=5000)


def drag(page, explorer):
    """Drag the handle from one end to the other in 30 events.   returns: ms from its last stop to the last new picture"""
    page.mouse.move(0, 0)
    track, handle = explorer.locator(".noUi-base").first.bounding_box(), explorer.locator(".noUi-handle").first.bounding_box()
    height = handle["y"] + handle["height"] / 2
    page.mouse.move(handle["x"] + handle["width"] / 2, height)
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
        name = next((label.strip() for label in explorer.locator("label").all_inner_texts() if label.strip()), selector)
        explorer.evaluate(WATCH)
        for i in range(PRESSES):
            press(page, explorer, selector, i)
        took = sorted(page.evaluate("watch.took"))
        last = drag(page, explorer) if selector == ".noUi-handle" else None
        blank, jump = page.evaluate("[watch.blank, watch.high - watch.low]")
        median, p95 = statistics.median(took), took[round(.95 * len(took)) - 1]
        yield Row(lesson, name, explorer.evaluate(KIND), median, p95, last, blank, jump)


def tell(row, peer=False):
    """Print a row of the table."""
    bar, verdict = ("", "a peer") if peer else (BARS[row.kind], ", ".join(row.over()) or "ok")
    dragged = "" if row.drag is None else f"{row.drag:.0f}"
    print(ROW.format(row.lesson[:24], row.control[:16], row.kind, f"{row.median:.1f}", bar, f"{row.p95:.1f}", dragged,
                     row.blank, f"{row.jump:.0f}", verdict), flush=True)


def main(wanted):
    """Measure the lessons whose names start with one of these (all, when there are none), and the peers."""
    if not chromium():
        sys.exit("no Chromium or Chrome was found: install one, or name it in $CHROMIUM")
    print(textwrap.dedent(__doc__.partition("\n\n")[2]))
    print(f"{PRESSES} presses, a drag of {EVENTS} events; milliseconds; jump in pixels")
    print(ROW.format("lesson", "control", "picture", "median", "bar", "p95", "drag", "blank", "jump", ""))
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
