import { expect, it } from "vitest";
import { emptyStrategy } from "../graph/new";
import type { StrategyNode } from "../model/strategy";
import { marketPack } from "../packs";
import { waitEnds } from "./wait-ends";

const pack = marketPack("cn");
const { settings } = emptyStrategy({ id: "strat_t", key: "t", name: { en: "T" }, market: "cn" });
/** Friday 13 February 2026; the Saturday behind it is worked, in exchange for the week of the spring festival (15 to 23 February). */
const nowMs = Date.parse("2026-02-13T11:00:00+08:00");

function ends(type: string, data: StrategyNode["data"], facts = {}) {
  const at = waitEnds({ id: "w", type, version: 1, data }, { settings, pack, facts, nowMs });
  return at === null ? null : new Date(at).toISOString();
}

it("says on which day a wait of working days ends, holidays and exchanged week-ends reckoned", () => {
  expect(ends("wait", { mode: "until-working-day", workingDays: 2, at: "10:00", recompute: false })).toBe(
    new Date("2026-02-24T10:00:00+08:00").toISOString(),
  );
});

it("says nothing of what is unknown, not filled in, or no wait", () => {
  expect(ends("wait", { mode: "until-dpd", dpd: 25, at: "10:00", recompute: false })).toBeNull();
  expect(ends("wait", { mode: "until-dpd", dpd: 25, at: "10:00", recompute: false }, { dpd: 24 })).toContain(
    "2026-02-14T02:00",
  );
  expect(ends("wait", { mode: "until-working-day", recompute: false })).toBeNull();
  expect(ends("exit", { reason: "completed" })).toBeNull();
});
