/**
 * Words by which a person wants no more messages. Chinese carriers' convention for 退订 (《通信短信息服务管理规定》, MIIT order 31 of
 * 2015, art. 18-20: a way out must be offered and followed); in the United States the words of 47 CFR 64.1200(a)(10). Have counsel check.
 */
const WORDS: ReadonlySet<string> = new Set([
  ...["t", "td", "tui", "n", "退", "退订", "拒收", "取消", "不要再发", "别再发了", "停止"],
  ...["stop", "stopall", "quit", "end", "revoke", "opt out", "optout", "cancel", "unsubscribe"],
]);
/** Said in a sentence it means the same: nobody writes this word for anything else. */
const ANYWHERE: readonly string[] = ["退订", "unsubscribe", "拒收短信"];
const AROUND = /^[\s\p{P}\p{S}]+|[\s\p{P}\p{S}]+$/gu;
/** A word stands at the beginning of a message; what is longer is looked through no further. */
const LOOKED_AT = 500;

/** Whether a reply asks for no more. In doubt it does: a message too few harms nobody. */
export function isOptOut(text: string): boolean {
  const said = text.slice(0, LOOKED_AT).normalize("NFKC").toLowerCase();
  return WORDS.has(said.replace(AROUND, "").replace(/\s+/g, " ")) || ANYWHERE.some((word) => said.includes(word));
}
