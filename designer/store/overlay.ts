/** What stands at a step or passed it, live or in a simulation. Money is integer minor units of the strategy's currency. */
export type StepFigures = {
  readonly entered: number;
  readonly waiting: number;
  readonly moneyMinor?: number;
};
export type OverlayKind = "live" | "simulated";
export type Overlay = { readonly [nodeId: string]: StepFigures };
