/** Signs that stand for what is left out; always two, so that their number tells nothing. */
const LEFT_OUT = "**";

/** A person's name as far as a list of accounts may show it: the first character ("张**", "J**"). Null when there is none. */
export function maskedName(name: unknown): string | null {
  if (typeof name !== "string") return null;
  const [first] = name.trim();
  return first === undefined ? null : `${first}${LEFT_OUT}`;
}
