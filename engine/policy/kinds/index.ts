import { amountCapKind } from "./amount-cap";
import { bannedContentKind } from "./banned-content";
import { capKind } from "./cap";
import { consentKind } from "./consent";
import { coolDownKind } from "./cool-down";
import type { ReadingKind } from "./define";
import { holdKind } from "./hold";
import { limitationKind } from "./limitation";
import { minimumGapKind } from "./minimum-gap";
import { partyKind } from "./party";
import { peopleKind } from "./people";
import { prerequisiteNoticeKind } from "./prerequisite-notice";
import { requiredContentKind } from "./required-content";
import { retentionKind } from "./retention";
import { specialDayKind } from "./special-day";
import { vendorKind } from "./vendor";
import { windowKind } from "./window";

/** Every kind of rule, in the order in which their reasons are said: what waiting does not cure comes first. */
const KINDS = [
  holdKind,
  partyKind,
  consentKind,
  peopleKind,
  vendorKind,
  prerequisiteNoticeKind,
  amountCapKind,
  limitationKind,
  requiredContentKind,
  bannedContentKind,
  retentionKind,
  windowKind,
  specialDayKind,
  coolDownKind,
  capKind,
  minimumGapKind,
] as const;

type ExampleOf<TKind> = TKind extends { readonly example: infer TRule } ? TRule : never;
/** A rule whose own members are known. */
export type PolicyRule = ExampleOf<(typeof KINDS)[number]>;

/** Kinds as shared code sees them: it asks them, and never which one they are. */
export const ruleKinds: readonly ReadingKind[] = KINDS;

const kindsByName = new Map(ruleKinds.map((kind) => [kind.kind, kind]));

/** Undefined = nobody knows such a kind. */
export function ruleKindOf(name: string): ReadingKind | undefined {
  return kindsByName.get(name);
}
