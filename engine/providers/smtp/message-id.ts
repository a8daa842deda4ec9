/** Our Message-IDs begin with this, so that returned mail of others is told apart. */
const MARK = "due.";
const OURS = /^<?due\.([A-Za-z0-9_-]{1,400})@[^<>\s@]{1,253}>?$/;

/** The Message-ID of a contact: its key, written in the letters an id may have. The same key is always the same message. */
export function messageIdOf(key: string, domain: string): string {
  return `<${MARK}${Buffer.from(key, "utf8").toString("base64url")}@${domain}>`;
}

/** The key behind a Message-ID, or null when it is none of ours. */
export function keyOfMessageId(messageId: string): string | null {
  const written = OURS.exec(messageId.trim())?.[1];
  if (written === undefined) return null;
  const key = Buffer.from(written, "base64url").toString("utf8");
  return Buffer.from(key, "utf8").toString("base64url") === written ? key : null;
}
