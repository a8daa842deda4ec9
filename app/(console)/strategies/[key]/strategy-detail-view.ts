import type { RouterOutputs } from "../../../_ui/trpc-client";

/** One strategy as the server tells it: the draft, what was published and what is live. */
export type StrategyDetail = RouterOutputs["strategy"]["byKey"];
