/** Where a worker can be told to die (`CHAOS_DIE_AT`), and how often it does when it passes there (`CHAOS_DIE_CHANCE`). */
export const CRASH_POINTS = [
  "after-claim",
  "mid-commit",
  "after-intent",
  "before-send",
  "after-send",
  "before-ack",
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

/** What the fake provider does with a request that reaches it. */
export const PROVIDER_FAULTS = ["none", "500", "429", "timeout-but-accepted", "garbage"] as const;
export type ProviderFault = (typeof PROVIDER_FAULTS)[number];

/** One line of the provider's history: it is never killed, so what it wrote is what happened. */
export type ProviderLine =
  | {
      readonly kind: "received";
      readonly key: string;
      readonly partyId: string;
      /** `idempotent` = a known key is answered again and reaches nobody; `blind` = every request reaches the person. */
      readonly class: "idempotent" | "blind";
      /** Engine time at which policy allowed it. */
      readonly nowMs: number;
      readonly realMs: number;
      readonly fault: ProviderFault;
      /** It reached the person. */
      readonly reached: boolean;
    }
  | { readonly kind: "callback"; readonly key: string; readonly eventId: string; readonly status: number };
