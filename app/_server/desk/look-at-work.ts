import type { Database } from "#db";
import { readClock } from "#db/queries/clock";
import { openWorkOf } from "#db/queries/desk";
import { requestByKey } from "#db/stores/outbox-store";
import { programStore } from "#db/stores/program-store";
import { channelOf } from "#engine/channels/index";
import { localeOf } from "#engine/contact/locale-of";
import { houseDesk } from "#engine/desk/house-desk";
import type { FactValue } from "#engine/model/facts";
import type { PolicyReason } from "#engine/model/policy";
import type { EpochMs } from "#engine/model/time";
import type { ReadyIntent } from "#engine/ports/outbox";
import { endingsOf } from "#engine/runtime/end-work";
import { factsAt } from "#engine/runtime/facts-at";
import { passGate, visitOf } from "#engine/runtime/gate";
import { type LinkedVersions, linkedVersions } from "#engine/runtime/linked-versions";
import { packOf } from "../compose-packs";
import { AppError } from "../errors";
import { readHouse } from "../house";

/** Versions linked by this process: a published one never changes. */
const kept = new WeakMap<Database, LinkedVersions>();

function versionsOf(database: Database): LinkedVersions {
  const known = kept.get(database) ?? linkedVersions(programStore(database));
  kept.set(database, known);
  return known;
}

/** May it be done at this moment? `allowed` with what is to be said; else why not, and when again where that is known. */
export type NowAllowed =
  | { readonly kind: "allowed"; readonly script: string | null; readonly warnings: readonly PolicyReason[] }
  | { readonly kind: "later"; readonly untilMs: EpochMs; readonly reasons: readonly PolicyReason[] }
  | { readonly kind: "refused"; readonly reasons: readonly PolicyReason[] };

export type WorkAtHand = {
  readonly key: string;
  readonly endings: readonly string[];
  /** What those who do a task are told; empty for a contact. */
  readonly details: { readonly [name: string]: FactValue };
  readonly contactPoint: string | null;
  readonly now: NowAllowed;
};

/**
 * One piece of work as it stands now. A contact was let through when it was asked for; people make it hours later, so the gate is
 * asked once more, without counting this contact against itself. Refusals: `desk.not-open`.
 */
export async function lookAtWork(database: Database, key: string): Promise<WorkAtHand> {
  const { sql } = database;
  const { nowMs } = await readClock(sql);
  const [line, ready] = [await openWorkOf(sql, key, nowMs), await requestByKey(sql, key, nowMs)];
  if (line === null || ready === null) throw new AppError("not-found", "desk.not-open", { params: { key } });
  const { intent } = ready;
  if (intent.kind === "task") {
    const now = { kind: "allowed", script: null, warnings: [] } as const;
    return { key, endings: endingsOf({ intent }), details: intent.details, contactPoint: null, now };
  }
  if (intent.kind !== "contact") throw new AppError("not-found", "desk.not-open", { params: { key } });
  const asked = await askAgain(database, ready, nowMs);
  return { key, endings: endingsOf({ intent }), details: {}, ...asked };
}

async function askAgain(database: Database, ready: ReadyIntent, nowMs: EpochMs) {
  const { intent, party } = ready;
  const version = await versionsOf(database).linked(ready.versionId);
  if (version === null || intent.kind !== "contact") throw new AppError("not-found", "desk.not-open");
  const pack = packOf(version.program.settings.market);
  // This contact has its place under the caps already. Attempts of one visit follow each other, so the last one is it.
  const own = party.history.findLast(({ visit }) => visit === visitOf(ready));
  const others = { ...party, history: party.history.filter((contact) => contact !== own) };
  const { decision, outgoing } = passGate({ ...ready, party: others }, intent, {
    ...{ version, pack, nowMs, house: readHouse(), locale: localeOf(version.program.settings.market) },
    facts: factsAt(ready, { version, pack, nowMs }),
    channelPort: (channel) => (channelOf(channel).byPeople ? houseDesk(channel) : null),
  });
  const contactPoint = outgoing?.to.address ?? null;
  const { reasons } = decision;
  if (outgoing !== null) {
    return { contactPoint, now: { kind: "allowed", script: outgoing.message.text, warnings: reasons } as const };
  }
  if (decision.kind === "defer") {
    return { contactPoint, now: { kind: "later", untilMs: decision.untilMs, reasons } as const };
  }
  return { contactPoint, now: { kind: "refused", reasons } as const };
}
