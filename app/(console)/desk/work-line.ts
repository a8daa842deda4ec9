"use client";

import { useLocale } from "next-intl";
import { channelOf } from "#engine/channels/index";
import { deskTexts } from "#engine/desk/texts";
import { inLocale } from "#engine/model/locale";
import type { RouterOutputs } from "../../_ui/trpc-client";

/** A piece of work that waits for people, as the list shows it. */
export type WorkLine = RouterOutputs["desk"]["open"]["lines"][number];

/** What a piece of work is called: the channel of a contact, the kind of a task. */
export function useWorkName(): (line: Pick<WorkLine, "task" | "channel">) => string {
  const locale = useLocale();
  return ({ task, channel }) => {
    if (channel !== null) return inLocale(channelOf(channel).title, locale);
    return deskTexts[locale].tasks[task ?? ""] ?? task ?? "";
  };
}
