// Python in a worker of its own, so that the page stays awake and an endless loop can be ended. All comes from this folder.
import { loadPyodide } from "./pyodide.mjs";
const here = new URL("./", import.meta.url);
async function fetched(progress) {                                 // counts what has come; the browser's cache keeps it
  const sizes = await (await fetch(new URL("sizes.json", here))).json(), total = Object.values(sizes).reduce((a, b) => a + b, 0);
  let have = 0;
  await Promise.all(Object.keys(sizes).map(async name => {
    const answer = await fetch(new URL(name, here));
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
    for (const reader = answer.body.getReader(); ;) {
      const { done, value } = await reader.read();
      if (done) return;
      progress((have += value.length) / total);
    }
  }));
}
const ready = (async () => {
  await fetched(share => postMessage({ kind: "progress", share: .8 * share }));
  const python = await loadPyodide({ indexURL: here.href, packages: ["numpy", "traitlets", "rnn-lib"] });
  postMessage({ kind: "progress", share: .92 });
  const runner = python.pyimport("page_python");
  runner.prepare();
  postMessage({ kind: "progress", share: 1 });
  return { python, runner };
})();
ready.catch(error => postMessage({ kind: "broken", message: String(error) }));
const there = new Set();
async function bring(python, cells) {                              // what a lesson goes on from: a training that was begun
  for (const [name] of JSON.stringify(cells ?? []).matchAll(/\w+_begun\.npz/g)) if (!there.has(name)) {
    const answer = await fetch(new URL(name, here));
    if (answer.ok) python.FS.writeFile(name, new Uint8Array(await answer.arrayBuffer()));
    there.add(name);
  }
}
onmessage = async ({ data: { id, act, cells, name, place, values, pressed } }) => {
  const { python, runner } = await ready;
  await bring(python, cells);
  const given = python.toPy(cells ?? values), tell = (n, of) => postMessage({ kind: "cell", id, n, of });
  try {
    if (act === "run") {
      const result = runner.run(given, tell, name);
      postMessage({ kind: "result", id, ...result.toJs({ dict_converter: Object.fromEntries }) });
      result.destroy();
    } else {
      const state = act === "explore" ? runner.explore(given, tell) : runner.move(place, given, python.toPy(pressed));
      postMessage({ kind: "state", id, state: JSON.parse(state) });
    }
  } catch (error) { postMessage({ kind: "failed", id, message: String(error).trim().split("\n").at(-1) }); }
  given.destroy();
};
