import fc from "fast-check";
import { migrateStepData, parseStepData } from "../../../graph/step-data";
import { hasErrors } from "../../../model/issue";
import type { JsonValue } from "../../../model/json";
import type { AnyNodeDefinition, FormField } from "../../../nodes/define";
import { WIDGETS } from "./widgets";
import type { World } from "./world";

/** A step as drawn, before it stands anywhere. `version` may be an older one: reading brings it up to date. */
export type StepDraft = {
  readonly definition: AnyNodeDefinition;
  readonly version: number;
  readonly data: { readonly [member: string]: JsonValue };
};

type Members = { readonly [path: string]: JsonValue };

/** Fields that another field hides are left out, but for forms that keep what was typed while another mode was tried. */
function shown(form: readonly FormField[], drawn: Members, keepsAll: boolean): Members {
  return Object.fromEntries(
    form.flatMap(({ path, shownWhen }) => {
      const value = drawn[path];
      const hidden = shownWhen !== undefined && !shownWhen.equals.includes(String(drawn[shownWhen.path]));
      return value === undefined || (hidden && !keepsAll) ? [] : [[path, value]];
    }),
  );
}

const NUMBERS: readonly FormField["widget"][] = ["integer", "duration-minutes", "number", "percent", "amount"];

/** The numbers a step has when it is dropped on the canvas: they make sense together, and many an author leaves them. */
function usualNumbers({ form, initial }: AnyNodeDefinition): Members {
  const data = initial();
  return Object.fromEntries(
    form.flatMap(({ path, widget }) => {
      const value = NUMBERS.includes(widget) ? data[path] : undefined;
      return value === undefined ? [] : [[path, value]];
    }),
  );
}

/**
 * A step of a type with everything its form offers drawn, sensible or not: from the descriptor alone, so that a new type needs no
 * case here. Paths of forms are members of the data; one that reached deeper would be refused by the type's schema.
 */
export function anyDraft(definition: AnyNodeDefinition, world: World): fc.Arbitrary<StepDraft> {
  const { form, version } = definition;
  return fc
    .record({
      drawn: fc.record(Object.fromEntries(form.map((field) => [field.path, WIDGETS[field.widget](field, world)]))),
      leavesNumbers: fc.boolean(),
      keepsAll: fc.nat(9).map((drawn) => drawn === 9),
      age: fc.nat(3).map((drawn) => (drawn === 3 ? version - 1 : 0)),
    })
    .map(({ drawn, leavesNumbers, keepsAll, age }) => {
      const members = leavesNumbers ? { ...drawn, ...usualNumbers(definition) } : drawn;
      return { definition, version: version - age, data: shown(form, members, keepsAll) };
    });
}

/** Whether the step can be read and its type finds no error in it. */
export function isSound({ definition, version, data }: StepDraft, world: World): boolean {
  const migrated = migrateStepData(definition, version, data);
  const read = migrated === null ? null : parseStepData(definition, migrated);
  return read?.ok === true && !hasErrors(definition.lint(read.value, world.context));
}

/** A step of a type that lint lets pass where it is drawn. */
export function soundDraft(definition: AnyNodeDefinition, world: World): fc.Arbitrary<StepDraft> {
  return anyDraft(definition, world).filter((draft) => isSound(draft, world));
}
