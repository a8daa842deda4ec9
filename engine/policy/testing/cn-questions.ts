import type { RulePack } from "../../model/market-pack";
import type { ContactAttempt, ContactRecord, Hold, PolicyVerdict } from "../../model/policy";
import { type EpochMs, parseInstant } from "../../model/time";
import { marketPack } from "../../packs";
import { checkPolicy } from "../check";
import { A_CALL, A_POINT } from "./questions";

/** What tells a question about cn-default: what was done so far, when the next contact should leave. */

export const POINT = A_POINT;
export const CALL = A_CALL;
export const VISIT: ContactAttempt = { ...CALL, channel: "visit", people: 2 };

export function chinaPack(): RulePack {
  const pack = marketPack("cn").rulePacks["cn-default"];
  if (pack === undefined) throw new Error("cn-default is not shipped");
  return pack;
}

export function at(instant: string): EpochMs {
  const ms = parseInstant(instant);
  if (ms === null) throw new Error(instant);
  return ms;
}

/** Instant on 2 March 2026 (a Monday) in Beijing. */
export const beijing = (time: string, date = "2026-03-02"): EpochMs => at(`${date}T${time}:00+08:00`);

export type Answer = "unanswered" | "connected" | "conversed";

export function record(atMs: EpochMs, answer: Answer, change: Partial<ContactRecord> = {}): ContactRecord {
  const connected = answer !== "unanswered";
  const conversed = answer === "conversed";
  return { atMs, channel: "robot", contactPointId: POINT.id, connected, conversed, visit: null, ...change };
}

export type Case = {
  readonly attempt?: Partial<ContactAttempt>;
  readonly of?: ContactAttempt;
  readonly history?: readonly ContactRecord[];
  readonly holds?: readonly Hold[];
  readonly pack?: RulePack;
  readonly nowMs: EpochMs;
};

export function ask({
  attempt = {},
  of = CALL,
  history = [],
  holds = [],
  pack = chinaPack(),
  nowMs,
}: Case): PolicyVerdict {
  return checkPolicy({ attempt: { ...of, ...attempt }, history, holds, rulePack: pack, nowMs });
}

export function codesOf(verdict: PolicyVerdict): readonly string[] {
  const reasons = verdict.verdict === "allow" ? verdict.warnings : verdict.reasons;
  return reasons.map((reason) => `${reason.rule} ${reason.code}`);
}

export const callsAt = (times: readonly string[], answer: Answer): readonly ContactRecord[] =>
  times.map((time) => record(beijing(time), answer));

export function ruled(rules: RulePack["rules"]): RulePack {
  return { ...chinaPack(), pack: "test", rules };
}

export function windowPack(windows: { weekdays?: number[]; from: string; to: string }[]): RulePack {
  const base = chinaPack().rules.find((rule) => rule.kind === "window");
  if (base?.kind !== "window") throw new Error("no window rule");
  return ruled([{ ...base, windows: windows.map((one) => ({ weekdays: [1, 2, 3, 4, 5, 6, 7], ...one })) }]);
}
