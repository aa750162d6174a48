// Calls to the server. `status` 0 of an error means that nothing came back.

let token = "";

export function useToken(csrf) {
  token = csrf;
}

export class ApiError extends Error {
  constructor(status, message, retryAfter) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  get passes() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export function get(path) {
  return call(path, { method: "GET" }, 20);
}

export function post(path, value) {
  return call(path, { method: "POST", body: JSON.stringify(value), headers: { "Content-Type": "application/json" } }, 20);
}

export function upload(path, blob) {
  const form = new FormData();
  form.append("file", blob, "photo.jpg");
  return call(path, { method: "POST", body: form, headers: {} }, 120);
}

async function call(path, options, seconds) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), seconds * 1000);
  if (options.headers) options.headers["X-CSRF-Token"] = token;
  try {
    const response = await fetch(path, Object.assign({ signal: abort.signal, credentials: "same-origin", cache: "no-store" }, options));
    const value = await response.json().catch(() => ({}));
    if (!response.ok) throw new ApiError(response.status, value.message || "", Number(response.headers.get("Retry-After")) || 0);
    return value;
  } catch (error) {
    throw error instanceof ApiError ? error : new ApiError(0, "", 0);
  } finally {
    clearTimeout(timer);
  }
}
