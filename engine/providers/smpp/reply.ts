import { createHash } from "node:crypto";
import type { Pdu } from "smpp";
import { isOptOut } from "../../channels/opt-out";
import { MINUTE_MS } from "../../model/time";
import type { PersonReply } from "../../ports/replies";
import { textOf } from "./receipt";

/** The same words of the same person within it are one message brought twice: a message from a phone has no id of its own. */
const SAME_WITHIN_MS = 10 * MINUTE_MS;
const NUMBER = /^\+?([0-9]{5,15})$/;

/** What somebody wrote back, or null where it is from no number (networks write from short words). */
export function readReply(pdu: Pdu, nowMs: number): PersonReply | null {
  const digits = NUMBER.exec(pdu.source_addr ?? "")?.[1];
  if (digits === undefined) return null;
  const text = textOf(pdu);
  const about = [digits, pdu.destination_addr ?? "", text, Math.floor(nowMs / SAME_WITHIN_MS)];
  const replyId = createHash("sha256").update(JSON.stringify(about)).digest("hex").slice(0, 32);
  return { replyId, channel: "sms", from: `+${digits}`, isOptOut: isOptOut(text), atMs: nowMs };
}
