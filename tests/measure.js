// What is drawn, measured in the browser: for tests/test_browser.py. Everything here is told in words, or is an empty list.
window.measure = (() => {
  const style = node => getComputedStyle(node);
  const parts = colour => colour.match(/[\d.]+/g).map(Number);
  const light = colour => colour.slice(0, 3).map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + [.2126, .7152, .0722][i] * v, 0);
  const contrast = (one, other) => (Math.max(light(one), light(other)) + .05) / (Math.min(light(one), light(other)) + .05);
  const page = () => parts(style(document.querySelector(".jp-Notebook")).backgroundColor).slice(0, 3);
  const over = (own, solid, under) => under.map((v, i) => v * (1 - solid) + own[i] * solid);
  const painted = (under, node) => {                      // what is seen of `under` and the node's own colour upon it
    const own = parts(style(node).fill);
    return over(own, (own[3] ?? 1) * style(node).fillOpacity * style(node).opacity, under);
  };
  const shown = selector => [...document.querySelectorAll(selector)].filter(node => node.checkVisibility());

  // Words in a picture that stand out less than 3 : 1 against what is painted behind them, and captions below 4.5 : 1.
  function faint() {
    const words = shown(".rnn figure svg:not(svg svg)").flatMap(svg => {
      const shapes = [...svg.querySelectorAll("rect, circle, path")]
        .filter(node => style(node).fill.startsWith("rgb") && drawn(node)).map(node => [node, node.getBoundingClientRect()]);
      const coloured = [...svg.querySelectorAll("text, tspan")]
        .filter(word => [...word.childNodes].some(node => node.nodeType === Node.TEXT_NODE));
      return coloured.filter(drawn).filter(word => {
        const at = word.getBoundingClientRect(), x = at.x + at.width / 2, y = at.y + at.height / 2;
        const behind = shapes.filter(([node, box]) => box.left < x && x < box.right && box.top < y && y < box.bottom
          && node.isPointInFill(new DOMPoint(x, y).matrixTransform(node.getScreenCTM().inverse()))    // a path may be many cells
          && node.compareDocumentPosition(word) & Node.DOCUMENT_POSITION_FOLLOWING).map(([node]) => node).reduce(painted, page());
        return contrast(painted(behind, word), behind) < 3;
      });
    });
    return [...words, ...shown(".rnn figcaption").filter(word => captionContrast(word) < 4.5)].map(word => word.textContent);
  }
  function captionContrast(caption) {
    const ink = parts(style(caption).color);
    return contrast(over(ink, ink[3] ?? 1, page()), page());
  }

  // Where the ink of a text is, more or less: its box has room for the tallest and the deepest letter.
  function ink(text) {
    const { left, right, top, bottom } = text.getBoundingClientRect(), size = scale(text) * parseFloat(style(text).fontSize);
    return { left, right, top: top + .2 * size, bottom: bottom - .2 * size };
  }
  const scale = text => { const m = text.getScreenCTM(); return Math.hypot(m.a, m.b); };
  const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  const twice = (a, b) => a.words === b.words                                   // a light edge around letters is drawn first
    && Math.abs(a.box.left - b.box.left) + Math.abs(a.box.top - b.box.top) < 1;
  const within = (box, frame) => frame.left - 1 <= box.left && box.right <= frame.right + 1
    && frame.top - 1 <= box.top && box.bottom <= frame.bottom + 1;

  const drawn = node => node.getClientRects().length > 0;                       // not of a part that only lights up when touched
  const clear = node => node.tagName === "DIV" || (+style(node).opacity > .5 && clear(node.parentElement));   // not stepped back

  // Texts of one picture that are too small, that run into one another, or out of the picture.
  function cramped(svg) {
    const frame = svg.parentElement.getBoundingClientRect();             // the canvas may go on where nothing is shown
    const texts = [...svg.querySelectorAll("text")].filter(text => drawn(text) && clear(text) && text.textContent.trim())
      .map(text => ({ text, words: text.textContent.trim().slice(0, 40), box: ink(text) }));
    const small = texts.map(({ text, words }) => [words, scale(text) * parseFloat(style(text).fontSize)])
      .filter(([, size]) => size < 10.99).map(([words, size]) => `"${words}" has ${size.toFixed(1)} px`);
    const out = texts.filter(({ box }) => !within(box, frame)).map(({ words }) => `"${words}" leaves the picture`);
    const pairs = texts.flatMap((a, i) => texts.slice(i + 1).filter(b => meet(a.box, b.box) && !twice(a, b))
      .map(b => `"${a.words}" runs into "${b.words}"`));
    return [...small, ...out, ...pairs];
  }

  const soon = () => new Promise(done => setTimeout(done, 10));
  const idle = () => jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === "idle";

  // Move a control of an explorer to its first or its last stop.   returns: whether that is a move
  function put(control, last) {
    const radios = [...control.querySelectorAll("input[type=radio]")];
    const input = radios.at(last ? -1 : 0) ?? control.querySelector("input"), { value, checked } = input;
    if (input.type === "range") {
      input.value = last ? input.max : input.min;
      if (input.value !== value) input.dispatchEvent(new Event("input"));
    } else if (checked !== (radios.length ? true : last)) input.click();
    return input.value !== value || input.checked !== checked;
  }
  async function corner(explorer, controls, bits) {
    const view = explorer.querySelector(".view"), seen = view.innerHTML;
    const moved = controls.filter((control, i) => put(control, bits >> i & 1)).length > 0;
    for (let i = 0; moved && i < 100 && (i < 20 && view.innerHTML === seen || !idle()); i++) await soon();  // a kernel may draw
  }
  // What is cramped in the picture that an explorer shows, and while some of its parts are touched.
  function looked(explorer) {
    const pictures = [...explorer.querySelectorAll("figure svg:not(svg svg)")], view = explorer.querySelector(".view");
    const marks = [...view.querySelectorAll("[data-lights]")], every = Math.ceil(marks.length / 12);
    const found = pictures.flatMap(cramped);
    for (const mark of marks.filter((_, i) => i % every === 0)) {
      mark.dispatchEvent(new PointerEvent("pointermove", { bubbles: true }));
      const more = pictures.flatMap(cramped).filter(fault => !found.includes(fault));
      found.push(...more, ...more.length ? [`(seen when this is touched: ${mark.dataset.says})`] : []);
    }
    view.dispatchEvent(new PointerEvent("pointerleave"));
    return found;
  }
  const standing = explorer => [...explorer.querySelectorAll(".slider, .choice, .switch")].map(control => {
    const input = control.querySelector("input:checked") ?? control.querySelector("input");
    return `${input.getAttribute("aria-label")}: ${input.getAttribute("aria-valuetext") ?? input.checked}`;
  }).join(", ");

  // What is cramped in any explorer at the corners of its controls: all of them at their first or last stops.
  async function corners() {
    const found = [];
    for (const explorer of shown(".rnn").filter(explorer => explorer.querySelector("figure svg"))) {
      const controls = [...explorer.querySelectorAll(".slider, .choice, .switch")].slice(0, 5);
      for (let bits = 0; bits < 2 ** controls.length; bits++) {
        await corner(explorer, controls, bits);
        for (const fault of looked(explorer)) found.push(`${standing(explorer)}: ${fault}`);
      }
    }
    return [...new Set(found)];
  }
  return { faint, corners, cramped, captions: () => Math.min(...shown(".rnn figcaption:not(:empty)").map(captionContrast)) };
})();
