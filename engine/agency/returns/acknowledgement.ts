import { z } from "zod";
import {
  BASE_COLUMNS,
  BaseRowSchema,
  defineReturn,
  InstantCellSchema,
  inTheFuture,
  PLACEMENT_ENDINGS,
  refused,
} from "./define";

const RowSchema = BaseRowSchema.extend({ at: InstantCellSchema, event: z.enum(PLACEMENT_ENDINGS) });

/** An account that is no longer with the agency: it heeded a recall, gave it back at the end of its term, or never took it. */
export const acknowledgement = defineReturn({
  columns: { required: [...BASE_COLUMNS, "at", "event"], optional: [] },
  row: RowSchema,
  judge: ({ at: atMs, event }, { placement, nowMs }) => {
    if (placement.endedAtMs !== null) return refused("agency.already-ended", "event");
    if (event === "recalled" && placement.recalledAtMs === null) return refused("agency.not-recalled", "event");
    return inTheFuture(atMs, nowMs) ?? { change: { kind: "ending", placement, ending: event, atMs }, issues: [] };
  },
});
