import type { Decision, EnrollmentState } from "../model/execution";
import type { ReleaseChoices } from "../model/hold-release";
import type { PartyId } from "../model/ids";
import type { Account, ContactPoint } from "../model/party";
import type { ContactRecord, Hold } from "../model/policy";
import type { CallbackStore } from "../ports/callbacks";
import type { DebtorStore } from "../ports/debtor-store";
import type { EnrollmentStore } from "../ports/enrollment-store";
import type { Inbox } from "../ports/inbox";
import type { Migrations } from "../ports/migrations";
import type { IntentState, Outbox } from "../ports/outbox";
import type { ProgramStore, PublishedVersion } from "../ports/program-store";
import type { Stops } from "../ports/stops";

/** One implementation of the live shell's ports, with the back door a test needs: to set the scene and to look afterwards. */
export type StoresUnderTest = {
  readonly enrollments: EnrollmentStore;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly callbacks: CallbackStore;
  readonly debtors: DebtorStore;
  readonly programs: ProgramStore;
  readonly stops: Stops;
  readonly migrations: Migrations;
  readonly given: {
    accounts(accounts: readonly Account[], contactPoints?: readonly ContactPoint[]): Promise<void>;
    version(version: PublishedVersion): Promise<void>;
    paused(strategyId: string, paused: boolean): Promise<void>;
    hold(partyId: string, hold: Hold & { readonly id: string }): Promise<void>;
    endHold(id: string, untilMs: number, choices?: ReleaseChoices): Promise<void>;
    /** An agency reports a contact with the party. */
    outside(partyId: PartyId, contact: ContactRecord & { readonly id: string }): Promise<void>;
    /** The worker that was sending these died long ago. */
    deadSender(): Promise<void>;
    /** Events that could not be placed are looked at again. */
    callbacksDue(): Promise<void>;
  };
  readonly look: {
    enrollment(id: string): Promise<{ readonly state: EnrollmentState; readonly fence: number } | null>;
    decisions(enrollmentId: string): Promise<readonly (Decision & { readonly ordinal: number })[]>;
    intents(): Promise<
      readonly {
        readonly key: string;
        readonly state: IntentState;
        readonly notAfterMs: number;
      }[]
    >;
    /** Requests that wait for people, and the instant by which they should be done. */
    desks(): Promise<readonly { readonly key: string; readonly dueAtMs: number }[]>;
    sends(): Promise<readonly { readonly key: string; readonly unclear: number; readonly costMinor: number }[]>;
    contactPoints(): Promise<readonly Pick<ContactPoint, "id" | "status">[]>;
    attempts(): Promise<
      readonly {
        readonly intentKey: string;
        readonly outcome: string | null;
        readonly conversed: boolean;
        readonly atMs: number;
      }[]
    >;
    inbox(): Promise<readonly { readonly dedupeKey: string; readonly status: string; readonly error: string | null }[]>;
    holds(): Promise<
      readonly {
        readonly id: string;
        readonly kind: string;
        readonly fromMs: number;
        readonly untilMs: number | null;
      }[]
    >;
    promises(): Promise<
      readonly { readonly id: string; readonly result: string | null; readonly closedAtMs: number | null }[]
    >;
    payments(): Promise<readonly { readonly id: string; readonly amountMinor: number }[]>;
  };
  close(): Promise<void>;
};
