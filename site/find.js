// Search over all lessons, on this page alone: a part is found when each word stands in it; words in headings count more.
let parts;
const read = () => JSON.parse(document.querySelector("#index").textContent).map(([page, lesson, heading, id, words]) => ({
  page, lesson, heading, id, words, low: words.toLowerCase(), head: `${lesson} ${heading}`.toLowerCase() }));
const field = document.querySelector("input[type=search]"), foundBox = document.querySelector("#find");
const hits = foundBox.querySelector("ol");
function excerpt(part, words) {                              // some words around the first that was sought, marked; text only
  const at = Math.max(0, Math.min(...words.map(word => part.low.indexOf(word)).filter(i => i >= 0).concat(part.words.length)));
  const from = at === part.words.length ? 0 : Math.max(0, part.words.lastIndexOf(" ", Math.max(0, at - 60)));
  const text = part.words.slice(from, from + 190), line = make("span", { class: "around" });
  const pattern = new RegExp(`(${words.map(word => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "i");
  line.append(from ? "… " : "", ...text.split(pattern).map((piece, i) => i % 2 ? make("mark", {}, piece) : piece), " …");
  return line;
}
function find() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  foundBox.hidden = !words.length;
  if (!words.length || document.readyState === "loading") return;            // what is searched comes last on the page
  parts ??= read();
  const score = part => words.reduce((sum, word) => sum + (part.head.includes(word) ? 5 : part.low.includes(word) ? 1 : -99), 0);
  const found = parts.map(part => [score(part), part]).filter(([points]) => points > 0).sort((a, b) => b[0] - a[0]).slice(0, 20);
  document.querySelector("#found").textContent = `${found.length ? "Found" : "Nothing is found"} for “${field.value.trim()}”`;
  hits.replaceChildren(...found.map(([, part]) => make("li", {},
    make("a", { href: `${part.page}#${part.id}` }, part.heading), make("small", {}, ` ${part.lesson}`), excerpt(part, words))));
}
field.oninput = find;
field.form.onsubmit = event => { event.preventDefault(); find(); foundBox.scrollIntoView({ block: "start" }); };
field.value = new URLSearchParams(location.search).get("q") ?? "";
const asked = () => { if (field.value) { find(); foundBox.scrollIntoView({ block: "start" }); } };
if (document.readyState === "loading") addEventListener("DOMContentLoaded", asked); else asked();
