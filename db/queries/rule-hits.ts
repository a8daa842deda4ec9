import type { DecisionCode } from "#engine/model/execution";
import type { StrategyVersionId } from "#engine/model/ids";
import type { Connection } from "../client";

/** Decisions whose detail is the rule, or the rules, that held. */
const DECIDED: readonly DecisionCode[] = ["rule-holds", "collected"];

/** How often each rule of a step of a version has held, by its id; rules that never did are missing. One pass over the version's log. */
export async function ruleHits(
  connection: Connection,
  { versionId, nodeId }: { readonly versionId: StrategyVersionId; readonly nodeId: string },
): Promise<{ readonly [rule: string]: number }> {
  const rows = await connection<{ rule: string; hits: number }[]>`
    select rule, count(*)::int as hits from decision d
    join enrollment e on e.party_id = d.party_id and e.id = d.enrollment_id
    cross join lateral unnest(string_to_array(d.detail, ',')) as rule
    where e.version_id = ${versionId} and d.node_id = ${nodeId} and d.code in ${connection([...DECIDED])}
    group by rule`;
  return Object.fromEntries(rows.map(({ rule, hits }) => [rule, hits]));
}
