// Exercises on the page: an editor in place of the stub, a verdict, hints, a solution.
const SIGN = { right: "✓", wrong: "✗", "wrong shape": "✗", error: "✗", "not attempted": "○", "not finished": "○", "not understood": "○", "not yet right": "◐", ran: "→" };
const button = (words, act, attributes = {}) => { const made = make("button", { type: "button", ...attributes }, words); made.onclick = act; return made; };
const editors = [...document.querySelectorAll(".exercise")].map(box => {
  const name = box.dataset.exercise, at = course.findIndex(([id]) => id === box.id), stub = course[at][1];
  const { hints, solution, closed } = JSON.parse(box.querySelector("script").textContent);
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
    verdict.replaceChildren(make("strong", {}, `${SIGN[kind] ?? "○"} ${kind === "ran" ? "it ran" : kind}${message ? ": " : ""}`), ...(message ? [make(/\n *\^/.test(message) ? "pre" : "span", {}, message)] : []),          // a caret points into the line above it
      ...(out ? [make("pre", {}, out)] : []));
  }
  function start() {
    if (python.busy) return say("not attempted", "Python is at work on this page: wait for it, or stop it.");
    answers.put(name, { source: edit.value });
    verdict.replaceChildren();
    how.textContent = python.started ? "running" : "Python is being fetched, once";
    bar.value = 0; busy(true);
    python.ask({ act: "run", name, cells: [...before(at), [box.id, edit.value]] }, data => {
      if (data.kind === "progress") { bar.value = data.share; bar.hidden = data.share === 1; if (data.share === 1) how.textContent = "running"; }
      if (data.kind === "cell") how.textContent = RUNNING(data);
      if (data.kind === "broken" || data.kind === "failed") { busy(false); say("error", data.message); }
      if (data.kind === "result") {
        busy(false); say(data.status, data.message, data.out);
        if (data.solution) { shown.textContent = data.solution; shown.classList.remove("shut"); }
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
  const shown = make("pre", { class: closed ? "code shut" : "code", hidden: "" }, closed ? `It is closed: ${solution}.` : solution);
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
