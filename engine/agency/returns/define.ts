import { z } from "zod";
import type { Channel } from "../../model/content";
import type { AccountId, ContactPointId, PartyId } from "../../model/ids";
import { type Issue, issue } from "../../model/issue";
import type { MarketPack, PartyRole } from "../../model/market-pack";
import type { HoldKind, RecordedConsent } from "../../model/policy";
import { type EpochMs, parseInstant } from "../../model/time";
import { BatchIdSchema } from "../manifest";
import type { KnownPlacement } from "../placement";

/** How a placement may end at the agency. */
export const PLACEMENT_ENDINGS = ["recalled", "returned", "refused"] as const;
export type PlacementEnding = (typeof PLACEMENT_ENDINGS)[number];

/** What one good line changes. */
export type ReturnChange =
  | {
      readonly kind: "contact";
      readonly partyId: PartyId;
      readonly accountId: AccountId;
      /** Null = not said, or no number of ours: it counts for every number of the party. */
      readonly contactPointId: ContactPointId | null;
      readonly channel: Channel;
      readonly role: PartyRole;
      readonly atMs: EpochMs;
      readonly outcome: string | null;
      readonly connected: boolean;
      readonly conversed: boolean;
      /** Hold the result brings, as it would after a contact of our own. */
      readonly hold: HoldKind | null;
    }
  | {
      readonly kind: "payment";
      readonly placement: KnownPlacement;
      readonly atMs: EpochMs;
      readonly amountMinor: number;
      readonly reversed: boolean;
    }
  | {
      readonly kind: "ending";
      readonly placement: KnownPlacement;
      readonly ending: PlacementEnding;
      readonly atMs: EpochMs;
    }
  | { readonly kind: "consent"; readonly partyId: PartyId; readonly consent: RecordedConsent };

export type LineContext = {
  readonly placement: KnownPlacement;
  readonly nowMs: EpochMs;
  readonly market: MarketPack["market"];
  /** Rules a consent may name. */
  readonly rules: ReadonlySet<string>;
};
/** What is made of a line: a change with remarks, or the reasons why there is none (an issue of severity `error`). */
export type LineVerdict = { readonly change: ReturnChange | null; readonly issues: readonly Issue[] };

/** One sort of return: its columns, how a line is read and what it means. A new one is a file here and a line in `index.ts`. */
export type ReturnDefinition<TRow> = {
  readonly columns: { readonly required: readonly string[]; readonly optional: readonly string[] };
  readonly row: z.ZodType<TRow>;
  readonly judge: (row: TRow, context: LineContext) => LineVerdict;
};

/** Longest name an agency may give a line. */
const REF_MAX = 80;
const LINE_DIGITS_MAX = 6;
const refused = (code: string, path: string): LineVerdict => ({ change: null, issues: [issue(code, { path })] });

/** Columns every return has: the agency's own name of the line, once for good, and the placement it speaks of. */
export const BASE_COLUMNS = ["ref", "placement_batch", "placement_line"] as const;
export const BaseRowSchema = z.object({
  ref: z
    .string()
    .min(1)
    .max(REF_MAX)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
    .regex(/^[^\u0000-\u001f\ud800-\udfff]*$/),
  placement_batch: BatchIdSchema,
  placement_line: z
    .string()
    .regex(/^[1-9]\d*$/)
    .max(LINE_DIGITS_MAX)
    .transform(Number),
});

export const InstantCellSchema = z.string().transform((text, context): EpochMs => {
  const atMs = parseInstant(text);
  if (atMs !== null) return atMs;
  context.addIssue({ code: "custom" });
  return z.NEVER;
});
/** Written out, so that nobody's `0` or `N` is guessed at. */
export const YesNoSchema = z.enum(["yes", "no"]).transform((word) => word === "yes");

type AnyReturnDefinition = Pick<ReturnDefinition<never>, "columns"> & {
  readonly judge: (cells: { readonly [column: string]: string }, context: LineContext) => LineVerdict;
};

/** A definition that reads a line's cells by its schema first; a cell that cannot be read is `agency.cell-unreadable`. */
export function defineReturn<TRow>({ columns, row, judge }: ReturnDefinition<TRow>): AnyReturnDefinition {
  return {
    columns,
    judge: (cells, context) => {
      const read = row.safeParse(cells);
      if (read.success) return judge(read.data, context);
      const column = String(read.error.issues[0]?.path[0] ?? "");
      return { change: null, issues: [issue("agency.cell-unreadable", { path: column }, { column })] };
    },
  };
}

/** What cannot have happened yet did not happen. */
export function inTheFuture(atMs: EpochMs, nowMs: EpochMs): LineVerdict | null {
  return atMs > nowMs ? refused("agency.at-future", "at") : null;
}

export { refused };
