import { z } from "zod";
import type { DeskSpec } from "../model/program";
import type { FormField } from "./define";

/* Work for people: which queue it waits in, and how urgent it is. */

/** A name fits on one line of a work list. */
const QUEUE_NAME_MAX = 64;
const PRIORITY_FIRST = 1;
const PRIORITY_LAST = 9;
export const PRIORITY_USUAL = 5;

export const deskShape = {
  /** Name of a queue of the house; empty = not chosen yet. */
  queue: z.string().max(QUEUE_NAME_MAX),
  /** 1 (first) to 9. */
  priority: z.int().min(PRIORITY_FIRST).max(PRIORITY_LAST),
};
export type DeskData = { readonly queue: string; readonly priority: number };

export const DESK_FORM: readonly FormField[] = [
  { path: "queue", widget: "text", maximum: QUEUE_NAME_MAX },
  { path: "priority", widget: "integer", minimum: PRIORITY_FIRST, maximum: PRIORITY_LAST },
];

export function deskOf({ queue, priority }: DeskData, dueMs: number): DeskSpec {
  return { queue: queue.trim(), priority, dueMs };
}
