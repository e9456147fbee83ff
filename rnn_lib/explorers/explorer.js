// One explorer for any front end that has ipywidgets, and for a page without a kernel. A drawing says itself what it reacts to:
//   data-set="T=6;k=3"       a click, Enter or Space moves these controls there
//   data-lights="w4 L6"      while it is hovered or focused, these classes are lit, and all else that has a class steps back
//   data-says="C[6,3]: …"    what the caption says meanwhile
// The model is kit.py's `Explorer`; `tree` is in parts.js, `CONTROLS` in controls.js. With controls and a single frame the kernel
// draws; otherwise every setting has its frame.
const TOUCHED = "[data-set], [data-lights]", SILENT = "Python draws this picture and does not answer: run the cell again.";
const write = (element, name, value) => { if (element.getAttribute(name) !== `${value}`) element.setAttribute(name, value); };
const centre = ({ x, y, width, height }) => [x + width / 2, y + height / 2];
const middle = element => centre(element.getBoundingClientRect());
function render({ model, el }) {
  const controls = model.get("controls"), values = [...model.get("values")];
  const drawn = controls.length && model.get("frames").length === 1;
  const caption = make("figcaption", { "aria-hidden": true }), aloud = make("div", { class: "aloud", "aria-live": "polite" });
  const room = make("div", { class: "room" }), view = make("div", { class: "view" }, room);
  const figure = make("figure", {}, caption, view);
  let draw = tree(model.get("parts")), slim = false, wide = false, saying, sending, waiting;
  let hovered, focused, kept = "", fresh = model.get("held") && " Touch another.";   // kept: the key of what was focused
  const laid = name => (slim ? model.get("narrow") : {})[name] ?? model.get(name);   // a narrow page may have frames of its own
  const index = () => drawn ? 0 : controls.reduce((place, control, n) => place * control.labels.length + values[n], 0);
  const all = () => [...view.querySelectorAll(TOUCHED)];
  const key = mark => mark ? `${mark.dataset.set} ${mark.getAttribute("class")}` : "";
  const sets = mark => (mark.dataset.set ?? "").split(";").filter(Boolean).map(move => {
    const [, name, stop] = move.match(/(.*?)=(.*)/), n = controls.findIndex(control => control.key === name);
    return [n, controls[n].kind === "text" ? stop : controls[n].labels.indexOf(stop)];
  });
  function say(words = "", spoken = "") {                                            // aloud once, when the hand rests
    caption.textContent = words;
    write(caption, "data-mark", words[0] ?? "");
    clearTimeout(saying);
    saying = setTimeout(() => { if (aloud.textContent !== spoken) aloud.textContent = spoken; }, 300);
  }
  const dark = () => view.querySelectorAll(".lit").forEach(element => element.classList.remove("lit"));
  function light(mark) {
    dark();
    view.classList.toggle("dim", !!mark?.dataset.lights);
    for (const name of mark?.dataset.lights?.split(" ") ?? [])
      view.querySelectorAll(`.${name}`).forEach(element => element.classList.add("lit"));
    if (mark?.dataset.says) say(mark.dataset.says + fresh, mark.getAttribute("aria-label"));
    else say(model.get("captions")[index()], model.get("spoken")[index()]);
  }
  function show() {
    dark();
    kept = key(focused) || kept;                                                     // what is gone may come back
    const inside = view.contains(document.activeElement), spot = inside && focused && middle(focused);
    const place = mark => mark ? all().indexOf(mark) : -1, at = [[key(hovered), place(hovered)], [kept, place(focused)]];
    const error = model.get("error"), n = laid("frames")[index()];
    if (error) room.replaceChildren(make("pre", { role: "alert" }, error)); else if (n >= 0) draw(room, n);
    room.style.width = error ? "" : `${laid("widths")[index()]}px`;
    room.style.minHeight = `${laid("height")}px`;
    write(figure, "data-longest", model.get("longest"));
    const marks = all(), stands = mark => sets(mark).every(([n, value]) => values[n] === value);
    marks.forEach((mark, i) => {
      write(mark, "tabindex", i ? -1 : 0);                                           // Tab comes to the first, arrows lead on
      if (mark.dataset.set) write(mark, "aria-pressed", stands(mark)); else mark.removeAttribute("aria-pressed");
    });
    [hovered, focused] = at.map(([same, i]) => key(marks[i]) === same ? marks[i] : marks.find(mark => key(mark) === same));
    if (!inside && focused?.dataset.set && !stands(focused)) [focused, kept] = [undefined, ""];         // a control has moved on
    const there = focused || !spot ? null : document.elementFromPoint(...spot);
    if (inside) (focused ?? marks.find(mark => mark.contains(there)) ?? marks[0])?.focus({ preventScroll: true });
    light(hovered ?? focused);
    if (wide) follow();
  }
  function follow() {                                                                // what it is about may be out of sight
    const now = view.querySelector("[aria-current]"), here = now ?? view.querySelector("[aria-pressed=true]") ?? focused ?? view;
    const { left, right, width } = here.getBoundingClientRect(), seen = view.getBoundingClientRect();
    const out = left < seen.left || right > seen.right;
    if (width < seen.width && (now || out)) view.scrollLeft += (left + right - seen.left - seen.right) / 2;
  }
  function send() {
    model.set("values", [...values]);
    model.save_changes();
    clearTimeout(waiting);
    if (drawn) waiting = setTimeout(say, 8000, SILENT, SILENT);
  }
  function put(n, value, plays) {                                                    // ▶ lets go of what was touched
    if (value === values[n]) return;
    if (plays) [hovered, focused, kept] = [undefined, undefined, ""];
    inputs[n].tell(values[n] = value);
    if (drawn) return send();
    show();
    clearTimeout(sending);
    sending = setTimeout(send, 150);
  }
  const press = name => { model.set("pressed", { name, count: 1 + (model.get("pressed").count ?? 0) }); send(); };
  const go = (from, next) => { [from.tabIndex, next.tabIndex] = [-1, 0]; next.focus(); };
  const arrow = (right, down) => from => {                                           // to the nearest one in its direction
    const start = middle(from), far = mark => {
      const [x, y] = middle(mark).map((at, i) => at - start[i]), along = x * right + y * down;
      return along > 1 ? along + 3 * Math.abs(x * down + y * right) : Infinity;
    };
    go(from, all().reduce((best, mark) => far(mark) < far(best) ? mark : best, from));
  };
  const act = mark => sets(mark).forEach(move => put(...move)), end = n => from => go(from, all().at(n));
  const KEYS = {
    ArrowLeft: arrow(-1, 0), ArrowRight: arrow(1, 0), ArrowUp: arrow(0, -1), ArrowDown: arrow(0, 1), Home: end(0), End: end(-1),
    Enter: act, " ": act, Escape: () => light(hovered = focused = undefined) };
  const touched = event => event.target.closest?.(TOUCHED) ?? undefined;
  view.onpointermove = event => {
    if (touched(event) === hovered) return;
    fresh = "";
    light((hovered = touched(event)) ?? focused);
  };
  view.onpointerleave = () => { hovered = undefined; light(focused); };
  view.onclick = event => touched(event) && act(touched(event));
  view.onkeydown = event => {
    if (touched(event) && KEYS[event.key]) { event.preventDefault(); KEYS[event.key](touched(event)); }
  };
  view.addEventListener("focusin", event => { [focused, kept, fresh] = [touched(event), "", ""]; light(hovered ?? focused); });
  view.addEventListener("focusout", () => setTimeout(() => {
    if (!el.contains(document.activeElement)) { [focused, kept] = [undefined, ""]; light(hovered); }
  }));
  // Keys that are meant for a control are kept from the notebook.
  const shared = ({ ctrlKey, metaKey, altKey, shiftKey, key }) =>
    ctrlKey || metaKey || altKey || key === "Escape" || (shiftKey && key === "Enter");
  const guard = event => {
    if (el.contains(event.target)) event.target.toggleAttribute("data-lm-suppress-shortcuts", !shared(event));
  };
  window.addEventListener("keydown", guard, true);
  el.onkeydown = event => { if (!shared(event)) event.stopPropagation(); };
  function settle() {                                                                // the theme, and how far the drawing goes on
    const [red, green, blue] = (getComputedStyle(el).color || "rgb(0, 0, 0)").match(/[\d.]+/g);
    el.dataset.theme = .3 * red + .6 * green + .1 * blue > 128 ? "dark" : "light";
    if (slim !== (slim = el.clientWidth < 560)) show();
    const { scrollWidth, clientWidth } = view;
    if (wide !== (wide = scrollWidth > clientWidth + 20) && wide) follow();
    view.tabIndex = scrollWidth > clientWidth && !view.querySelector(TOUCHED) ? 0 : -1;
    view.classList.toggle("cut", scrollWidth - view.scrollLeft > clientWidth + 20);
    view.classList.toggle("begun", view.scrollLeft > 20);
  }
  const sizes = new ResizeObserver(settle);
  [el, room].forEach(element => sizes.observe(element));
  view.onscroll = settle;
  el.ontransitionend = el.ontransitioncancel = event => { if (event.target === el) settle(); };
  const inputs = controls.map((control, n) =>
    (CONTROLS[control.kind] ?? CONTROLS.choice)(control, (...move) => put(n, ...move), press));
  inputs.forEach(({ root, tell }, n) => { root.classList.add(controls[n].kind); tell(values[n]); });
  el.classList.add("rnn");
  el.append(make("div", { class: "controls" }, ...inputs.map(({ root }) => root)), figure, aloud);
  model.on("change:turn", () => { clearTimeout(waiting); draw = tree(model.get("parts"), draw); show(); });
  model.on("change:values", () => {
    if (`${model.get("values")}` === `${values}`) return;
    model.get("values").forEach((value, n) => inputs[n].tell(values[n] = value));
    if (!drawn) show();
  });
  show();
  if (model.get("held")) light(focused = view.querySelector(`.${model.get("held")}`) ?? undefined);
  return () => window.removeEventListener("keydown", guard, true);
}
export default { render };
