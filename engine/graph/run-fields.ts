import type { FieldCatalogue } from "../model/facts";
import { inLocale, LOCALES, type LocalText } from "../model/locale";
import type { MarketPack } from "../model/market-pack";
import { innerStepId } from "../model/program";
import type { StrategyDoc, SubStrategy } from "../model/strategy";
import { STAGE_VARIABLE, variableFact, variableField } from "../model/variable";
import { compiledStep, specsOf } from "./compiled-step";
import { type LintView, lintViews, type StepView } from "./lint-view";

type Inside = { readonly strategy: SubStrategy; readonly view: LintView };
type Room = {
  readonly view: LintView;
  /** Step in which the strategy is used, by name; null = it is the drawn one. */
  readonly within: LocalText | null;
  readonly rename: (name: string) => string;
  /** Keys of the strategies it stands in: one that uses itself is named once. */
  readonly around: readonly string[];
};

const remembered = new WeakMap<StrategyDoc, WeakMap<MarketPack, FieldCatalogue>>();

/**
 * Every fact a run of the strategy may have written down, with names for people: what its conditions may ask, the variables of
 * strategies used in it (`var.<step>/<name>`), and those its steps reckon with. The hidden ones are named by step and variable.
 */
export function runFields(doc: StrategyDoc, pack: MarketPack): FieldCatalogue {
  const byPack = remembered.get(doc) ?? new WeakMap<MarketPack, FieldCatalogue>();
  remembered.set(doc, byPack);
  const known = byPack.get(pack);
  if (known !== undefined) return known;
  const { whole, inside } = lintViews(doc, pack);
  const used = new Map<string, Inside>();
  doc.strategies.forEach((strategy, index) => {
    const view = inside[index];
    if (view !== undefined) used.set(strategy.key, { strategy, view });
  });
  const hidden: FieldCatalogue[] = [];
  const rooms: Room[] = [{ view: whole, within: null, rename: (name) => name, around: [] }];
  for (let room = rooms.pop(); room !== undefined; room = rooms.pop()) {
    for (const step of room.view.steps) {
      hidden.push(ownFields(room, step));
      const inner = step.uses === null ? undefined : used.get(step.uses);
      if (inner === undefined || room.around.includes(inner.strategy.key)) continue;
      hidden.push(innerFields(room, step, inner.strategy));
      const { rename, around } = room;
      rooms.push({
        view: inner.view,
        within: titleOf(room, step),
        rename: (name) => rename(innerStepId(step.node.id, name)),
        around: [...around, inner.strategy.key],
      });
    }
  }
  const made = Object.assign({}, whole.fields, ...hidden) as FieldCatalogue;
  byPack.set(pack, made);
  return made;
}

/** Name of a step, after that of the step its strategy is used in. */
function titleOf({ within }: Room, { node, step }: StepView): LocalText {
  const name = (locale: (typeof LOCALES)[number]): string =>
    node.name === undefined ? (step?.definition.texts[locale].title ?? node.id) : inLocale(node.name, locale);
  return inBoth((locale) => (within === null ? name(locale) : `${inLocale(within, locale)} · ${name(locale)}`));
}

function inBoth(say: (locale: (typeof LOCALES)[number]) => string): LocalText {
  return Object.fromEntries(LOCALES.map((locale) => [locale, say(locale)]));
}

/** Variables of the strategy a step uses, as this use of it has them. */
function innerFields(room: Room, step: StepView, { variables }: SubStrategy): FieldCatalogue {
  const title = titleOf(room, step);
  const own = variables.filter(({ name }) => name !== STAGE_VARIABLE);
  return Object.fromEntries(
    own.map((variable) => {
      const { label } = variableField(variable);
      const name = room.rename(innerStepId(step.node.id, variable.name));
      const said = inBoth((locale) => `${inLocale(title, locale)} · ${inLocale(label, locale)}`);
      return [variableFact(name), variableField({ ...variable, name, label: said })];
    }),
  );
}

/**
 * Variables a step reckons with while an account stands on it; none where the step is not complete. Only step types that name
 * such variables are looked into: checking a table of two thousand rows takes seconds.
 */
function ownFields(room: Room, step: StepView): FieldCatalogue {
  if (step.step?.definition.texts["zh-CN"].variables === undefined) return {};
  const compiled = compiledStep(room.view, step);
  if (compiled === null || compiled.kind !== "compound") return {};
  const prefix = innerStepId(step.node.id, "");
  const title = titleOf(room, step);
  const assigned = specsOf(compiled).flatMap((spec) => (spec.kind === "set" ? spec.assign : []));
  const own = assigned.filter(({ variable }) => variable.startsWith(prefix));
  return Object.fromEntries(
    own.map(({ variable, type }) => {
      const plain = variable.slice(prefix.length);
      const said = inBoth((locale) => {
        const names = step.step?.definition.texts[locale].variables ?? {};
        return `${inLocale(title, locale)} · ${(Object.hasOwn(names, plain) ? names[plain] : undefined) ?? plain}`;
      });
      const name = room.rename(variable);
      return [variableFact(name), variableField({ name, type, label: said, initial: null })];
    }),
  );
}
