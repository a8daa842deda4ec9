"use client";

const IS_APPLE = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

/** Keys as this machine writes them. */
function keyName(key: string): string {
  return IS_APPLE && key === "Ctrl" ? "⌘" : key;
}

export function Keys({ keys }: { readonly keys: readonly string[] }) {
  return keys.map((key) => <kbd key={key}>{keyName(key)}</kbd>);
}

/** The same as text, for tooltips. */
export function keysText(keys: readonly string[]): string {
  return keys.map(keyName).join(IS_APPLE ? "" : "+");
}
