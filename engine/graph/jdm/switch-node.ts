import type { Environment } from "./environment";
import { resolverOf } from "./environment";
import { parseExpression } from "./expression";
import type { JdmNodeOf } from "./shape";
import { type Cond, isKnown, sidesOf } from "./sides";
import { attempted, drawStep, type JdmPlace, type Loose, type Making, plain, refuseNode } from "./steps";

type SwitchNode = JdmNodeOf<"switchNode">;

/** Statement -> the way on that is taken when it is the first to hold. */
export type SwitchWays = ReadonlyMap<string, readonly Loose[]>;

/** A switch as a table that chooses a way on. Null when it was refused. */
export function switchStep(
  node: SwitchNode,
  at: { readonly place: JdmPlace; readonly loose: readonly Loose[]; readonly environment: Environment },
  making: Making,
): SwitchWays | null {
  const { place, loose, environment } = at;
  const { statements, hitPolicy } = node.content;
  const refusedBefore = making.refused.length;
  if (hitPolicy === "collect") refuseNode(making, place, "jdm.switch-collect");
  // Without one that always holds ZEN may end with nothing at all.
  if (!statements.some(({ condition }) => condition === "")) refuseNode(making, place, "jdm.switch-without-default");
  const conditions = statements.map(({ condition }, index): Cond | null => {
    if (condition === "") return true;
    const where = { ...place, path: `${place.path}.content.statements[${index}]`, row: index + 1 };
    return attempted(
      making,
      where,
      () => sidesOf(parseExpression(condition), resolverOf(environment, making.names)).yes,
    );
  });
  if (making.refused.length > refusedBefore) return null;
  const taken = statements.flatMap(({ id }, index) => {
    const when = conditions[index];
    return when === null || when === undefined || when === false ? [] : [{ id, when, way: `way-${index + 1}` }];
  });
  const always = { any: [isKnown("dpd", true), isKnown("dpd", false)] };
  const table = {
    inputs: [{ id: "when", fact: null, unknown: "ask" }],
    outputs: [{ id: "way", kind: "handle" }],
    ways: taken.map(({ way }) => ({ id: way })),
    rows: taken.map(({ when, way }, index) => ({
      id: `r${index + 1}`,
      cells: { when: when === true ? always : when },
      outputs: { way: { way } },
    })),
  };
  const data = { hitPolicy: "first", otherwiseExpected: true, table: plain(table) };
  const step = drawStep(making, { type: "table", name: node.name, data }, loose);
  // `otherwise` and `unknown` are never taken, because one row always holds; they lead where the last way does.
  const last = taken.at(-1);
  return new Map(
    taken.map(({ id, way }) => {
      const ways = [{ node: step, handle: way }];
      const idle = ["otherwise", "unknown"].map((handle) => ({ node: step, handle }));
      return [id, id === last?.id ? [...ways, ...idle] : ways] as const;
    }),
  );
}
