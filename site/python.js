// Python for this page, in a worker: it starts when something first asks for it, and can be ended at any time.
const served = location.protocol.startsWith("http"), course = JSON.parse(document.querySelector("#cells").textContent);
const BROKEN = "Python did not start. It may not have been built with these pages: open the lesson in JupyterLab (make lab).";
const RUNNING = ({ n, of }) => `running the cells before it: ${n} of ${of}`;
const python = {
  worker: undefined, hearers: new Map(), started: false, asked: 0,
  get busy() { return this.hearers.size > 0; },
  ask(message, hear) {
    if (!this.worker) {
      this.worker = new Worker("python/worker.js", { type: "module" });
      this.worker.onmessage = ({ data }) => this.hear(data);
      this.worker.onerror = () => this.hear({ kind: "broken" });
    }
    this.hearers.set(++this.asked, hear);
    this.worker.postMessage({ id: this.asked, ...message });
  },
  hear(data) {
    if (data.kind === "progress" && data.share === 1) this.started = true;
    const hearers = data.id ? [this.hearers.get(data.id)] : [...this.hearers.values()];
    if (["result", "state", "failed"].includes(data.kind)) this.hearers.delete(data.id);
    if (data.kind === "broken") this.end();
    hearers.forEach(hear => hear?.(data.kind === "broken" ? { ...data, message: BROKEN } : data));
  },
  end() {
    this.worker?.terminate();
    [this.worker, this.started] = [undefined, false];
    this.hearers.clear();
    dispatchEvent(new Event("python-ended"));
  },
};
// The cells before one, with the learner's own answers; a picture on its own is not drawn again.
const before = at => course.slice(0, at).filter(([, source]) => !source.startsWith("explorers."))
  .map(([id, source, exercise]) => [id, answers.all()[exercise]?.source ?? source]);
