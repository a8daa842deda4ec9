/** Words compared one by one in two texts; longer ones are shown whole, because the work grows with the product of both. */
const TOKENS_MAX = 1200;

export type TextPart = { readonly kind: "same" | "removed" | "added"; readonly text: string };

/** Words with letters or figures as one token, every other sign, Chinese ones included, by itself. */
const TOKEN = /[A-Za-z0-9_.,%:-]*[A-Za-z0-9_%]|\s+|[\s\S]/gu;

function tokensOf(text: string): readonly string[] {
  return text.match(TOKEN) ?? [];
}

/**
 * Two texts as one: what stayed, what went and what came, in reading order. Joining what is not `added` gives the first, joining
 * what is not `removed` the second.
 */
export function textParts(before: string, after: string): readonly TextPart[] {
  const old = tokensOf(before);
  const now = tokensOf(after);
  if (before === after) return before === "" ? [] : [{ kind: "same", text: before }];
  if (old.length > TOKENS_MAX || now.length > TOKENS_MAX) {
    return merged([
      { kind: "removed", text: before },
      { kind: "added", text: after },
    ]);
  }
  return merged(walk(old, now, commonLengths(old, now)));
}

/** Length of the longest common run of tokens from each pair of places to the end. */
function commonLengths(old: readonly string[], now: readonly string[]): readonly Uint16Array[] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
  for (let at = old.length - 1; at >= 0; at -= 1) {
    const row = lengths[at] as Uint16Array;
    const below = lengths[at + 1] as Uint16Array;
    for (let to = now.length - 1; to >= 0; to -= 1) {
      row[to] = old[at] === now[to] ? (below[to + 1] ?? 0) + 1 : Math.max(below[to] ?? 0, row[to + 1] ?? 0);
    }
  }
  return lengths;
}

function walk(old: readonly string[], now: readonly string[], lengths: readonly Uint16Array[]): readonly TextPart[] {
  const parts: TextPart[] = [];
  let [at, to] = [0, 0];
  while (at < old.length || to < now.length) {
    if (at < old.length && to < now.length && old[at] === now[to]) {
      parts.push({ kind: "same", text: old[at] ?? "" });
      at += 1;
      to += 1;
    } else if (at < old.length && (lengths[at + 1]?.[to] ?? 0) >= (lengths[at]?.[to + 1] ?? -1)) {
      parts.push({ kind: "removed", text: old[at] ?? "" });
      at += 1;
    } else {
      parts.push({ kind: "added", text: now[to] ?? "" });
      to += 1;
    }
  }
  return parts;
}

/** Neighbours of one kind as one; between two things that stayed, all that went stands before all that came. */
function merged(parts: readonly TextPart[]): readonly TextPart[] {
  const found: TextPart[] = [];
  let [removed, added] = ["", ""];
  const settle = (): void => {
    if (removed !== "") found.push({ kind: "removed", text: removed });
    if (added !== "") found.push({ kind: "added", text: added });
    [removed, added] = ["", ""];
  };
  for (const { kind, text } of parts) {
    if (kind === "removed") removed += text;
    else if (kind === "added") added += text;
    else {
      settle();
      const last = found.at(-1);
      if (last?.kind === "same") found[found.length - 1] = { kind, text: last.text + text };
      else found.push({ kind, text });
    }
  }
  settle();
  return found;
}
