// One explorer for any front end that has ipywidgets, and for a page without a kernel. A drawing says by itself what it reacts to:
//   data-set="T=6;k=3"       a click, Enter or Space moves these controls there
//   data-lights="w4 L6"      while it is hovered or focused, these classes are lit, and all else that has a class steps back
//   data-says="C[6,3]: …"    what the caption says meanwhile
// The model is kit.py's `Explorer`, `tree` is in parts.js. With controls and a single frame the kernel draws; otherwise every setting has its frame.
const TOUCHED = "[data-set], [data-lights]", SILENT = "Python draws this picture and does not answer: run the cell again.";
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  Object.entries(attributes).forEach(attribute => element.setAttribute(...attribute));
  element.append(...children);
  return element;
}
const middle = element => { const { x, y, width, height } = element.getBoundingClientRect(); return [x + width / 2, y + height / 2]; };
const write = (element, name, value) => { if (element.getAttribute(name) !== `${value}`) element.setAttribute(name, value); };
const moves = (element, on) => element.closest(".rnn")?.classList.toggle("moving", on);        // what travels grows: it costs the browser time
const named = control => make("span", { "aria-hidden": true, class: control.name.length > 1 ? "" : "symbol" }, control.name);
// A control: the element to show, and `tell`, which makes it stand at a value. `put` is called with what a hand makes of it.
const CONTROLS = {
  slider(control, put) {
    const last = control.labels.length - 1, shown = make("output", { "aria-hidden": true });
    const input = make("input", { type: "range", min: 0, max: last, "aria-label": control.says });
    const play = make("button"), face = (sign, verb) => { play.textContent = sign; play.ariaLabel = `${verb} ${control.says}`; };
    let timer, over; const stop = () => { timer = clearInterval(timer); face("▶", "play"); };
    const step = () => { if (input.isConnected && +input.value < last) put(+input.value + 1, true); if (!input.isConnected || +input.value === last) { stop(); over = setTimeout(moves, 1000, input, false); } };
    input.oninput = () => { stop(); moves(input, false); put(+input.value); };
    const start = () => { clearTimeout(over); moves(input, true); timer = setInterval(step, 1000); face("❚❚", "pause"); if (+input.value === last) put(0, true); else requestAnimationFrame(step); };
    stop(); play.onclick = () => { if (!timer) return start(); stop(); moves(input, false); }; shown.style.minWidth = `${Math.max(...control.labels.map(label => label.length))}ch`;
    const root = make("span", {}, named(control), input, shown, ...(control.plays ? [play] : []));
    return { root, tell(value) { [input.value, input.ariaValueText, shown.textContent] = [value, control.spoken[value], control.labels[value]]; } };
  },
  choice(control, put) {
    const name = `rnn-${Math.random()}`, radios = control.spoken.map(said => make("input", { type: "radio", name, "aria-label": said }));
    radios.forEach((radio, i) => { radio.onchange = () => put(i); });
    const option = (radio, i) => make("label", {}, radio, make("span", {}, control.labels[i])), head = make("legend", {}, named(control));
    const root = make("fieldset", { "aria-label": control.says }, head, ...radios.map(option));
    return { root, tell: value => radios.forEach((radio, i) => { radio.checked = i === value; }) };
  },
  switch(control, put) {
    const input = make("input", { type: "checkbox", role: "switch", "aria-label": control.says });
    let on = 1; input.onchange = () => put(input.checked ? on : 0);                  // of many stops it comes back to its last
    return { root: make("label", {}, input, control.name), tell(value) { input.checked = value > 0; on = value || on; } };
  },
  text(control, put, press) {
    const input = make("input", { type: "text", "aria-label": control.says, spellcheck: false, autocomplete: "off" });
    const buttons = control.buttons.map(name => make("button", {}, name)), deaf = make("button", { disabled: "", style: "display: none" });     // to Enter
    const root = make("form", {}, named(control), input, ...(control.enter ? [] : [deaf]), ...buttons);
    input.oninput = () => { moves(input, false); put(input.value); };
    root.onsubmit = event => { event.preventDefault(); if (event.submitter) { moves(input, true); press(event.submitter.textContent); } };
    return { root, tell: value => { if (input.value !== value) input.value = value; } };
  },
};
function render({ model, el }) {
  const controls = model.get("controls"), values = [...model.get("values")], drawn = controls.length && model.get("frames").length === 1;
  const [caption, room, aloud] = [make("figcaption", { "aria-hidden": true }), make("div", { class: "room" }), make("div", { class: "aloud", "aria-live": "polite" })];
  const view = make("div", { class: "view" }, room), figure = make("figure", {}, caption, view);
  let draw = tree(model.get("parts")), kept = "", slim = false, wide = false, fresh = model.get("held") && " Touch another.", hovered, focused, saying, sending, waiting;
  const laid = name => (slim ? model.get("narrow") : {})[name] ?? model.get(name);   // a narrow page may have frames of its own
  const index = () => drawn ? 0 : controls.reduce((place, control, n) => place * control.labels.length + values[n], 0);
  const all = () => [...view.querySelectorAll(TOUCHED)], key = mark => mark ? `${mark.dataset.set} ${mark.getAttribute("class")}` : "";
  const moves = mark => (mark.dataset.set ?? "").split(";").filter(Boolean).map(move => {
    const [, name, stop] = move.match(/(.*?)=(.*)/), n = controls.findIndex(control => control.key === name);
    return [n, controls[n].kind === "text" ? stop : controls[n].labels.indexOf(stop)];
  });
  function say(words = "", spoken = "") {
    caption.textContent = words; write(caption, "data-mark", words[0] ?? "");
    clearTimeout(saying); saying = setTimeout(() => { if (aloud.textContent !== spoken) aloud.textContent = spoken; }, 300);       // told once
  }
  const tell = () => say(model.get("captions")[index()], model.get("spoken")[index()]), dark = () => view.querySelectorAll(".lit").forEach(element => element.classList.remove("lit"));
  function light(mark) {
    dark();
    view.classList.toggle("dim", !!mark?.dataset.lights);
    for (const name of mark?.dataset.lights?.split(" ") ?? []) view.querySelectorAll(`.${name}`).forEach(element => element.classList.add("lit"));
    if (mark?.dataset.says) say(mark.dataset.says + fresh, mark.getAttribute("aria-label")); else tell();
  }
  function show() {
    dark(); kept = key(focused) || kept;                                               // what is gone may come back
    const inside = view.contains(document.activeElement), n = laid("frames")[index()], spot = inside && focused && middle(focused);
    const place = mark => mark ? all().indexOf(mark) : -1, at = [[key(hovered), place(hovered)], [kept, place(focused)]];
    if (model.get("error")) room.replaceChildren(make("pre", { role: "alert" }, model.get("error")));
    else if (n >= 0) draw(room, n);
    room.style.width = model.get("error") ? "" : `${laid("widths")[index()]}px`;
    room.style.minHeight = `${laid("height")}px`; write(figure, "data-longest", model.get("longest"));
    const marks = all();
    marks.forEach((mark, i) => {
      write(mark, "tabindex", i ? -1 : 0);                                           // Tab comes to the first, arrows lead on
      if (mark.dataset.set) write(mark, "aria-pressed", moves(mark).every(([control, value]) => values[control] === value)); else mark.removeAttribute("aria-pressed");
    });
    [hovered, focused] = at.map(([same, i]) => key(marks[i]) === same ? marks[i] : marks.find(mark => key(mark) === same));
    if (!inside && focused?.dataset.set && focused.getAttribute("aria-pressed") !== "true") [focused, kept] = [undefined, ""];    // a control has moved on
    const there = focused || !spot ? null : document.elementFromPoint(...spot);
    if (inside) (focused ?? marks.find(mark => mark.contains(there)) ?? marks[0])?.focus({ preventScroll: true });
    light(hovered ?? focused); if (wide) follow();
  }
  function follow() {                                                                // what it is about may be outside, on a phone
    const now = view.querySelector("[aria-current]"), here = now ?? view.querySelector("[aria-pressed=true]") ?? focused ?? view;
    const { left, right, width } = here.getBoundingClientRect(), seen = view.getBoundingClientRect(), out = left < seen.left || right > seen.right;
    if (width < seen.width && (now || out)) view.scrollLeft += (left + right - seen.left - seen.right) / 2;
  }
  function send() {
    model.set("values", [...values]); model.save_changes();
    clearTimeout(waiting); if (drawn) waiting = setTimeout(say, 8000, SILENT, SILENT);
  }
  function put(n, value, plays) {                                                    // ▶ lets go of what was touched
    if (value === values[n]) return; if (plays) [hovered, focused, kept] = [undefined, undefined, ""];
    inputs[n].tell(values[n] = value);
    if (drawn) return send();
    show(); clearTimeout(sending); sending = setTimeout(send, 150);
  }
  const press = name => { model.set("pressed", { name, count: 1 + (model.get("pressed").count ?? 0) }); send(); };
  const go = (from, next) => { [from.tabIndex, next.tabIndex] = [-1, 0]; next.focus(); }, end = n => from => go(from, all().at(n));
  const arrow = (right, down) => from => {                                           // to the nearest one in its direction
    const start = middle(from), far = mark => {
      const [x, y] = middle(mark).map((at, i) => at - start[i]), along = x * right + y * down;
      return along > 1 ? along + 3 * Math.abs(x * down + y * right) : Infinity;
    };
    go(from, all().reduce((best, mark) => far(mark) < far(best) ? mark : best, from));
  };
  const touched = event => event.target.closest?.(TOUCHED) ?? undefined, act = mark => moves(mark).forEach(move => put(...move)), KEYS = { ArrowLeft: arrow(-1, 0), ArrowRight: arrow(1, 0), ArrowUp: arrow(0, -1), ArrowDown: arrow(0, 1),
    Enter: act, " ": act, Home: end(0), End: end(-1), Escape: () => light(hovered = focused = undefined) };
  view.onpointermove = event => { if (touched(event) !== hovered) { fresh = ""; light((hovered = touched(event)) ?? focused); } };
  view.onclick = event => touched(event) && act(touched(event)); view.onpointerleave = () => { hovered = undefined; light(focused); };
  view.addEventListener("focusin", event => { [focused, kept, fresh] = [touched(event), "", ""]; light(hovered ?? focused); });
  view.addEventListener("focusout", () => setTimeout(() => { if (!el.contains(document.activeElement)) { focused = undefined; kept = ""; light(hovered); } }));
  view.onkeydown = event => { if (touched(event) && KEYS[event.key]) { event.preventDefault(); KEYS[event.key](touched(event)); } };
  const shared = ({ ctrlKey, metaKey, altKey, shiftKey, key }) => ctrlKey || metaKey || altKey || key === "Escape" || (shiftKey && key === "Enter");
  const guard = event => { if (el.contains(event.target)) event.target.toggleAttribute("data-lm-suppress-shortcuts", !shared(event)); };
  window.addEventListener("keydown", guard, true);
  el.onkeydown = event => { if (!shared(event)) event.stopPropagation(); };
  function settle() {                                                                // which theme, and how far does the drawing go on
    const [red, green, blue] = (getComputedStyle(el).color || "rgb(0, 0, 0)").match(/[\d.]+/g);
    el.dataset.theme = .3 * red + .6 * green + .1 * blue > 128 ? "dark" : "light";
    if (slim !== (slim = el.clientWidth < 560)) show();
    if (wide !== (wide = view.scrollWidth > view.clientWidth + 20) && wide) follow();
    view.tabIndex = view.scrollWidth > view.clientWidth && !view.querySelector(TOUCHED) ? 0 : -1;
    view.classList.toggle("cut", view.scrollWidth - view.scrollLeft > view.clientWidth + 20); view.classList.toggle("begun", view.scrollLeft > 20);
  }
  const sizes = new ResizeObserver(settle); sizes.observe(el); sizes.observe(room); view.onscroll = settle;
  el.ontransitionend = el.ontransitioncancel = event => { if (event.target === el) settle(); };
  const inputs = controls.map((control, n) => (CONTROLS[control.kind] ?? CONTROLS.choice)(control, (...move) => put(n, ...move), press));
  inputs.forEach(({ root, tell }, n) => { root.classList.add(controls[n].kind); tell(values[n]); }); el.classList.add("rnn");
  el.append(make("div", { class: "controls" }, ...inputs.map(({ root }) => root)), figure, aloud);
  model.on("change:turn", () => { clearTimeout(waiting); draw = tree(model.get("parts"), draw); show(); });
  model.on("change:values", () => {
    if (`${model.get("values")}` === `${values}`) return;
    model.get("values").forEach((value, n) => inputs[n].tell(values[n] = value)); if (!drawn) show();
  });
  show(); if (model.get("held")) light(focused = view.querySelector(`.${model.get("held")}`) ?? undefined);
  return () => window.removeEventListener("keydown", guard, true);
}
export default { render };
