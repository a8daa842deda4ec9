import type { Connection } from "../client";

/**
 * Whether an enrollment's turn counts. Written so that the planner keeps it a look-up in a hash: it cannot know how many rows come
 * in, and as a join it compared every one with every other (measured: nine tenths of a commit).
 */
export function isWritten(connection: Connection, enrollmentId: ReturnType<Connection>) {
  return connection`(${enrollmentId} in (select w.id from written w)) is true`;
}
