import { renderFrom, renderSubject } from "../channels/render";
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

/** What a person gets to see or hear; `subject` is null on channels that have none. */
export type Message = { readonly subject: string | null; readonly text: string };

/**
 * The message as the person will read or hear it; null when the Program does not hold it or a value it quotes is unknown. It may
 * quote every field of the account and the facts as they are now; where both know a name, the fact is said.
 */
export function messageOf(
  { account, facts, contentId }: TextQuestion,
  { program, locale }: TextSetting,
): Message | null {
  const content = Object.hasOwn(program.contents, contentId) ? program.contents[contentId] : undefined;
  if (content === undefined) return null;
  const sources = [facts, account.fields];
  const text = renderFrom(content, sources, locale);
  if (!text.ok) return null;
  const subject = renderSubject(content, sources, locale);
  return subject.ok ? { subject: subject.value, text: text.value } : null;
}

/** Every word of a message, for those who check it. */
export function wordsOf({ subject, text }: Message): string {
  return subject === null ? text : `${subject}\n${text}`;
}

/**
 * Whether none of the market's word lists blocks the message. Nothing is remembered of texts said before: reading a clean one again
 * takes about a microsecond, which is less than finding it among thousands.
 */
export function isFit(message: Message, { lexicons }: Pick<MarketPack, "lexicons">): boolean {
  const text = wordsOf(message);
  return !Object.values(lexicons).some((lexicon) => checkText(text, lexicon).verdict === "block");
}
