import { z } from "zod";
import { channelOf } from "../../channels";
import { CHANNELS } from "../../model/content";
import { type Issue, issue } from "../../model/issue";
import { PARTY_ROLES } from "../../model/market-pack";
import { readPhone } from "../../portfolio/intake/phone";
import type { KnownPlacement } from "../placement";
import {
  BASE_COLUMNS,
  BaseRowSchema,
  defineReturn,
  InstantCellSchema,
  inTheFuture,
  type LineContext,
  refused,
  YesNoSchema,
} from "./define";

const RowSchema = BaseRowSchema.extend({
  at: InstantCellSchema,
  channel: z.enum(CHANNELS),
  /** Number or address that was tried; empty = not said. */
  number: z.string().max(200).default(""),
  connected: YesNoSchema,
  conversed: YesNoSchema,
  /** The channel's own code (`PTP`, `RPC`, `TP` …); empty = not said. */
  result: z.string().max(40).default(""),
  /** Who was contacted; empty = the debtor. */
  role: z.union([z.enum(PARTY_ROLES), z.literal("").transform(() => "self" as const)]).default("self"),
  /** Who made it, by the agency's own name; read by nobody here. */
  agent: z.string().max(80).default(""),
});

/**
 * Contacts an agency made. Laws count them together with our own, so a contact counts even where something about it is odd: what
 * is not known of it counts for more, never for less, and the remark says so.
 */
export const activity = defineReturn({
  columns: {
    required: [...BASE_COLUMNS, "at", "channel", "connected", "conversed"],
    optional: ["number", "result", "role", "agent"],
  },
  row: RowSchema,
  judge: (row, context) => {
    const { placement, nowMs } = context;
    const { at: atMs, channel, role } = row;
    const future = inTheFuture(atMs, nowMs);
    if (future !== null) return future;
    if (row.conversed && !row.connected) return refused("agency.conversed-unconnected", "conversed");
    const { outcomes } = channelOf(channel);
    const known = Object.hasOwn(outcomes, row.result) ? outcomes[row.result] : undefined;
    const contactPointId = pointOf(row.number, channelOf(channel).contactPoint, context);
    const issues: Issue[] = [
      ...(row.result !== "" && known === undefined ? [remark("agency.result-unknown", "result")] : []),
      ...(row.number !== "" && contactPointId === null ? [remark("agency.number-unknown", "number")] : []),
      ...(isAfterEnd(placement, atMs) ? [remark("agency.contact-after-end", "at")] : []),
    ];
    return {
      change: {
        kind: "contact",
        partyId: placement.partyId,
        accountId: placement.accountId,
        contactPointId,
        channel,
        role,
        atMs,
        outcome: known === undefined ? null : row.result,
        connected: row.connected || (known?.connected ?? false),
        conversed: row.conversed || (known?.conversed ?? false),
        hold: known?.hold ?? null,
      },
      issues,
    };
  },
});

const remark = (code: string, path: string): Issue => issue(code, { path, severity: "warning" });

/** The agency had let go of it, or had been told to. */
function isAfterEnd({ endedAtMs, recalledAtMs }: KnownPlacement, atMs: number): boolean {
  return [endedAtMs, recalledAtMs].some((endMs) => endMs !== null && atMs > endMs);
}

function pointOf(number: string, kind: KnownPlacement["contactPoints"][number]["kind"], context: LineContext) {
  if (number === "") return null;
  const read = kind === "phone" ? readPhone(number, context.market) : null;
  const address = read?.kind === "address" ? read.address : number;
  const { contactPoints } = context.placement;
  return contactPoints.find((point) => point.kind === kind && point.address === address)?.id ?? null;
}
