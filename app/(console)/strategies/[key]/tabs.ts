/** What can be done with one strategy, in the order of the work. */
export const TABS = ["design", "walk", "simulate", "run", "versions"] as const;
export type Tab = (typeof TABS)[number];
