import type { AccountId, PartyId } from "../model/ids";
import type { Currency } from "../model/money";
import type { ContactPoint } from "../model/party";
import type { EpochMs } from "../model/time";

/** An account an agency was given, as far as its reports are held against it. */
export type KnownPlacement = {
  readonly batch: string;
  readonly line: number;
  readonly agency: string;
  readonly partyId: PartyId;
  readonly accountId: AccountId;
  readonly currency: Currency;
  readonly placedAtMs: EpochMs;
  /** When the agency was told to let go; null = it was not. */
  readonly recalledAtMs: EpochMs | null;
  /** When it came back; null = the agency still has it. */
  readonly endedAtMs: EpochMs | null;
  readonly contactPoints: readonly Pick<ContactPoint, "id" | "kind" | "address">[];
};

export const placementName = (batch: string, line: number): string => `${batch}:${line}`;
