// Exercises on the page: an editor in place of the stub, a verdict, hints, a solution.
const SIGN = { right: "✓", wrong: "✗", "wrong shape": "✗", error: "✗", "not yet right": "◐", ran: "→" };          // any other: ○
const PLAIN = { spellcheck: false, autocapitalize: "off", autocomplete: "off", wrap: "off" };
const button = (words, act, attributes = {}) => {
  const made = make("button", { type: "button", ...attributes }, words);
  made.onclick = act;
  return made;
};
document.querySelectorAll(".exercise").forEach(box => {
  const name = box.dataset.exercise, at = course.findIndex(([id]) => id === box.id), stub = course[at][1];
  const { hints, solution, closed } = JSON.parse(box.querySelector("script").textContent);
  const edit = make("textarea", { "aria-label": `your answer: ${box.ariaLabel}`, ...PLAIN });
  const verdict = make("div", { class: "verdict", role: "status" }), help = make("ol", { class: "help", "aria-live": "polite" });
  const bar = make("progress", { max: 1, "aria-label": "Python is being fetched" }), how = make("span", { class: "how" });
  const write = text => { edit.value = text; size(); };
  const size = () => { edit.rows = Math.max(3, edit.value.split("\n").length + 1); };
  const status = () => answers.all()[name]?.status ?? "";
  const mark = () => { box.dataset.status = status(); };
  const busy = on => { [run.hidden, stop.hidden, bar.hidden, how.hidden] = [on, !on, !on || python.started, !on]; };
  function say(kind, message, out) {
    verdict.dataset.status = kind;
    const tag = /\n *\^/.test(message) ? "pre" : "span";                       // a caret points into the line above it
    verdict.replaceChildren(make("strong", {}, `${SIGN[kind] ?? "○"} ${kind === "ran" ? "it ran" : kind}${message ? ": " : ""}`),
      ...(message ? [make(tag, {}, message)] : []), ...(out ? [make("pre", {}, out)] : []));
  }
  function check() {
    if (python.busy) return say("not attempted", "Python is at work on this page: wait for it, or stop it.");
    answers.put(name, { source: edit.value });
    verdict.replaceChildren();
    how.textContent = python.started ? "running" : "Python is being fetched, once";
    bar.value = 0;
    busy(true);
    python.ask({ act: "run", name, cells: [...before(at), [box.id, edit.value]] }, data => {
      if (data.kind === "progress") {
        bar.value = data.share;
        bar.hidden = data.share === 1;
        if (bar.hidden) how.textContent = "running";
      }
      if (data.kind === "cell") how.textContent = RUNNING(data);
      if (data.kind === "broken" || data.kind === "failed") { busy(false); say("error", data.message); }
      if (data.kind === "result") {
        busy(false);
        say(data.status, data.message, data.out);
        if (data.solution) { shown.textContent = data.solution; shown.classList.remove("shut"); }
        answers.put(name, { source: edit.value, status: answers.statuses.includes(data.status) ? data.status : "ran" });
        mark();
      }
    });
  }
  const run = button("▶ Run", check, { title: "Ctrl+Enter", class: "first" });
  const stop = button("■ Stop", () => { python.end(); busy(false); say("not finished", "It was stopped."); }, { hidden: "" });
  const hint = button("Hint", () => {
    help.append(make("li", {}, hints[help.children.length]));
    hint.textContent = `Hint (${hints.length - help.children.length} more)`;
    hint.disabled = help.children.length === hints.length;
  });
  const shown = make("pre", { class: "code", hidden: "" }, closed ? `It is closed: ${solution}.` : solution);
  shown.classList.toggle("shut", closed);
  const solve = button("Solution", () => {
    shown.hidden = !shown.hidden;
    solve.ariaExpanded = !shown.hidden;
  }, { "aria-expanded": false });
  const again = button("Start over", () => { answers.forget(name); write(stub); verdict.replaceChildren(); mark(); });
  edit.oninput = () => { size(); answers.put(name, { source: edit.value }); mark(); };
  edit.onkeydown = event => {
    const { selectionStart: start, selectionEnd: end } = edit, line = edit.value.slice(0, start).split("\n").at(-1);
    const put = (text, from) => {
      edit.setRangeText(text, from, end, "end");
      edit.oninput();
    };
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey || event.shiftKey)) { if (served) check(); }
    else if (event.key === "Enter")                                    // a line begins where the last did, deeper after a colon
      put(`\n${line.match(/^ */)[0]}${/:\s*(#.*)?$/.test(line) ? "    " : ""}`, start);
    else if (event.key === "Backspace" && start === end && /^( {4})+$/.test(line)) put("", start - 4);
    else return;
    event.preventDefault();
  };
  const away = make("span", { class: "how" },
    "To run it here, open the page from a web server (make serve), or the lesson in JupyterLab.");
  box.querySelector(".code").replaceWith(edit);
  const buttons = [...(served ? [run, stop] : []), ...(hints.length ? [hint] : []), ...(solution ? [solve] : []), again];
  box.append(make("div", { class: "tools" }, ...buttons, bar, how, ...(served ? [] : [away])), verdict, help, shown);
  const restore = () => { write(answers.all()[name]?.source || stub); mark(); };
  [bar.hidden, how.hidden] = [true, true];
  restore();
  addEventListener("storage", event => { if (event.key === "rnn-answers") restore(); });              // in another tab
});
