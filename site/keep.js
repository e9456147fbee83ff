// On the front page: how far the learner is, and the answers as a file, out and in.
function count() {
  const all = Object.entries(answers.all()).filter(([name]) => name.startsWith("q"));
  const right = all.filter(([, { status }]) => status === "right").map(([name]) => name.slice(1, 3));
  document.querySelectorAll(".card").forEach(card => {
    const have = right.filter(number => number === card.dataset.lesson).length, of = +card.dataset.exercises;
    card.querySelector(".done").textContent = have ? `✓ ${Math.min(have, of)} of ${of} exercises` : "";
  });
  told.textContent = right.length ? `${right.length} exercises are right so far.` : "";
}
const told = make("span", { role: "status", class: "how" }), ours = { accept: ".json,application/json", hidden: "" };
const file = make("input", { type: "file", "aria-label": "a file of answers to read", ...ours });
const save = make("button", { type: "button" }, "Save my answers"), load = make("button", { type: "button" }, "Read a file");
save.onclick = () => {
  const text = JSON.stringify({ version: 1, answers: answers.all() }, null, 1);
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  make("a", { href: url, download: "rnn-answers.json" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 5000);
};
load.onclick = () => file.click();
file.onchange = async () => {
  let said;
  try { said = `${answers.read(await file.files[0].text())} answers were taken over.`; }
  catch (error) { said = `Nothing was taken over: ${error.message}.`; }
  count();
  told.textContent = said;
  file.value = "";
};
document.querySelector("#keep").append(save, load, file, told);
count();
