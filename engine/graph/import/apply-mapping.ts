import { z } from "zod";
import { type FactType, LenderFieldSchema } from "../../model/facts";
import { type Issue, issue } from "../../model/issue";
import { err, ok, type Result } from "../../model/result";
import { STRATEGY_LIMITS, type StrategyDoc } from "../../model/strategy";
import { StrategyVariableSchema } from "../../model/variable";
import { withNames } from "../references/references";
import { REFERENCE_KINDS, type ReferenceKind } from "../references/step-references";
import { type ImportWorld, missingReferences } from "./missing";

/** Most things a mapping speaks of; a document names fewer kinds of things than it has steps. */
const MAPPED_MAX = 2000;

/** What is done about one thing that is not here: another one here in its place, or one made in the document. Not listed = it stays, and is a problem to be seen. */
export const ImportMappingSchema = z
  .array(
    z.strictObject({
      kind: z.enum(REFERENCE_KINDS),
      name: z.string().min(1).max(120),
      to: z.union([z.string().min(1).max(120), z.strictObject({ create: z.literal(true) })]),
    }),
  )
  .max(MAPPED_MAX);
export type ImportMapping = z.output<typeof ImportMappingSchema>;

/**
 * The document with what was missing put right. Refused with `strategy.mapping-unknown` where a mapping speaks of what is not
 * missing, `strategy.mapping-target` where it leads to what is not here either, `strategy.mapping-create` where nothing can be made.
 */
export function applyMapping(
  doc: StrategyDoc,
  mapping: ImportMapping,
  world: ImportWorld,
): Result<StrategyDoc, readonly Issue[]> {
  const missing = new Map(missingReferences(doc, world).map((found) => [`${found.kind} ${found.name}`, found]));
  const targets = new Map<string, string>();
  const problems: Issue[] = [];
  let made = doc;
  for (const { kind, name, to } of mapping) {
    const found = missing.get(`${kind} ${name}`);
    if (found === undefined) problems.push(issue("strategy.mapping-unknown", {}, { kind, name }));
    else if (typeof to === "string") targets.set(`${kind} ${name}`, to);
    else if (!found.canCreate) problems.push(issue("strategy.mapping-create", {}, { kind, name }));
    else made = withNew(made, kind, name);
  }
  if (problems.length > 0) return err(problems);
  const renamed = withNames(made, ({ kind, name }) => targets.get(`${kind} ${name}`) ?? name);
  const left = new Set(missingReferences(renamed, world).map(({ kind, name }) => `${kind} ${name}`));
  const astray = mapping.filter(({ kind, to }) => typeof to === "string" && left.has(`${kind} ${to}`));
  if (astray.length > 0) {
    return err(
      astray.map(({ kind, name, to }) => issue("strategy.mapping-target", {}, { kind, name, to: String(to) })),
    );
  }
  return ok(renamed);
}

/** A variable, or a field of the lender's files, of the type its conditions compare it as. */
function withNew(doc: StrategyDoc, kind: ReferenceKind, name: string): StrategyDoc {
  const { settings } = doc;
  if (kind === "variable") {
    if (settings.variables.length >= STRATEGY_LIMITS.variables) return doc;
    const variable = StrategyVariableSchema.parse({ name, type: comparedAs(doc, `var.${name}`), initial: null });
    return { ...doc, settings: { ...settings, variables: [...settings.variables, variable] } };
  }
  if (settings.fields.length >= STRATEGY_LIMITS.fields) return doc;
  const label = name.slice(name.indexOf(".") + 1);
  const field = LenderFieldSchema.parse({
    key: name,
    type: comparedAs(doc, name),
    label: { "zh-CN": label, en: label },
    origin: "column",
    usableInRules: true,
  });
  return { ...doc, settings: { ...settings, fields: [...settings.fields, field] } };
}

/** The type of the values a fact is compared with: numbers, yes or no, days; else text. */
function comparedAs(doc: StrategyDoc, fact: string): FactType {
  const values: unknown[] = [];
  const look = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) look(one);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return;
    if ("fact" in value && value.fact === fact && "value" in value && "operator" in value) {
      if (value.operator !== "isKnown") values.push(...[value.value].flat());
    }
    for (const inner of Object.values(value)) look(inner);
  };
  look([doc.nodes, doc.strategies, doc.settings.exits]);
  if (values.length === 0) return "text";
  if (values.every((value) => typeof value === "number")) return "number";
  if (values.every((value) => typeof value === "boolean")) return "boolean";
  return values.every((value) => typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value)) ? "date" : "text";
}
