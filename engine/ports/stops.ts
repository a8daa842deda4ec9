import type { Stop } from "../model/stop";
import type { Due } from "./inbox";

/** Pauses and stops, as every worker sees them. Placing and lifting them is a person's business, not the runtime's. */
export interface Stops {
  /** Those in force at this moment, fresh: asked just before requests leave. */
  inForce(): Promise<readonly Stop[]>;
  /**
   * A bounded part of what follows from them: waits and deadlines move by the time a lifted pause lasted; enrollments of what is
   * stopped are told to exit. Done again or by several workers it comes to the same. Returns how many rows it looked at.
   */
  carryOn(due: Due): Promise<number>;
}
