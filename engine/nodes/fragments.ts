import { z } from "zod";
import type { Channel } from "../model/content";
import { ContentIdSchema } from "../model/content";
import { type Issue, issue } from "../model/issue";
import { isLocalDate, isLocalTime } from "../model/time";
import type { Handle, NodeContext } from "./define";

/** Longest wait, deadline or redial window a step may name; the default horizon of a strategy. */
export const DURATION_DAYS_MAX = 400;
export const MINUTES_PER_DAY = 1440;
export const DURATION_MINUTES_MAX = DURATION_DAYS_MAX * MINUTES_PER_DAY;

/** Hours after which a contact step stops waiting for an answer. */
export const GIVE_UP_HOURS_MIN = 1;
export const GIVE_UP_HOURS_MAX = 720;
export const GiveUpHoursSchema = z.int().min(GIVE_UP_HOURS_MIN).max(GIVE_UP_HOURS_MAX);

/** A text of the pack or of the strategy; the empty string means "not chosen yet" and is refused by lint. */
export const ContentChoiceSchema = z.union([z.literal(""), ContentIdSchema]);

/** `HH:mm`; the empty string means "none". */
export const LocalTimeChoiceSchema = z.string().refine((text) => text === "" || isLocalTime(text), {
  error: "shape.local-time",
});

/** A day that exists, `YYYY-MM-DD`; the empty string means "not chosen yet". */
export const LocalDateChoiceSchema = z.string().refine((text) => text === "" || isLocalDate(text), {
  error: "shape.date",
});

const ITEM_NAME_MAX = 80;

/** Author's name for a rule or an arm. Members are exact optionals so that the data stays plain JSON. */
export const ItemNameSchema = z
  .strictObject({
    "zh-CN": z.string().max(ITEM_NAME_MAX).exactOptional(),
    en: z.string().max(ITEM_NAME_MAX).exactOptional(),
  })
  .refine((text) => text["zh-CN"] !== undefined || text.en !== undefined, { error: "text.empty" });

/** Whether the text a step names exists and was written for its channel. `type` prefixes the issue code. */
export function contentIssues(
  type: string,
  choice: { readonly contentId: string; readonly channel: Channel | null },
  context: NodeContext,
): readonly Issue[] {
  const { contentId, channel } = choice;
  if (contentId === "") return [issue(`${type}.content-missing`, { path: "contentId" })];
  const content = Object.hasOwn(context.contents, contentId) ? context.contents[contentId] : undefined;
  if (content === undefined) return [issue(`${type}.content-unknown`, { path: "contentId" }, { contentId })];
  if (channel !== null && content.channel !== channel) {
    return [issue(`${type}.content-channel`, { path: "contentId" }, { contentId, channel: content.channel })];
  }
  return [];
}

/** A handle whose words stand in the type's texts under its own id. */
export function handle(id: string, role: Handle["role"]): Handle {
  return { id, label: { key: id }, role, required: true };
}

/** Ids that occur more than once, with the position of each second occurrence. */
export function repeatedIds(items: readonly { readonly id: string }[]): readonly { id: string; index: number }[] {
  const seen = new Set<string>();
  const repeated: { id: string; index: number }[] = [];
  items.forEach(({ id }, index) => {
    if (seen.has(id)) repeated.push({ id, index });
    seen.add(id);
  });
  return repeated;
}
