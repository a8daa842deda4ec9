import { channelOf } from "../../channels";
import { CHANNELS, type Channel } from "../../model/content";
import type { PartyId } from "../../model/ids";
import { type Issue, issue } from "../../model/issue";
import { canonicalHash } from "../../model/json";
import type { Account, ContactPoint, ContactPointKind } from "../../model/party";
import { type ReadAddress, readAppId, readEmail, readPostalAddress } from "./addresses";
import type { ImportMapping } from "./mapping";
import { readPhone } from "./phone";
import type { RowValues } from "./read-row";

type ContactField = {
  readonly field: string;
  readonly kind: ContactPointKind;
  readonly rank: number;
  readonly read: (cell: string, market: ImportMapping["market"]) => ReadAddress;
};

/**
 * Fields that hold a way to reach the person, the first to be tried first. The person's own numbers only: a home or work line is
 * answered by others, whom the debt is none of (third-party disclosure).
 */
const CONTACT_FIELDS: readonly ContactField[] = [
  { field: "mobile", kind: "phone", rank: 1, read: readPhone },
  { field: "mobile_2", kind: "phone", rank: 2, read: readPhone },
  { field: "email", kind: "email", rank: 1, read: readEmail },
  { field: "app_user_id", kind: "app", rank: 1, read: readAppId },
  { field: "address", kind: "address", rank: 1, read: readPostalAddress },
];
/** Fields whose only place is the contact book. A postal address is the account's as well: it says which court is near. */
export const CONTACT_BOOK_FIELDS: readonly string[] = CONTACT_FIELDS.filter(({ kind }) => kind !== "address").map(
  ({ field }) => field,
);
const SIMULATED_DIGITS = 10;

type Consent = ContactPoint["consent"];

/** Contact points of a file, one per person and address. */
export type ContactBook = {
  readonly add: (account: Account, values: RowValues, line: number) => readonly Issue[];
  readonly points: () => readonly ContactPoint[];
};

/**
 * The addresses a file holds. Problems come back as issues: `intake.precision-lost` rejects the row; `intake.phone-invalid`,
 * `intake.phone-masked`, `intake.address-invalid` and `intake.address-masked` are warnings, because the account is good and only
 * nobody will be reached there.
 */
export function bookOfFile(market: ImportMapping["market"]): ContactBook {
  const points = new Map<string, ContactPoint>();
  return {
    add: (account, values, line) => {
      const issues: Issue[] = [];
      const consents = consentIn(values);
      for (const { field, kind, rank, read } of CONTACT_FIELDS) {
        const cell = values.get(field);
        if (typeof cell !== "string") continue;
        const found = read(cell, market);
        if (found.kind === "precision-lost") {
          issues.push(issue("intake.precision-lost", { line, path: field }, { column: "", field, value: "***" }));
          continue;
        }
        const { address, status } = found;
        if (status !== "valid") issues.push(unreachable(kind, status, { field, line }));
        const id = contactPointIdOf(account.partyId, kind, address);
        const known = points.get(id);
        const consent = cautious(known?.consent ?? {}, consentFor(kind, consents));
        const first = Math.min(rank, known?.rank ?? rank);
        points.set(id, {
          id,
          partyId: account.partyId,
          kind,
          rank: first,
          address,
          simulated: false,
          status,
          consent,
        });
      }
      return issues;
    },
    points: () => [...points.values()],
  };
}

function unreachable(
  kind: ContactPointKind,
  status: "invalid" | "masked",
  { field, line }: { readonly field: string; readonly line: number },
): Issue {
  const code = `intake.${kind === "phone" ? "phone" : "address"}-${status}`;
  return issue(code, { line, path: field, severity: "warning" }, { field });
}

/**
 * Simulated contact points, of every kind one per person: addresses no network has, reachable by simulated providers only, with
 * consent for every channel so that a strategy can be tried on a file that holds none. Whatever the file does hold is left out.
 */
export function simulatedBook(): ContactBook {
  const points = new Map<PartyId, readonly ContactPoint[]>();
  return {
    add: (account) => {
      if (!points.has(account.partyId)) points.set(account.partyId, simulatedContactPoints(account.partyId));
      return [];
    },
    points: () => [...points.values()].flat(),
  };
}

/** One of every kind. */
function simulatedContactPoints(partyId: PartyId): readonly ContactPoint[] {
  return (["phone", "email", "app", "address"] as const).map((kind) => simulatedContactPoint(partyId, { kind }));
}

/** A simulated contact point of a person; the same person always gets the same. */
export function simulatedContactPoint(
  partyId: PartyId,
  { kind, rank = 1 }: { readonly kind: ContactPointKind; readonly rank?: number },
): ContactPoint {
  // The first phone was once the only point a person had, and is still what it was.
  const named = kind === "phone" && rank === 1 ? partyId : [partyId, kind, rank];
  const digits = BigInt(`0x${canonicalHash(named).slice(0, 16)}`)
    .toString()
    .slice(-SIMULATED_DIGITS);
  const address = `sim:${digits.padStart(SIMULATED_DIGITS, "0")}`;
  return {
    id: contactPointIdOf(partyId, kind, address),
    partyId,
    kind,
    rank,
    address,
    simulated: true,
    status: "valid",
    consent: Object.fromEntries(channelsOf(kind).map((channel) => [channel, "granted" as const])),
  };
}

/** Channels that reach contact points of a kind. */
export function channelsOf(kind: ContactPointKind): readonly Channel[] {
  return CHANNELS.filter((channel) => channelOf(channel).contactPoint === kind);
}

function contactPointIdOf(partyId: PartyId, kind: ContactPointKind, address: string): ContactPoint["id"] {
  return `cp_${canonicalHash([partyId, kind, address]).slice(0, 24)}`;
}

function consentIn(values: RowValues): Consent {
  const consent: { [channel in Channel]?: "granted" | "refused" } = {};
  for (const channel of CHANNELS) {
    const said = values.get(`consent_${channel}`);
    if (typeof said === "boolean") consent[channel] = said ? "granted" : "refused";
  }
  return consent;
}

/** What was said of the channels that reach a kind of contact point. */
function consentFor(kind: ContactPointKind, consents: Consent): Consent {
  const consent: { [channel in Channel]?: "granted" | "refused" } = {};
  for (const channel of channelsOf(kind)) {
    const said = consents[channel];
    if (said !== undefined) consent[channel] = said;
  }
  return consent;
}

/** Two rows of one person that say different things: a refusal counts. */
function cautious(known: Consent, found: Consent): Consent {
  const consent: { [channel in Channel]?: "granted" | "refused" } = { ...known };
  for (const channel of CHANNELS) {
    const said = found[channel];
    if (said !== undefined && consent[channel] !== "refused") consent[channel] = said;
  }
  return consent;
}
