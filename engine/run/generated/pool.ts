import type { EnrollmentState } from "../../model/execution";
import { InvariantError } from "../../model/invariant";
import type { Program, ProgramStep } from "../../model/program";
import type { DecisionSite, EffectSite, Sites } from "./sink";
import { stepOrder } from "./step-order";

type Exit = NonNullable<EnrollmentState["exit"]>;

/**
 * Everything a generated source refers to. Nothing an author wrote ever stands in the source: texts, ids and whole parts of the
 * Program are reached through arrays, and the source holds their places.
 */
export type Pool = {
  readonly sites: Sites;
  readonly exits: Exit[];
  /** What the source's constants stand for. */
  readonly constants: unknown[];
  readonly decision: (site: DecisionSite) => number;
  readonly effect: (site: EffectSite) => number;
  readonly exit: (exit: Exit) => number;
  /** Place of a step, in the order of `stepOrder`. Throws InvariantError when the Program has no such step. */
  readonly node: (id: string) => number;
};

export function newPool(program: Pick<Program, "entry" | "steps">): Pool {
  const nodeIds = stepOrder(program);
  const nodes = new Map(nodeIds.map((id, place) => [id, place]));
  const sites: Sites = {
    nodeIds: [...nodeIds, ""],
    decisions: ["made"],
    effects: [{ form: "cancel" }, { form: "made" }],
  };
  const exits: Exit[] = [];
  return {
    sites,
    exits,
    constants: [],
    decision: (site) => sites.decisions.push(site) - 1,
    effect: (site) => sites.effects.push(site) - 1,
    exit: (exit) => exits.push(exit) - 1,
    node: (id) => {
      const place = nodes.get(id);
      if (place === undefined) throw new InvariantError("program.unknown-step", { node: id });
      return place;
    },
  };
}

/** Sites every pool has. */
export const MADE_DECISION = 0;
export const CANCEL_EFFECT = 0;
export const MADE_EFFECT = 1;

/** The constants one block of the source uses, by the names it uses. */
export type Block = {
  /** Name of a constant within the block. */
  readonly constant: (value: unknown) => string;
  /** Statement that goes before the block's other statements. */
  readonly declaration: () => string;
};

export function newBlock({ constants }: Pick<Pool, "constants">): Block {
  const names = new Map<unknown, string>();
  const declared: string[] = [];
  return {
    constant: (value) => {
      const known = names.get(value);
      if (known !== undefined) return known;
      const name = `K${declared.length}`;
      declared.push(`${name} = C[${constants.push(value) - 1}]`);
      names.set(value, name);
      return name;
    },
    declaration: () => (declared.length === 0 ? "" : `const ${declared.join(", ")};`),
  };
}

/** A number as the source writes it. Throws InvariantError on what is no finite number: nothing else may get into the source. */
export function numeral(value: unknown): string {
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new InvariantError("program.number", { value: String(value) });
  }
  return value < 0 ? `(${value})` : String(value);
}

/** A handle and the place of the step it leads to. */
export type Way = { readonly handle: string; readonly node: number };

/** A way of a step. Throws InvariantError on a handle that leads nowhere. */
export function wayOf(step: ProgramStep, handle: string, pool: Pool): Way {
  const target = Object.hasOwn(step.handles, handle) ? step.handles[handle] : undefined;
  if (target === undefined) throw new InvariantError("program.unwired-handle", { node: step.id, handle });
  return { handle, node: pool.node(target) };
}
