/** What an actor may do. Every use case and every procedure names one (design D16). */
export const PERMISSIONS = [
  "portfolio.read",
  "portfolio.import",
  "strategy.read",
  "strategy.edit",
  "strategy.publish",
  "run.read",
  "run.control",
  "desk.work",
  "qa.review",
  "clock.control",
  "simulation.run",
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export type Actor = {
  readonly id: `actor_${string}`;
  readonly name: string;
  readonly demo: boolean;
  readonly permissions: readonly Permission[];
};
