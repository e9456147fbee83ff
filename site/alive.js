// Explorers that Python draws: a picture at first, alive when asked for. The worker holds the explorer, explorer.js shows it.
document.querySelectorAll(".explorer[data-cell]").forEach(card => {
  if (!served) return;
  const box = card.querySelector(".rnn"), note = card.querySelector(".note"), still = "The picture as it stands at first.";
  note.textContent = still;
  const at = course.findIndex(([id]) => id === card.dataset.cell);
  const wake = make("button", { type: "button" }, "Bring it alive");
  const bar = make("progress", { max: 1, hidden: "", "aria-label": "Python is being fetched" });
  const how = make("span", { class: "how", role: "status" }, "Its buttons and its text box come with Python.");
  const sleep = words => { wake.hidden = false; bar.hidden = true; how.textContent = words; };
  function show(state) {
    const model = modelOf(state, () =>
      python.ask({ act: "move", place: card.dataset.cell, values: state.values, pressed: state.pressed }, answer => {
        if (answer.kind === "failed" || answer.kind === "broken") how.textContent = answer.message;
        else model.receive(answer.state);
      }));
    box.replaceChildren();
    render({ model, el: box });
    note.textContent = "Python draws this picture, here in the page.";
  }
  wake.onclick = () => {
    if (python.busy) { how.textContent = "Python is at work on this page: wait for it."; return; }
    wake.hidden = true; bar.hidden = python.started; how.textContent = python.started ? "" : "Python is being fetched, once";
    const cells = [...before(at), course[at].slice(0, 2)], long = cells.some(([, source]) => source.includes("train("));
    python.ask({ act: "explore", cells }, data => {
      if (data.kind === "progress") { bar.value = data.share; bar.hidden = data.share === 1; }
      if (data.kind === "cell")
        how.textContent = RUNNING(data) + (long ? " (one of them trains a network: a minute or two in all)" : "");
      if (data.kind === "broken" || data.kind === "failed") sleep(data.message);
      if (data.kind === "state") { show(data.state); sleep(""); wake.hidden = true; }
    });
  };
  addEventListener("python-ended", () => {
    if (note.textContent !== still) { note.textContent = still; sleep("Python was stopped."); }
  });
  card.prepend(make("div", { class: "tools" }, wake, bar, how));
});
