import { MINUTE_MS } from "../model/time";
import type { PublishedVersion } from "../ports/program-store";
import { enrollAccounts, enrollmentIdOf } from "../runtime/enroll";
import { anAccount, aPhone, MONDAY_MORNING_MS } from "./builders";
import { type Answer, type LiveSettings, liveShell } from "./live-shell";
import { callingVersion, STRICT_MARKET } from "./live-story";
import { memoryStores } from "./memory-stores";

export const MONDAY = MONDAY_MORNING_MS;
export const ANN = anAccount("A-1");
export const ANNS_CAR = anAccount("A-2", { customerNo: "C-A-1" });
export const CALLING = callingVersion();

/** Everybody answers this. */
export const says =
  (outcome: string, delayMs = MINUTE_MS): Answer =>
  () => ({ outcome, delayMs });

/** A live run in memory: Ann with two loans, callingVersion published, nobody enrolled, nobody answering. */
export async function aLiveRun(changes: Partial<LiveSettings> & { readonly version?: PublishedVersion } = {}) {
  const stores = changes.stores ?? memoryStores();
  const { version = CALLING, ...settings } = changes;
  await stores.given.accounts([ANN, ANNS_CAR], [aPhone(ANN.partyId)]);
  await stores.given.version(version);
  const shell = liveShell({ stores, pack: STRICT_MARKET, fromMs: MONDAY, answer: says("NA"), ...settings });
  const enroll = (...accounts: readonly (typeof ANN)[]) =>
    enrollAccounts(shell.deps, { versionId: version.versionId, accountIds: accounts.map((one) => one.id) });
  const at = async (account = ANN) =>
    (await stores.look.enrollment(enrollmentIdOf(version.versionId, account.id)))?.state;
  const story = async (account = ANN) => {
    const decisions = await stores.look.decisions(enrollmentIdOf(version.versionId, account.id));
    return decisions.map((one) => `${one.nodeId}: ${one.code}${one.detail === null ? "" : ` ${one.detail}`}`);
  };
  return { stores, shell, enroll, at, story };
}
