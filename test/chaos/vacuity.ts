import { CRASH_POINTS, PROVIDER_FAULTS } from "./faults";
import type { Received } from "./history";
import type { Said } from "./house";
import type { Nemesis } from "./nemesis";
import { type Minimum, workerKills } from "./report";

export type Happened = {
  readonly nemesis: Pick<Nemesis, "counts">;
  readonly said: Said;
  readonly minimum: Minimum;
};

/** Contacts that reached somebody, least. */
const REACHED_MIN = 100;

/** A run in which little happened proves little. */
export function tooLittle({ nemesis, said, minimum }: Happened, received: readonly Received[]): readonly string[] {
  const { counts } = nemesis;
  const missing = CRASH_POINTS.filter((point) => (said.crashes[point] ?? 0) === 0).map(
    (point) => `never died ${point}`,
  );
  const faults = new Set(received.map(({ fault }) => fault));
  const unseen = PROVIDER_FAULTS.filter((fault) => !faults.has(fault)).map((fault) => `no provider fault ${fault}`);
  const few: readonly (readonly [string, number, number])[] = [
    ["worker kills", workerKills(nemesis, said), minimum.kills],
    ["terminations", counts.terminations, minimum.terminations],
    ["contacts that reached somebody", received.filter(({ reached }) => reached).length, REACHED_MIN],
    ["sigstops", counts.sigstops, 1],
    ["pauses", counts.pauses, 1],
    ["stops of the database", counts.databaseStops, 1],
  ];
  const short = few.flatMap(([name, found, least]) => (found < least ? [`${name} ${found} < ${least}`] : []));
  return [...missing, ...unseen, ...short];
}
