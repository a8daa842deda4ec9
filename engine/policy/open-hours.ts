import type { Channel } from "../model/content";
import type { RulePack } from "../model/market-pack";
import { shareAMinute } from "../model/weekly-window";
import { windowKind } from "./kinds/window";

/**
 * Whether the hours of every rule that stops a contact have a minute of the week in common, on an ordinary day or on a holiday.
 * Rules for some people or places alone may not apply, and are left out.
 */
export function hasOpenHour({ rules }: RulePack, channel: Channel): boolean {
  const hours = rules.flatMap((rule) => {
    if (rule.kind !== windowKind.kind || rule.severity !== "block" || rule.appliesTo !== undefined) return [];
    if (rule.channels !== undefined && !rule.channels.includes(channel)) return [];
    return [windowKind.schema.parse(rule).windows];
  });
  return (["holidays", "not-holidays"] as const).some((unless) =>
    shareAMinute(hours.map((windows) => windows.filter(({ on }) => on !== unless))),
  );
}
