import type { EpochMs } from "../model/time";

export type EngineTime = {
  readonly nowMs: EpochMs;
  /** A demo clock runs: time is made up, and so are the people (simulated debtors pay). */
  readonly isDemo: boolean;
};

/**
 * The one clock every due decision is taken on. Workers on several machines ask the same place (the database), so a machine
 * with a wrong clock neither fires early nor contacts outside the window. In a demo it may run faster than real time.
 */
export interface EngineClock {
  read(): Promise<EngineTime>;
}
