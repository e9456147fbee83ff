// Before JupyterLab starts: does this browser hold copies of lessons that have been changed since? The learner is asked which to
// open.
const root = new URL("./", import.meta.url), STORE = `JupyterLite Storage - ${root.pathname}`;
const done = request => new Promise((yes, no) => {
  request.onsuccess = () => yes(request.result);
  request.onerror = () => no(request.error);
});
const make = (tag, text, ...inside) => { const made = document.createElement(tag); made.append(text, ...inside); return made; };

function opened() {                                                        // undefined where JupyterLite has not been here before
  const request = indexedDB.open(STORE);
  request.onupgradeneeded = () => request.transaction.abort();
  return done(request).catch(() => undefined);
}

async function changed(store, versions) {
  const files = await done(store.transaction("files").objectStore("files").getAll());
  return files.filter(({ path, content }) => path in versions && content?.metadata && content.metadata.lesson !== versions[path]);
}

function ask(files) {
  const box = make("dialog", make("h2", "Lessons that have been changed"),
    make("p", "Since you began these lessons they have been changed. Your copies, with your answers, are in this browser."),
    make("ul", "", ...files.map(({ path }) => make("li", path))),
    make("p", "If you open the new ones, yours stay beside them in the list of files, under another name."));
  const mine = make("button", "Go on with mine"), fresh = make("button", "Open the new ones");
  box.append(mine, " ", fresh);
  box.style.cssText = "max-width: 34rem; font: 1rem/1.5 system-ui, sans-serif; z-index: 2000;"
    + "color: CanvasText; background: Canvas; color-scheme: light dark";
  document.body.append(box);
  box.oncancel = event => event.preventDefault();                          // an answer is needed before anything is opened
  box.showModal();
  const chosen = new Promise(answer => { mine.onclick = () => answer("mine"); fresh.onclick = () => answer("new"); });
  return chosen.finally(() => box.remove());
}

async function settle(store, files, versions, answer) {
  const change = store.transaction(["files", "checkpoints"], "readwrite"), kept = change.objectStore("files");
  for (const file of files) {
    if (answer === "new") {
      const name = file.path.replace(".ipynb", ` (mine until ${new Date().toISOString().slice(0, 16).replace(":", "")}).ipynb`);
      kept.put({ ...file, name, path: name }, name);
      kept.delete(file.path);
      change.objectStore("checkpoints").delete(file.path);
    } else {
      file.content.metadata.lesson = versions[file.path];                  // asked once for each change
      kept.put(file, file.path);
    }
  }
  await new Promise((yes, no) => { change.oncomplete = yes; change.onerror = () => no(change.error); });
}

// What the first visit loads before offline.js watches is asked for once more, for offline.js to keep.
performance.setResourceTimingBufferSize(2000);
navigator.serviceWorker?.addEventListener("controllerchange", () => {
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  new Set([location.href, ...loaded]).forEach(address => fetch(address).catch(() => {}));
});

const versions = await fetch(new URL("versions.json", root)).then(answer => answer.json()).catch(() => ({}));
const store = await opened();
if (store?.objectStoreNames.contains("files")) {
  const files = await changed(store, versions);
  if (files.length) await settle(store, files, versions, await ask(files));
}
store?.close();
