// A page: every explorer alive, light and dark, what scrolls reachable by keyboard, a handout when printed.
const alive = [...document.querySelectorAll(".rnn")].map(box => {
  const state = JSON.parse(box.querySelector("script").textContent), heard = {};
  const model = {
    state,
    get: name => state[name],
    set(name, value) { state[name] = value; },
    save_changes() {},
    on(name, act) { (heard[name] ??= []).push(act); },
    receive(changes) {                                                   // as Python would
      Object.assign(state, changes);
      for (const name in changes) for (const act of heard[`change:${name}`] ?? []) act();
    },
  };
  box.replaceChildren();
  render({ model, el: box });
  return { box, model };
});
window.explorers = alive.map(({ model }) => model);

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
  const stands = model.get("controls").filter(control => !["vote", "text"].includes(control.kind))
    .map(control => `${control.name || control.says}: ${control.labels[model.get("values")[model.get("controls").indexOf(control)]]}`);
  box.dataset.at = stands.join(" · ");
}));
