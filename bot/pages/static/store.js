// What is kept in the browser. Where storage is closed to us, it is kept as long as the page is open.

const memory = {};
const local = (() => {
  try {
    localStorage.setItem("probe", "1");
    localStorage.removeItem("probe");
    return localStorage;
  } catch (error) {
    return null;
  }
})();

export function get(key) {
  const value = local ? local.getItem(key) : memory[key];
  return value === undefined ? null : value;
}

// Throws when the phone has no room left.
export function set(key, value) {
  if (local) local.setItem(key, value);
  else memory[key] = value;
}

export function remove(key) {
  if (local) local.removeItem(key);
  else delete memory[key];
}

export function keys(prefix) {
  return Object.keys(local || memory).filter((key) => key.startsWith(prefix)).sort();
}
