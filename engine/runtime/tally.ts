import type { GateDecision, Settlement } from "../ports/outbox";

/** What became of the requests one round looked at. */
export type DispatchCounts = {
  readonly looked: number;
  readonly sent: number;
  readonly deferred: number;
  readonly denied: number;
  readonly answered: number;
  readonly unknown: number;
  readonly failed: number;
};
export type Tally = { -readonly [count in keyof DispatchCounts]: DispatchCounts[count] };

export const NOTHING_DISPATCHED: DispatchCounts = {
  looked: 0,
  sent: 0,
  deferred: 0,
  denied: 0,
  answered: 0,
  unknown: 0,
  failed: 0,
};

export function countDecision(tally: Tally, decision: GateDecision): void {
  if (decision.kind === "defer") tally.deferred += 1;
  if (decision.kind === "deny") tally.denied += 1;
  if (decision.kind === "answered") tally.answered += 1;
}

export function countSettlement(tally: Tally, settlement: Settlement): void {
  if (settlement.kind === "sent") tally.sent += 1;
  if (settlement.kind === "unknown") tally.unknown += 1;
  if (settlement.kind === "failed") tally.failed += 1;
}
