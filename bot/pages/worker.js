// Keeps the page itself on the phone, so that it opens without a line. Nothing that was said is kept here.
const CACHE = "page {{ version }}";
const FILES = ["/", {% for file in files %}"{{ static }}/{{ file }}", {% endfor %}];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name !== CACHE);
  event.waitUntil(
    caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname === "/") event.respondWith(page(event.request));
  else if (url.pathname.startsWith("{{ static }}/")) event.respondWith(kept(event.request));
});

async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    return (await caches.match("/")) || Promise.reject(error);
  }
}

async function kept(request) {
  return (await caches.match(request)) || fetch(request);
}
