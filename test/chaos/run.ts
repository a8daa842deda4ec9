import { checkAll } from "./check";
import { heal } from "./heal";
import { receivedIn } from "./history";
import type { Mutation } from "./mutations";
import { rage } from "./nemesis";
import { type ChaosOptions, type ChaosReport, reportOf } from "./report";
import { arrivals, decisionsIn, payNowAndThen, setScene } from "./scene";
import { LEASE_SECONDS, onStage, type Stage } from "./stage";
import { tooLittle } from "./vacuity";
import { watchOrphans } from "./watch";
import { installWitness } from "./witness";

/** A run that has not met what it must have met goes on for so many times its minutes. */
const PATIENCE = 5;
/** How often it is asked whether it has. */
const ASK_MS = 1000;
/** A worker whose clock is ten minutes wrong, each way, and one of an older build that knows the older format only. */
const WORKERS = [{ skewMs: 600_000 }, { skewMs: -600_000 }, {}, { formats: [1] }] as const;
const MINUTE_MS = 60_000;

/** One run: the scene, the rage, the healing, the checks. */
export function runChaos(options: ChaosOptions, mutation: Mutation | null = null): Promise<ChaosReport> {
  return onStage({ ...options, mutation }, (stage) => play(stage, options));
}

async function play({ database, cluster, start, said, history }: Stage, options: ChaosOptions): Promise<ChaosReport> {
  const { seed, minutes } = options;
  await installWitness(database.sql);
  const scene = await setScene(database, options.people);
  const paid = new Map<string, number>();
  const beside = [payNowAndThen({ database, people: scene.people, paid, seed }), arrivals(scene)];
  const watch = watchOrphans(database);
  const field = { seed, database, cluster, start, settings: WORKERS, leaseSeconds: LEASE_SECONDS };
  const looks = { tickedAtMs: () => said.tickedAtMs, progress: () => decisionsIn(database) };
  const sinceMs = performance.now();
  let askMs = sinceMs + minutes * MINUTE_MS;
  const nemesis = await rage({ ...field, ...looks }, ({ counts }) => {
    const nowMs = performance.now();
    if (nowMs < askMs) return false;
    askMs = nowMs + ASK_MS;
    const soFar = { nemesis: { counts }, said, minimum: options };
    return nowMs - sinceMs > minutes * MINUTE_MS * PATIENCE || tooLittle(soFar, receivedIn(history)).length === 0;
  });
  const ragedMs = performance.now() - sinceMs;
  await Promise.all(beside.map((one) => one.stop()));
  const orphans = await watch.stop();
  const healMs = await heal(database, start, seed);
  const breaches = await checkAll({ database, history, nemesis, said, paid, orphans, minimum: options });
  return reportOf({ options, database, history, nemesis, said, orphans, ragedMs, healMs, breaches });
}
