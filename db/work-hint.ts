import postgres from "postgres";

/** Notification channel on which a worker hears that there may be something to do. */
export const WORK_CHANNEL = "duecourse_work";

export type WorkHint = { close(): Promise<void> };

/**
 * Calls `hint` when somebody has put something in. Only a hint: a notification is lost with its connection, so nobody may rely on
 * it, and a worker looks by itself every second. It has a connection of its own, which the driver opens again when it is lost.
 */
export async function listenForWork(url: string, hint: () => void): Promise<WorkHint> {
  const client = postgres(url, {
    max: 1,
    onnotice: () => undefined,
    connection: { application_name: "duecourse-listen" },
  });
  await client.listen(WORK_CHANNEL, hint);
  return { close: () => client.end({ timeout: 1 }) };
}
