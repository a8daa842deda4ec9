const ID_LENGTH_MAX = 64;
const NUMBER_ROOM = 8;

/** `<stem>-<n>`: the first number from 2 under which nothing is known; the stem of `sms-3` is `sms`. */
export function freeId(id: string, taken: { readonly has: (id: string) => boolean }): string {
  const stem = id.replace(/-\d+$/, "").slice(0, ID_LENGTH_MAX - NUMBER_ROOM);
  for (let number = 2; ; number += 1) {
    const candidate = `${stem}-${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}
