// A page: every explorer alive, light and dark, what scrolls reachable by keyboard, a handout when printed.
function modelOf(state, save_changes = () => {}) {
  const heard = {};
  return {
    state, save_changes,
    get: name => state[name],
    set(name, value) { state[name] = value; },
    on(name, act) { (heard[name] ??= []).push(act); },
    receive(changes) {                                                   // as Python would
      Object.assign(state, changes);
      for (const name in changes) for (const act of heard[`change:${name}`] ?? []) act();
    },
  };
}
const alive = [...document.querySelectorAll(".rnn")].map(box => {
  const model = modelOf(JSON.parse(box.querySelector("script").textContent));
  box.replaceChildren();
  render({ model, el: box });
  return { box, model };
});
window.explorers = alive.map(({ model }) => model);

// A picture as it stands has an address, #07-14;T=6;touched=c6-3: its cell, where its controls stand, and what was touched last.
const nameOf = mark => [...mark?.classList ?? []].find(name => !["cell", "lit"].includes(name));
function stand() {
  const [place, ...moves] = location.hash.slice(1).split(";"), wanted = new Map(moves.map(move => move.split("=")));
  const { box, model } = alive.find(({ box }) => place && box.parentElement.id === place) ?? {};
  if (!box) return;
  model.receive({ values: model.get("controls").map(({ key, labels }, n) => {
    const stop = labels.findIndex(label => encodeURIComponent(label) === wanted.get(encodeURIComponent(key)));
    return stop < 0 ? model.get("values")[n] : stop;
  }) });
  box.scrollIntoView({ block: "center" });
  const touched = [...box.querySelectorAll(TOUCHED)].find(mark => mark.classList.contains(wanted.get("touched")));
  touched?.focus({ preventScroll: true });
}
alive.forEach(({ box, model }) => {
  const link = make("button", { type: "button" }, "Link to this picture"), said = make("span", { role: "status", class: "how" });
  let touched;
  box.addEventListener("focusin", event => { touched = nameOf(event.target.closest(TOUCHED)); });
  link.onclick = async () => {
    const stops = model.get("controls").map(({ key, labels }, n) => [key, labels[model.get("values")[n]]]);
    const moves = [...stops, ...(touched ? [["touched", touched]] : [])].map(move => move.map(encodeURIComponent).join("="));
    history.replaceState(null, "", `#${[box.parentElement.id, ...moves].join(";")}`);
    try {
      await navigator.clipboard.writeText(location.href);
      said.textContent = "Copied. It leads to the picture as it stands.";
    } catch { said.textContent = "The address of this page now leads to the picture as it stands: copy that."; }
  };
  if (box.parentElement.matches(".explorer[id]")) box.after(make("div", { class: "tools linked" }, link, said));
});
addEventListener("hashchange", stand);
stand();

if (!location.protocol.startsWith("http")) document.querySelector(".run:has(a)")
  ?.replaceChildren("To run this lesson, open the page from a web server (make serve), or the lesson in JupyterLab (make lab).");

// A vote opens what is printed about it: the folds up to the next heading or vote.
document.querySelectorAll(".predict").forEach(box => box.addEventListener("change", () => {
  for (let next = box.nextElementSibling; next && !next.matches("h2, h3, .predict"); next = next.nextElementSibling)
    if (next.matches(".printed")) next.open = true;
}));

const themeButton = document.querySelector("#theme"), root = document.documentElement;
const isDark = () => root.dataset.theme === "dark";
themeButton.ariaPressed = isDark();
themeButton.onclick = () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  themeButton.ariaPressed = isDark();
  try { localStorage.setItem("rnn-theme", root.dataset.theme); } catch { /* then until the next page only */ }
};

const scrolling = () => document.querySelectorAll("pre, .wide, .equation").forEach(box => {
  if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0; else box.removeAttribute("tabindex");
});
let later;
scrolling();
new ResizeObserver(() => { clearTimeout(later); later = setTimeout(scrolling, 200); }).observe(document.body);
document.addEventListener("toggle", scrolling, true);

const toc = document.querySelector(".toc");
if (toc && !matchMedia("(min-width: 1250px)").matches) toc.open = false;
document.addEventListener("keydown", event => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.closest("input, textarea")) return;
  event.preventDefault();
  document.querySelector("input[type=search]").focus();
});

addEventListener("beforeprint", () => alive.forEach(({ box, model }) => {
  const stands = model.get("controls").map(({ kind, name, says, labels }, n) =>
    ["vote", "text"].includes(kind) ? [] : `${name || says}: ${labels[model.get("values")[n]]}`);
  box.dataset.at = stands.flat().join(" · ");
}));
