// What was opened once opens without a network. The network is asked first, so nothing stays old. JupyterLite's own rules follow.
self.addEventListener("fetch", event => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin || /\/api\/(drive|stdin|service-worker)/.test(pathname)) return;
  event.stopImmediatePropagation();
  event.respondWith(answered(event, origin + pathname));
});

async function answered(event, address) {
  const kept = await caches.open("lessons");
  try {
    const answer = await fetch(event.request);
    if (answer.ok) event.waitUntil(kept.put(address, answer.clone()));
    return answer;
  } catch (error) {
    const before = await kept.match(address);
    if (before) return before;
    throw error;
  }
}
