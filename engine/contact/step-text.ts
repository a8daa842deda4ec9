import { renderFrom } from "../channels/render";
import type { Facts } from "../model/facts";
import type { Locale } from "../model/locale";
import type { MarketPack } from "../model/market-pack";
import type { Account } from "../model/party";
import type { Program } from "../model/program";
import { checkText } from "../qa/check-text";

/** Which text, and from whose values it is filled. */
export type TextQuestion = { readonly account: Account; readonly facts: Facts; readonly contentId: string };

export type TextSetting = {
  readonly program: Program;
  readonly pack: MarketPack;
  /** Language of the texts that are rendered and checked. */
  readonly locale: Locale;
};

/**
 * The text as the person will read or hear it; null when the Program does not hold it or a value it quotes is unknown. It may
 * quote every field of the account and the facts as they are now; where both know a name, the fact is said.
 */
export function textOf({ account, facts, contentId }: TextQuestion, { program, locale }: TextSetting): string | null {
  const content = Object.hasOwn(program.contents, contentId) ? program.contents[contentId] : undefined;
  if (content === undefined) return null;
  const rendered = renderFrom(content, [facts, account.fields], locale);
  return rendered.ok ? rendered.value : null;
}

/** Texts checked before, and whether they were fit. Bounded by `CHECKED_TEXTS_MAX`. */
export type CheckedTexts = Map<string, boolean>;
const CHECKED_TEXTS_MAX = 20_000;

/**
 * Whether none of the market's word lists blocks the text. The verdict of a text never changes, and redials and monthly
 * reminders say the same words again: whoever asks often hands in what was checked before, of the same market.
 */
export function isFit(text: string, pack: Pick<MarketPack, "lexicons">, checked: CheckedTexts | null): boolean {
  const known = checked?.get(text);
  if (known !== undefined) return known;
  const fit = !Object.values(pack.lexicons).some((lexicon) => checkText(text, lexicon).verdict === "block");
  if (checked === null) return fit;
  if (checked.size >= CHECKED_TEXTS_MAX) checked.clear();
  checked.set(text, fit);
  return fit;
}
