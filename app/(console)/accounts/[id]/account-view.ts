import type { RouterOutputs } from "../../../_ui/trpc-client";

/** What is known of one account, as the server tells it. */
export type AccountView = RouterOutputs["portfolio"]["account"];
/** Everything that was decided about it and done, as the server tells it. */
export type HistoryView = RouterOutputs["run"]["accountHistory"];
