import { Refusal } from "./refusal";

export type Token =
  | { readonly kind: "number"; readonly value: number; readonly text: string }
  | { readonly kind: "string"; readonly value: string; readonly text: string }
  | { readonly kind: "name" | "sign"; readonly text: string };

const SPACE = /\s+/y;
const NUMBER = /\d[\d_]*(?:\.(?!\.)[\d_]+)?/y;
const STRING = /'[^']*'|"[^"]*"/y;
const NAME = /[A-Za-z_$][\w$]*/y;
const SIGN = /==|!=|<=|>=|\?\?|\.\.|[<>()[\]{},.?:!#+\-*/%^`;=]/y;

/** Longest expression that is read; the longest met in the field has some 700 characters. */
const EXPRESSION_MAX = 10_000;

/** The words of an expression of the ZEN language. Throws Refusal at a sign it does not have. */
export function tokensOf(text: string): readonly Token[] {
  if (text.length > EXPRESSION_MAX) throw new Refusal("jdm.too-deep", `${text.slice(0, 40)}…`);
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) return null;
    at += found.length;
    return found;
  };
  while (at < text.length) {
    if (take(SPACE) !== null) continue;
    const number = take(NUMBER);
    if (number !== null) {
      tokens.push({ kind: "number", value: Number(number.replaceAll("_", "")), text: number });
      continue;
    }
    const string = take(STRING);
    if (string !== null) {
      tokens.push({ kind: "string", value: string.slice(1, -1), text: string });
      continue;
    }
    const name = take(NAME);
    const sign = name === null ? take(SIGN) : null;
    if (name !== null) tokens.push({ kind: "name", text: name });
    else if (sign !== null) tokens.push({ kind: "sign", text: sign });
    else throw new Refusal("jdm.syntax", text.slice(at, at + 20));
  }
  return tokens;
}
