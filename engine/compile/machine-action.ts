import type { DecisionCode } from "../model/execution";
import type { ExitReason } from "../model/exit-reason";
import type { ReceiveSpec, RequestSpec, RetrySpec, StepSpec, WaitSpec, WatchSpec } from "../model/program";

type SpecOf<TKind extends StepSpec["kind"]> = Extract<StepSpec, { readonly kind: TKind }>;
type ParamsOf<TKind extends StepSpec["kind"]> = Omit<SpecOf<TKind>, "kind">;

/** What a deciding rule set answers with. `handle: null` = the outcome of the rule that holds. */
export type Answer = { readonly handle: string | null; readonly code: DecisionCode };

/** Actions a strategy machine names. An executor carries them out; XState only says which and in what order. */
export type MachineAction =
  /** A step is entered: `stepSeq` grows by one. */
  | { readonly type: "enter"; readonly params: { readonly step: string } }
  /** Ask a rule set and send `decided{handle}`. */
  | {
      readonly type: "evaluate";
      readonly params: {
        readonly ruleSet: string;
        readonly holds: Answer;
        readonly otherwise: Answer;
        readonly unknown: Answer;
        readonly sets?: NonNullable<SpecOf<"decide">["sets"]>;
      };
    }
  /** Ask a rule set, put together what the rules that hold contribute, and send `decided{handle}`. */
  | { readonly type: "collect"; readonly params: ParamsOf<"collect"> }
  /** Ask the attributes' rule sets, add up the points, and send `decided{handle}`. */
  | { readonly type: "score"; readonly params: ParamsOf<"score"> }
  /** Write variables and send `decided{next}`. */
  | { readonly type: "assign"; readonly params: ParamsOf<"set"> }
  /** Count a round and send `decided{handle}`. */
  | { readonly type: "repeat"; readonly params: ParamsOf<"repeat"> }
  /** Do something in the house and send `decided{next}`. */
  | { readonly type: "act"; readonly params: ParamsOf<"act"> }
  /** Take the values an answer carries into variables. */
  | { readonly type: "receive"; readonly params: { readonly receive: readonly ReceiveSpec[] } }
  /** Look at the watched rule; when it holds, send `decided{holds}`. */
  | {
      readonly type: "watch";
      readonly params: { readonly watch: WatchSpec; readonly deadlineMs: number | null };
    }
  /** Find the party's arm and send `decided{handle}`. */
  | { readonly type: "drawArm"; readonly params: ParamsOf<"split"> }
  /** Ask the world; with `goOn` send `decided{goOn}` at once. */
  | {
      readonly type: "request";
      readonly params: {
        readonly request: RequestSpec;
        readonly deadlineMs: number;
        readonly goOn: string | null;
        readonly watchEveryMs?: number;
      };
    }
  | { readonly type: "scheduleRetry"; readonly params: { readonly retry: RetrySpec; readonly deadlineMs: number } }
  | { readonly type: "retry"; readonly params: { readonly request: RequestSpec; readonly deadlineMs: number } }
  /** Reckon the wake-up; when the fact it needs is unknown, send `decided{unknown}`. */
  | { readonly type: "wait"; readonly params: { readonly wait: WaitSpec; readonly unknown: string | null } }
  /** Call back a request that is still out. */
  | { readonly type: "cancelRequest" }
  /** Record the handle that is being taken; without `code` it is the one of the event. */
  | { readonly type: "take"; readonly params: { readonly handle: string; readonly code?: DecisionCode } }
  /** Record something that takes no handle. */
  | { readonly type: "stay"; readonly params: { readonly code: DecisionCode } }
  /** The exit step: done, with its reason. */
  | { readonly type: "exit"; readonly params: { readonly reason: ExitReason; readonly label: string | null } }
  /** Done, but by no exit step. */
  | { readonly type: "leave"; readonly params: { readonly reason: ExitReason } };

/** Guards a strategy machine names. */
export type MachineGuard =
  | { readonly type: "handleIs"; readonly params: { readonly handle: string } }
  | { readonly type: "reasonIs"; readonly params: { readonly reason: string } }
  | { readonly type: "outcomeIn"; readonly params: { readonly outcomes: readonly string[] } }
  | { readonly type: "retryAllowed"; readonly params: { readonly retry: RetrySpec; readonly deadlineMs: number } }
  | { readonly type: "retryDue"; readonly params: { readonly deadlineMs: number } }
  | { readonly type: "answerOverdue"; readonly params: { readonly deadlineMs: number } }
  /** A timer at a step that watches: the deadline, or else time to look. */
  | { readonly type: "deadlinePassed"; readonly params: { readonly deadlineMs: number } }
  | { readonly type: "watchDue"; readonly params: { readonly deadlineMs: number } };

/** Delays a strategy machine names: how long a step waits, when it tries again, when it gives up. */
export const MACHINE_DELAYS = ["wait", "retry", "watch", "deadline"] as const;
export type MachineDelay = (typeof MACHINE_DELAYS)[number];
