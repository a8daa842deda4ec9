import type { Channel } from "../../model/content";
import type { PartyId } from "../../model/ids";
import { type Issue, issue } from "../../model/issue";
import { canonicalHash } from "../../model/json";
import type { Account, ContactPoint } from "../../model/party";
import type { ImportMapping } from "./mapping";
import { readPhone } from "./phone";
import type { RowValues } from "./read-row";

/** The person's own numbers. A home or work line is answered by others, whom the debt is none of (third-party disclosure). */
export const PHONE_FIELDS: readonly string[] = ["mobile", "mobile_2"];
const CONSENT_FIELDS: readonly (readonly [field: string, channel: Channel])[] = [
  ["consent_sms", "sms"],
  ["consent_robot", "robot"],
];
const SIMULATED_DIGITS = 10;

type Consent = ContactPoint["consent"];

/** Contact points of a file, one per person and number. */
export type ContactBook = {
  readonly add: (account: Account, values: RowValues, line: number) => readonly Issue[];
  readonly points: () => readonly ContactPoint[];
};

/**
 * The numbers a file holds. Problems come back as issues: `intake.precision-lost` rejects the row, `intake.phone-invalid` and
 * `intake.phone-masked` are warnings, because the account is good and only nobody will be called.
 */
export function bookOfFile(market: ImportMapping["market"]): ContactBook {
  const points = new Map<string, ContactPoint>();
  return {
    add: (account, values, line) => {
      const issues: Issue[] = [];
      for (const field of PHONE_FIELDS) {
        const cell = values.get(field);
        if (typeof cell !== "string") continue;
        const read = readPhone(cell, market);
        if (read.kind === "precision-lost") {
          issues.push(issue("intake.precision-lost", { line, path: field }, { column: "", field, value: "***" }));
          continue;
        }
        if (read.status !== "valid") {
          const code = read.status === "masked" ? "intake.phone-masked" : "intake.phone-invalid";
          issues.push(issue(code, { line, path: field, severity: "warning" }, { field }));
        }
        const id = contactPointIdOf(account.partyId, read.address);
        const consent = cautious(points.get(id)?.consent ?? {}, consentIn(values));
        points.set(id, {
          id,
          partyId: account.partyId,
          kind: "phone",
          address: read.address,
          simulated: false,
          status: read.status,
          consent,
        });
      }
      return issues;
    },
    points: () => [...points.values()],
  };
}

/**
 * One simulated number per person: digits no network has, reachable by simulated providers only, with consent for every channel
 * so that a strategy can be tried on a file that holds none. Whatever numbers the file does hold are left out.
 */
export function simulatedBook(): ContactBook {
  const points = new Map<PartyId, ContactPoint>();
  return {
    add: (account) => {
      if (!points.has(account.partyId)) points.set(account.partyId, simulatedContactPoint(account.partyId));
      return [];
    },
    points: () => [...points.values()],
  };
}

/** The simulated number of a person; the same person always gets the same. */
export function simulatedContactPoint(partyId: PartyId): ContactPoint {
  const digits = BigInt(`0x${canonicalHash(partyId).slice(0, 16)}`)
    .toString()
    .slice(-SIMULATED_DIGITS);
  const address = `sim:${digits.padStart(SIMULATED_DIGITS, "0")}`;
  return {
    id: contactPointIdOf(partyId, address),
    partyId,
    kind: "phone",
    address,
    simulated: true,
    status: "valid",
    consent: { sms: "granted", robot: "granted" },
  };
}

function contactPointIdOf(partyId: PartyId, address: string): ContactPoint["id"] {
  return `cp_${canonicalHash([partyId, address]).slice(0, 24)}`;
}

function consentIn(values: RowValues): Consent {
  const consent: { [channel in Channel]?: "granted" | "refused" } = {};
  for (const [field, channel] of CONSENT_FIELDS) {
    const said = values.get(field);
    if (typeof said === "boolean") consent[channel] = said ? "granted" : "refused";
  }
  return consent;
}

/** Two rows of one person that say different things: a refusal counts. */
function cautious(known: Consent, found: Consent): Consent {
  const consent: { [channel in Channel]?: "granted" | "refused" } = { ...known };
  for (const [, channel] of CONSENT_FIELDS) {
    const said = found[channel];
    if (said !== undefined && consent[channel] !== "refused") consent[channel] = said;
  }
  return consent;
}
