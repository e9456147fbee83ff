// Exercises on the page: an editor in place of the stub, a verdict, hints, a solution. Python starts when the first one is run.
const served = location.protocol.startsWith("http"), course = JSON.parse(document.querySelector("#cells")?.textContent ?? "[]");
const SIGN = { right: "✓", wrong: "✗", "wrong shape": "✗", error: "✗", "not attempted": "○", "not finished": "◐", ran: "→" };
const button = (words, act, attributes = {}) => { const made = make("button", { type: "button", ...attributes }, words); made.onclick = act; return made; };
const python = {
  worker: undefined, waiting: undefined, started: false,
  run(cells, waiting) {
    this.waiting = waiting;
    if (!this.worker) {
      this.worker = new Worker("python/worker.js", { type: "module" });
      this.worker.onmessage = ({ data }) => this.hear(data);
      this.worker.onerror = () => this.hear({ kind: "broken", message: "" });
    }
    this.worker.postMessage({ id: 1, cells });
  },
  hear(data) {
    if (data.kind === "progress" && data.share === 1) this.started = true;
    if (data.kind === "broken") this.end();
    this.waiting?.(data);
  },
  end() { this.worker?.terminate(); this.worker = undefined; this.waiting = undefined; this.started = false; },
};
const editors = [...document.querySelectorAll(".exercise")].map(box => {
  const name = box.dataset.exercise, at = course.findIndex(([id]) => id === box.id), stub = course[at][1];
  const { hints, solution } = JSON.parse(box.querySelector("script").textContent);
  const edit = make("textarea", { "aria-label": `your answer to exercise ${name.slice(4)}`, spellcheck: false, autocapitalize: "off", autocomplete: "off", wrap: "off" });
  const verdict = make("div", { class: "verdict", role: "status" }), help = make("ol", { class: "help", "aria-live": "polite" });
  const bar = make("progress", { max: 1, "aria-label": "Python is being fetched" }), how = make("span", { class: "how" });
  const write = text => { edit.value = text; size(); };
  const size = () => { edit.rows = Math.max(3, edit.value.split("\n").length + 1); };
  const status = () => answers.all()[name]?.status ?? "";
  const mark = () => { box.dataset.status = status(); };
  const busy = on => { [run.hidden, stop.hidden, bar.hidden, how.hidden] = [on, !on, !on || python.started, !on]; };
  function say(kind, message, out) {
    verdict.dataset.status = kind;
    verdict.replaceChildren(make("strong", {}, `${SIGN[kind] ?? "○"} ${kind === "ran" ? "it ran" : kind}`), ...(message ? [make("span", {}, message)] : []),
      ...(out ? [make("pre", {}, out)] : []));
  }
  function start() {
    if (python.waiting) return say("not attempted", "Another exercise is running: wait for it, or stop it.");
    answers.put(name, { source: edit.value });
    verdict.replaceChildren();
    how.textContent = python.started ? "running" : "Python is being fetched, once";
    bar.value = 0; busy(true);
    const texts = answers.all(), before = course.slice(0, at).map(([id, source, exercise]) => [id, texts[exercise]?.source ?? source]);
    python.run([...before, [box.id, edit.value]], data => {
      if (data.kind === "progress") { bar.value = data.share; bar.hidden = data.share === 1; if (data.share === 1) how.textContent = "running"; }
      if (data.kind === "cell") how.textContent = `running the cells before it: ${data.n} of ${data.of}`;
      if (data.kind === "broken") { busy(false); say("error", "Python did not start. It may not have been built with these pages: open the lesson in JupyterLab (make lab)."); }
      if (data.kind === "result") {
        python.waiting = undefined;
        busy(false); say(data.status, data.message, data.out);
        answers.put(name, { source: edit.value, status: answers.statuses.includes(data.status) ? data.status : "ran" });
        mark();
      }
    });
  }
  const run = button("▶ Run", start, { title: "Ctrl+Enter", class: "first" });
  const stop = button("■ Stop", () => { python.end(); busy(false); say("not finished", "It was stopped."); }, { hidden: "" });
  const hint = button("Hint", () => {
    help.append(make("li", {}, hints[help.children.length]));
    hint.textContent = `Hint (${hints.length - help.children.length} more)`;
    hint.disabled = help.children.length === hints.length;
  });
  const shown = make("pre", { class: "code", hidden: "" }, solution);
  const solve = button("Solution", () => { shown.hidden = !shown.hidden; solve.ariaExpanded = !shown.hidden; }, { "aria-expanded": false });
  const again = button("Start over", () => { answers.forget(name); write(stub); verdict.replaceChildren(); mark(); });
  edit.oninput = () => { size(); answers.put(name, { source: edit.value }); mark(); };
  edit.onkeydown = event => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey || event.shiftKey)) { event.preventDefault(); if (served) start(); }
    else if (event.key === "Enter") {                                   // a new line begins where the last one did, deeper after a colon
      const line = edit.value.slice(0, edit.selectionStart).split("\n").at(-1), indent = line.match(/^ */)[0] + (/:\s*(#.*)?$/.test(line) ? "    " : "");
      event.preventDefault();
      edit.setRangeText(`\n${indent}`, edit.selectionStart, edit.selectionEnd, "end");
      edit.oninput();
    } else if (event.key === "Backspace" && edit.selectionStart === edit.selectionEnd && /(^|\n)( {4})+$/.test(edit.value.slice(0, edit.selectionStart))) {
      event.preventDefault();
      edit.setRangeText("", edit.selectionStart - 4, edit.selectionStart, "end");
      edit.oninput();
    }
  };
  const away = make("span", { class: "how" }, "To run it here, open the page from a web server (make serve), or the lesson in JupyterLab.");
  box.querySelector(".code").replaceWith(edit);
  box.append(make("div", { class: "tools" }, ...(served ? [run, stop] : []), ...(hints.length ? [hint] : []), ...(solution ? [solve] : []), again, bar, how, ...(served ? [] : [away])),
    verdict, help, shown);
  const restore = () => { write(answers.all()[name]?.source || stub); mark(); };
  [bar.hidden, how.hidden] = [true, true];
  restore();
  return { name, restore, start };
});
addEventListener("storage", event => { if (event.key === "rnn-answers") editors.forEach(editor => editor.restore()); });
