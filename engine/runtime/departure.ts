import type { EngineTime } from "../ports/engine-clock";
import type { ReadyIntent } from "../ports/outbox";
import type { RuntimeDeps } from "./deps";
import type { GateContext, Outgoing } from "./gate";
import type { HandOver } from "./hand-over";

/** Whoever takes requests out of the house, at one moment of the engine's clock. */
export type Sender = { readonly deps: RuntimeDeps; readonly time: EngineTime };

/** One contact that has its place under the caps and is about to be handed to its provider. */
export type Contact = {
  readonly kind: "contact";
  readonly ready: ReadyIntent;
  readonly outgoing: Outgoing;
  readonly context: GateContext;
  /** How often it was handed over before without a clear answer. */
  readonly resent: number;
};
export type Departure = Contact | HandOver;
