const MINUTES: readonly (readonly [words: RegExp, minutes: number])[] = [
  [/^(?:m|min|分)/, 1],
  [/^(?:h|个?小时|时)/, 60],
  [/^(?:d|天|日)/, 1440],
  [/^(?:w|周|个?星期)/, 10_080],
];
const PART =
  /(\d{1,6}(?:\.\d{1,2})?)\s*(minutes?|mins?|m|分钟?|hours?|hrs?|h|个?小时|时|days?|d|天|日|weeks?|w|周|个?星期)(?![a-z])/gu;
const JOINTS = /\band\b|[\s,又零]/gu;

/** Whole minutes of a length of time as people write it: "3天", "2h", "1.5小时", "1 day 12 hours". Null when it is none. */
export function minutesOfText(text: string): number | null {
  const written = text.normalize("NFKC").toLowerCase();
  const parts = [...written.matchAll(PART)];
  if (parts.length === 0 || written.replace(PART, "").replace(JOINTS, "") !== "") return null;
  const total = parts.reduce((sum, [, count, unit = ""]) => {
    const minutes = MINUTES.find(([words]) => words.test(unit))?.[1] ?? Number.NaN;
    return sum + Number(count) * minutes;
  }, 0);
  return Number.isInteger(total) ? total : null;
}
