// A drawing is a tree of parts, which the frames share: parts[n] is the text of an element, or of a group the numbers of its tag
// and of what is in it. From one frame to the next only what differs is touched, and what goes is kept for the next time.
// last: the tree whose drawing is in the room, when the kernel has sent another: what is in both stays there
// returns: draw(room, n), which makes part n the only thing in the room
const MOVES = /\b(flow|right|left|up|down|then|last|firm)\b/g;
const PLACES = ["x", "y", "cx", "cy", "x1", "y1", "x2", "y2", "font-size"];
function tree(parts, last) {
  const shapes = [], attributes = [], keys = [], pool = new Map();
  const inside = n => Array.isArray(parts[n]) ? parts[n].slice(1) : [];
  let root = last?.root();
  function shape(n) {                                                                // an element as written, or an empty group
    const holder = shapes[n] ??= document.createElementNS("http://www.w3.org/2000/svg", "g");
    if (!holder.firstChild) holder.innerHTML = Array.isArray(parts[n]) ? parts[parts[n][0]] : parts[n];
    return holder.firstChild;
  }
  const written = n => attributes[n] ??= new Map([...shape(n).attributes].map(({ name, value }) => [name, value]));
  function build(n) {
    const free = pool.get(n), node = free ?? Object.assign(shape(n).cloneNode(true), { n, has: written(n) });
    pool.delete(n);
    if (!free) node.append(...inside(n).map(build));
    return node;
  }
  const flows = node => node.matches(".flow"), names = node => (node.getAttribute("class") ?? "").replace(MOVES, "").trim();
  // By what a part is known again when it changes: a group by its name and place, or by what it begins with; a line by its start,
  // an area of rectangles by all of it, one rectangle by its name or place, and its foot.   first: the key of what is first in it
  function key(node, first = node.firstElementChild && key(node.firstElementChild)) {
    const at = name => node.getAttribute(name) ?? "", place = at("transform"), line = at("d");
    const known = {
      g: () => `${names(node) || at("data-set") || at("data-key") || place || first} ${place}`,
      path: () => /[hv].*z/i.test(line) ? line : line.match(/^M[^A-Za-z]*/),
      rect: () => `${at("class") || at("x")} ${(+at("y") + +at("height")).toFixed(1)}` }[node.nodeName];
    return node.key ??= `${node.nodeName} ${known ? known() : `${PLACES.map(at)} ${node.innerHTML}`}`;
  }
  const sought = n => keys[n] ??= key(shape(n), inside(n).length ? sought(inside(n)[0]) : null);
  // What is on the page into part n. An SVG that is told its size again would be laid out anew; what can be touched keeps the
  // attributes that explorer.js gave it, its place in the order of Tab among them.
  function turn(node, n) {
    const { has } = node, due = written(n), touched = due.has("data-set") || due.has("data-lights");
    for (const name of touched ? has.keys() : node.getAttributeNames()) if (!due.has(name)) node.removeAttribute(name);
    for (const [name, value] of due) if (has.get(name) !== value) node.setAttribute(name, value);
    Object.assign(node, { n, has: due });
    if (!Array.isArray(parts[n]) && node.nodeName !== "g") return node;
    const spare = new Set(node.childNodes), kept = new Map([...spare].map(child => [child.n, child]));
    const wanted = new Set(inside(n)), free = [...spare].filter(child => !wanted.has(child.n));
    const children = inside(n).map(part => {
      if (spare.delete(kept.get(part))) return kept.get(part);
      const like = flows(shape(part)) ? -1 : free.findIndex(child => key(child) === sought(part));
      if (like < 0) return build(part);
      const [child] = free.splice(like, 1);
      spare.delete(child);
      return turn(child, part);
    });
    for (const child of spare) { child.remove(); pool.set(child.n, child); }
    children.forEach((child, i) => { if (child !== node.childNodes[i]) node.insertBefore(child, node.childNodes[i] ?? null); });
    return node;
  }
  if (root) {                                                                        // the numbers that its parts have here
    const places = new Map(parts.map((part, n) => [`${part}`, n])), here = [];
    last.parts.forEach((part, n) => { here[n] = places.get(`${Array.isArray(part) ? part.map(inner => here[inner]) : part}`); });
    for (const node of [root, ...root.querySelectorAll("*")]) node.n = here[node.n];
  }
  const draw = (room, n) => { if (root && room.contains(root)) turn(root, n); else room.replaceChildren(root = build(n)); };
  return Object.assign(draw, { parts, root: () => root });
}
