// The controls above a picture. Each is the element to show, `root`, and `tell`, which makes it stand at a value. It calls `put`
// with what a hand makes of it, and `press` with the name of a button.
const PLAYS = 1000;                                                                  // milliseconds from step to step
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  Object.entries(attributes).forEach(attribute => element.setAttribute(...attribute));
  element.append(...children);
  return element;
}
// While an explorer plays or is pressed, what travels in its picture grows: that costs the browser time, which a hand needs.
const moves = (element, on) => element.closest(".rnn")?.classList.toggle("moving", on);
const named = ({ name }) => make("span", { "aria-hidden": true, class: name.length > 1 ? "" : "symbol" }, name);
const CONTROLS = {
  slider(control, put) {
    const last = control.labels.length - 1, shown = make("output", { "aria-hidden": true });
    const input = make("input", { type: "range", min: 0, max: last, "aria-label": control.says });
    shown.style.minWidth = `${Math.max(...control.labels.map(label => label.length))}ch`;
    const play = control.plays ? playing(control, input, last, put) : null;
    input.oninput = () => { play?.stop(); moves(input, false); put(+input.value); };
    return {
      root: make("span", {}, named(control), input, shown, ...(play ? [play.button] : [])),
      tell(n) { [input.value, input.ariaValueText, shown.textContent] = [n, control.spoken[n], control.labels[n]]; },
    };
  },
  choice(control, put) {
    const name = `rnn-${Math.random()}`;
    const radios = control.spoken.map(said => make("input", { type: "radio", name, "aria-label": said }));
    radios.forEach((radio, i) => { radio.onchange = () => put(i); });
    const options = radios.map((radio, i) => make("label", {}, radio, make("span", {}, control.labels[i])));
    return {
      root: make("fieldset", { "aria-label": control.says }, make("legend", {}, named(control)), ...options),
      tell: value => radios.forEach((radio, i) => { radio.checked = i === value; }),
    };
  },
  switch(control, put) {
    const input = make("input", { type: "checkbox", role: "switch", "aria-label": control.says });
    let on = 1;                                                                      // of many stops it comes back to its last
    input.onchange = () => put(input.checked ? on : 0);
    return { root: make("label", {}, input, control.name), tell(value) { input.checked = value > 0; on = value || on; } };
  },
  text(control, put, press) {
    const input = make("input", { type: "text", "aria-label": control.says, spellcheck: false, autocomplete: "off" });
    const deaf = control.enter ? [] : [make("button", { disabled: "", style: "display: none" })];       // to Enter
    const root = make("form", {}, named(control), input, ...deaf, ...control.buttons.map(name => make("button", {}, name)));
    input.oninput = () => { moves(input, false); put(input.value); };
    root.onsubmit = event => {
      event.preventDefault();
      if (event.submitter) { moves(input, true); press(event.submitter.textContent); }
    };
    return { root, tell: value => { if (input.value !== value) input.value = value; } };
  },
};
// ▶ beside a slider.   returns: its button, and `stop`
function playing(control, input, last, put) {
  const button = make("button");
  let timer, over;
  const face = (sign, verb) => { button.textContent = sign; button.ariaLabel = `${verb} ${control.says}`; };
  const stop = () => { timer = clearInterval(timer); face("▶", "play"); };
  function step() {
    if (input.isConnected && +input.value < last) put(+input.value + 1, true);
    if (!input.isConnected || +input.value === last) { stop(); over = setTimeout(moves, PLAYS, input, false); }
  }
  function start() {
    clearTimeout(over);
    moves(input, true);
    timer = setInterval(step, PLAYS);
    face("❚❚", "pause");
    if (+input.value === last) put(0, true); else requestAnimationFrame(step);
  }
  stop();
  button.onclick = () => {
    if (!timer) return start();
    stop();
    moves(input, false);
  };
  return { button, stop };
}
