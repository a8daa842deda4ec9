/** Where a worker can be told to die, and how often it does when it passes there (`dieChance`). */
export const CRASH_POINTS = [
  "after-claim",
  "mid-commit",
  "after-intent",
  "before-send",
  "after-send",
  "before-ack",
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

/** What is wrong with a worker beside what is done to it. */
export type WorkerSetting = {
  /** Its machine's clock is wrong by so much, milliseconds. */
  readonly skewMs?: number;
  /** It is of an older build that knows these Program formats only. */
  readonly formats?: readonly number[];
};

/** How one worker's life is to go; it is told when its turn comes. `name` is what it draws its luck by. */
export type Life = WorkerSetting & {
  readonly seed: number;
  readonly name: string;
  readonly dieAt: CrashPoint | null;
  readonly dieChance: number;
};

/** What a worker says, a line each. */
export type WorkerLine =
  /** Booted and waiting for its turn: processor time it took, milliseconds. */
  | { readonly ready: number }
  /** A round is over: processor time since its turn came, milliseconds. */
  | { readonly ticked: number }
  | { readonly crash: CrashPoint }
  | { readonly alarm: string }
  | { readonly failed: { readonly code: string } }
  | { readonly uncaught: string };

/** What the fake provider does with a request that reaches it. */
export const PROVIDER_FAULTS = ["none", "500", "429", "timeout-but-accepted", "garbage"] as const;
export type ProviderFault = (typeof PROVIDER_FAULTS)[number];

/**
 * `idempotent` = a known key is answered again and reaches nobody; `queryable` = every request reaches the person, but the provider
 * says on being asked whether it took a key; `blind` = every request reaches the person and nobody can be asked.
 */
export type ProviderClass = "idempotent" | "queryable" | "blind";

/** Texts go to a provider that can be asked, calls to one of the others. */
export function classOf(channel: string, simulated: boolean): ProviderClass {
  if (channel === "sms") return "queryable";
  return simulated ? "idempotent" : "blind";
}

/** What the engine is told of them. */
export const CAPABILITY = { idempotent: "key", queryable: "query", blind: "none" } as const satisfies {
  readonly [kind in ProviderClass]: string;
};

/** A contact as a worker hands it over. */
export type Handed = {
  readonly key: string;
  readonly partyId: string;
  readonly class: ProviderClass;
  /** Engine time at which policy allowed it. */
  readonly nowMs: number;
  /** Real time at which the engine let go of it; what comes after is the network's and the provider's. */
  readonly handedMs: number;
};

/** One line of the provider's history: it is never killed, so what it wrote is what happened. */
export type ProviderLine =
  | (Handed & {
      readonly kind: "received";
      readonly realMs: number;
      readonly fault: ProviderFault;
      /** It reached the person. */
      readonly reached: boolean;
    })
  | { readonly kind: "callback"; readonly key: string; readonly eventId: string; readonly status: number };
