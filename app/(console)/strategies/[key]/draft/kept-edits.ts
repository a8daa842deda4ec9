import type { StrategyDoc } from "#engine";

/** Edits that the server has not taken yet, as this device keeps them. */
export type KeptEdits = {
  readonly doc: StrategyDoc;
  /** What they were made from, and its revision. */
  readonly base: StrategyDoc;
  readonly baseRevision: number;
  readonly atMs: number;
};

/** Where edits of one draft, by one actor, are kept. Rejects when the device will not keep anything (a private window, a full disk). */
export type EditStore = {
  readonly read: () => Promise<KeptEdits | null>;
  readonly write: (edits: KeptEdits) => Promise<void>;
  readonly clear: () => Promise<void>;
};

const DATABASE = "duecourse-edits";
const DRAFTS = "drafts";
/** Drafts a device keeps edits of. Beyond them the oldest goes: a device is a waiting room, not an archive. */
const KEPT_MAX = 50;

function settled<TValue>(request: IDBRequest<TValue>): Promise<TValue> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(DRAFTS).createIndex("at", "atMs");
  return settled(request);
}

async function within(mode: IDBTransactionMode, work: (drafts: IDBObjectStore) => Promise<void>): Promise<void> {
  const database = await openDatabase();
  try {
    const transaction = database.transaction(DRAFTS, mode);
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
    await work(transaction.objectStore(DRAFTS));
    await done;
  } finally {
    database.close();
  }
}

/** Edits in the browser's own database, which outlives the tab. Called in the browser alone. */
export function browserEditStore(strategyKey: string, actorId: string): EditStore {
  const name = `${actorId} ${strategyKey}`;
  return {
    read: async () => {
      let found: KeptEdits | null = null;
      await within("readonly", async (drafts) => {
        found = ((await settled(drafts.get(name))) as KeptEdits | undefined) ?? null;
      });
      return found;
    },
    write: (edits) =>
      within("readwrite", async (drafts) => {
        await settled(drafts.put(edits, name));
        const names = await settled(drafts.index("at").getAllKeys());
        for (const old of names.slice(0, Math.max(names.length - KEPT_MAX, 0))) drafts.delete(old);
      }),
    clear: () =>
      within("readwrite", async (drafts) => {
        await settled(drafts.delete(name));
      }),
  };
}
