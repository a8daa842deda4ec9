/**
 * Categories of conduct that a text may truthfully deny or report ("we will never tell your family"). Insults, sarcasm, rude
 * tone, discrimination and cruelty stay what they are, denied or not (domain.md 4.3).
 */
const EXCUSABLE = ["V", "I", "J", "P", "T", "B", "X", "F", "C", "N", "H", "G", "W"];

/** A denial must stand this close before what it denies. */
const DENIAL_REACH = 24;
const QUOTE_REACH = 40;
const QUOTED_MAX = 60;

const CLAUSE_END = "[^。！？；，、,.!?;:：\\n]";
/**
 * The denial, then at most a few words of the same clause that do not turn it round ("不还就…", "unless you pay"). A plain 不
 * is no denial: "不还钱就让你坐牢" begins with one.
 */
const DENIED_ZH = new RegExp(
  `(?:绝不会|不会|绝不|从不|不得|不能|不可以|没有|并非|不是|请勿|切勿|严禁|禁止)(?:(?!就|否则|除非|不|如果|要是)${CLAUSE_END}){0,8}$`,
  "u",
);
const DENIED_EN =
  /\b(?:never|not|cannot|can't|won't|don't|doesn't|no one will|nobody will|must not)\b(?:\s+(?!unless\b|but\b|then\b|if\b|only\b|not\b|hesitate\b)[\w']+){0,4}\s*$/iu;

const QUOTE_PAIRS: { readonly [open: string]: string } = { "“": "”", "「": "」", "『": "』", '"': '"', "‘": "’" };
/** Whose words are quoted: the debtor's own, or those the debtor complains about. */
const REPORTED =
  /(?:您|客户|来电|对方).{0,8}(?:说|提到|反映|称|投诉|举报|听到)|\b(?:you|customer|caller)\b[\w\s,]{0,20}\b(?:said|say|told|reported|mentioned|complained|heard)\b/iu;

function isDenied(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - DENIAL_REACH), start);
  return DENIED_ZH.test(before) || DENIED_EN.test(before);
}

/** Inside quotation marks that open shortly before the word, close after it, and follow a verb of reporting. */
function isReported(text: string, start: number, end: number): boolean {
  for (let at = start - 1; at >= Math.max(0, start - QUOTED_MAX); at -= 1) {
    const close = QUOTE_PAIRS[text[at] ?? ""];
    if (close === undefined) continue;
    const closesAt = text.indexOf(close, at + 1);
    if (closesAt < end || closesAt > end + QUOTED_MAX) return false;
    return REPORTED.test(text.slice(Math.max(0, at - QUOTE_REACH), at));
  }
  return false;
}

/** Whether a found word is denied or quoted, so that it is noted but stops nothing. */
export function isExcused(
  text: string,
  span: { readonly category: string; readonly start: number; readonly end: number },
): boolean {
  if (!EXCUSABLE.includes(span.category)) return false;
  return isDenied(text, span.start) || isReported(text, span.start, span.end);
}
