import type { Channel } from "../model/content";
import { InvariantError } from "../model/invariant";
import { type Issue, issue } from "../model/issue";
import { pathText } from "../model/json-path";
import { type AnyRule, type PolicyAction, type RulePack, RulePackSchema } from "../model/market-pack";
import type { ContactAttempt } from "../model/policy";
import type { ProgramCalendar } from "../model/program";
import { err, ok, type Result } from "../model/result";
import { isLocalDate } from "../model/time";
import { dayNumberOf } from "./days";
import { floorOf } from "./floor";
import { ruleKindOf, ruleKinds } from "./kinds";
import type { RulePart } from "./kinds/define";

/** One demand of a rule, ready to be asked. Days are counted since 1970-01-01. */
export type LinkedPart = {
  readonly rule: AnyRule;
  readonly part: RulePart;
  readonly fromDay: number;
  readonly enforcedDay: number;
  /** First day on which it applies no longer; infinity = none. */
  readonly untilDay: number;
  /** The rule of the floor it stands in for while it is enforced (`FLOOR_BITS`); 0 = none. */
  readonly standsFor: number;
};

/** What a pack has to say about one action, or about contacts over one channel. */
export type LinkedRules = {
  readonly parts: readonly LinkedPart[];
  /** Parts that look at words. */
  readonly aboutWords: readonly LinkedPart[];
  readonly needsDebt: boolean;
  readonly needsNotices: boolean;
};

const linkedByPack = new WeakMap<RulePack, Map<Channel | PolicyAction, LinkedRules>>();
const KIND_ORDER = new Map(ruleKinds.map(({ kind }, index) => [kind, index]));

/** The rules of a pack about an action or a channel, made ready once per pack: the question is asked for every contact. */
export function linkedRules(rulePack: RulePack, { action = "contact", channel }: ContactAttempt): LinkedRules {
  let ofPack = linkedByPack.get(rulePack);
  if (ofPack === undefined) {
    ofPack = new Map();
    linkedByPack.set(rulePack, ofPack);
  }
  const key = action === "contact" ? channel : action;
  const known = ofPack.get(key);
  if (known !== undefined) return known;
  const made = link(rulePack, action, channel);
  ofPack.set(key, made);
  return made;
}

function link(rulePack: RulePack, action: PolicyAction, channel: Channel): LinkedRules {
  const speaking = rulePack.rules
    .filter((rule) => speaksOf(rule, action, channel))
    .sort((one, other) => orderOf(one) - orderOf(other));
  const parts = speaking.flatMap((rule) => partsOf(rule, rulePack));
  return {
    parts,
    aboutWords: parts.filter(({ rule }) => ruleKindOf(rule.kind)?.aboutWords === true),
    needsDebt: speaking.some(({ kind }) => ruleKindOf(kind)?.needs === "debt"),
    needsNotices: speaking.some(({ kind }) => ruleKindOf(kind)?.needs === "notices"),
  };
}

function orderOf({ kind }: AnyRule): number {
  return KIND_ORDER.get(kind) ?? KIND_ORDER.size;
}

function speaksOf({ actions = ["contact"], channels }: AnyRule, action: PolicyAction, channel: Channel): boolean {
  if (!actions.includes(action)) return false;
  return action !== "contact" || channels === undefined || channels.includes(channel);
}

/** Throws InvariantError on a rule no kind can read: packs are read (`readRulePack`) before they come here. */
function partsOf(rule: AnyRule, { pack, calendar }: RulePack): readonly LinkedPart[] {
  const kind = ruleKindOf(rule.kind);
  if (kind === undefined) throw new InvariantError("policy.rule-kind-unknown", { pack, rule: rule.id });
  const fromDay = dayNumberOf(rule.effectiveFrom);
  const when = {
    fromDay,
    enforcedDay: rule.enforcedFrom === undefined ? fromDay : Math.max(fromDay, dayNumberOf(rule.enforcedFrom)),
    untilDay: rule.effectiveTo === undefined ? Number.POSITIVE_INFINITY : dayNumberOf(rule.effectiveTo),
  };
  return kind.link(rule, { calendar }).map((part) => ({ rule, part, ...when, standsFor: floorOf(rule) }));
}

/**
 * The pack of that name with every pack it stands upon: all their rules apply, so that none is ever relaxed by another (the
 * strictest wins). Holidays are those of any of them, known only as far as all know them. Null when one of them is missing, two
 * stand upon each other, or two rules bear one id: without rules nothing leaves.
 */
export function layeredPack(rulePacks: { readonly [name: string]: RulePack }, name: string): RulePack | null {
  let ofPacks = layeredByPacks.get(rulePacks);
  if (ofPacks === undefined) {
    ofPacks = new Map();
    layeredByPacks.set(rulePacks, ofPacks);
  }
  const known = ofPacks.get(name);
  if (known !== undefined) return known;
  const made = layered(rulePacks, name);
  ofPacks.set(name, made);
  return made;
}

const layeredByPacks = new WeakMap<{ readonly [name: string]: RulePack }, Map<string, RulePack | null>>();

function layered(rulePacks: { readonly [name: string]: RulePack }, name: string): RulePack | null {
  const layers = layersOf(rulePacks, name, []);
  const [top] = layers ?? [];
  if (layers === null || top === undefined) return null;
  if (layers.length === 1) return top;
  const rules = [...layers].reverse().flatMap((layer) => layer.rules);
  if (new Set(rules.map(({ id }) => id)).size < rules.length) return null;
  const calendars = layers.flatMap(({ calendar }) => (calendar === undefined ? [] : [calendar]));
  const [first, ...others] = calendars;
  if (first === undefined) return { ...top, rules };
  return { ...top, rules, calendar: others.reduce(strictestCalendar, first) };
}

function strictestCalendar(one: ProgramCalendar, other: ProgramCalendar): ProgramCalendar {
  const [knownUntil = one.knownUntil] = [one.knownUntil, other.knownUntil].sort();
  return {
    name: one.name,
    holidays: [...one.holidays, ...other.holidays],
    workdays: one.workdays.filter((day) => other.workdays.includes(day)),
    knownUntil,
  };
}

/** A pack and those below it, each once, itself first. */
function layersOf(
  rulePacks: { readonly [name: string]: RulePack },
  name: string,
  above: readonly string[],
): readonly RulePack[] | null {
  const pack = Object.hasOwn(rulePacks, name) ? rulePacks[name] : undefined;
  if (pack === undefined || above.includes(name)) return null;
  const layers: RulePack[] = [pack];
  for (const base of pack.extends ?? []) {
    const below = layersOf(rulePacks, base, [...above, name]);
    if (below === null) return null;
    for (const layer of below) if (!layers.includes(layer)) layers.push(layer);
  }
  return layers;
}

/** Reads a rule pack from a file. Every rule is read by its kind, and what is wrong is said with its place. */
export function readRulePack(value: unknown): Result<RulePack, readonly Issue[]> {
  const parsed = RulePackSchema.safeParse(value);
  if (!parsed.success) {
    return err(parsed.error.issues.map(({ path, message }) => malformed(path, message)));
  }
  const found: Issue[] = [];
  const ids = new Set<string>();
  parsed.data.rules.forEach((rule, index) => {
    const at = ["rules", index];
    if (ids.has(rule.id)) found.push(issue("rules.id-twice", { path: pathText(at) }, { rule: rule.id }));
    ids.add(rule.id);
    const kind = ruleKindOf(rule.kind);
    if (kind === undefined) {
      found.push(issue("rules.kind-unknown", { path: pathText(at) }, { rule: rule.id, kind: rule.kind }));
      return;
    }
    const read = kind.schema.safeParse(rule);
    for (const { path, message } of read.error?.issues ?? []) found.push(malformed([...at, ...path], message));
    for (const member of ["effectiveFrom", "enforcedFrom", "effectiveTo"] as const) {
      const date = rule[member];
      if (date !== undefined && !isLocalDate(date)) found.push(malformed([...at, member], "date"));
    }
  });
  return found.length > 0 ? err(found) : ok(parsed.data);
}

function malformed(path: readonly PropertyKey[], problem: string): Issue {
  return issue("rules.malformed", { path: pathText(path) }, { problem: problem.slice(0, 200) });
}
