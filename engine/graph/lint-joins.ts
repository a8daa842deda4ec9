import { factsOf } from "../condition/tables/row-condition";
import { armFact } from "../model/execution";
import { type Issue, issue } from "../model/issue";
import type { StepSpec } from "../model/program";
import { compiledStep, specsOf } from "./compiled-step";
import { type LintView, perStep, type StepView } from "./lint-view";
import { type Adjacency, reachableFrom } from "./strongly-connected";

/**
 * Something one step leaves behind and another comes back to: `hold:<kind>`, `conversation:<channel>`, `arm:<fact>`. With one
 * token per account nothing else can be waited for: this is what a join of parallel branches is elsewhere.
 */
type Trace = string;

/** By kind of trace: the issue, and the param that says which one is missed. */
const MISSED = {
  hold: { code: "graph.release-of-nothing", param: "hold" },
  conversation: { code: "graph.no-conversation", param: "channel" },
  arm: { code: "graph.arm-not-drawn", param: "fact" },
} as const;
type TraceKind = keyof typeof MISSED;

const traceOf = (kind: TraceKind, name: string): Trace => `${kind}:${name}`;

/** What somebody says in a conversation, or a case of people, may freeze the party in any way (domain.md 3.4). */
const ANY_HOLD: Trace = traceOf("hold", "any");

type Meeting = { readonly leaves: readonly Trace[]; readonly needs: readonly Trace[] };
const NOTHING: Meeting = { leaves: [], needs: [] };

function meetingOf(spec: StepSpec): Meeting {
  switch (spec.kind) {
    case "act":
      if (spec.act.act === "hold.place") return { leaves: [traceOf("hold", spec.act.hold)], needs: [] };
      if (spec.act.act === "hold.release") return { leaves: [], needs: [traceOf("hold", spec.act.hold)] };
      return NOTHING;
    case "split":
      return { leaves: [traceOf("arm", armFact(spec.experimentKey))], needs: [] };
    case "request":
      if (spec.request.kind === "contact") {
        return { leaves: [ANY_HOLD, traceOf("conversation", spec.request.channel)], needs: [] };
      }
      if (spec.request.kind === "conversation-qa") {
        return { leaves: [], needs: [traceOf("conversation", spec.request.channel)] };
      }
      return NOTHING;
    default:
      return NOTHING;
  }
}

/** Arms of experiments that the step's own rules ask for. */
function armsAsked({ step }: StepView): readonly Trace[] {
  const asked = (step?.definition.rules?.(step.data) ?? []).flatMap(({ when }) => factsOf(when));
  return asked.filter((fact) => fact.startsWith(armFact(""))).map((fact) => traceOf("arm", fact));
}

const meetingAt = perStep((view, stepView): Meeting => {
  const compiled = compiledStep(view, stepView);
  const found = compiled === null ? [] : specsOf(compiled).map(meetingOf);
  const leaves = found.flatMap((meeting) => meeting.leaves);
  return { leaves, needs: [...found.flatMap((meeting) => meeting.needs), ...armsAsked(stepView)] };
});

/** Steps that lead to each step, by index. */
function comingFrom(view: LintView): Adjacency {
  const predecessors: number[][] = view.steps.map(() => []);
  for (const edge of view.doc.edges) {
    const from = view.byId.get(edge.from.node);
    const to = view.byId.get(edge.to);
    if (from !== undefined && to !== undefined) predecessors[to.index]?.push(from.index);
  }
  return predecessors;
}

/**
 * Steps that come back to what no step before them leaves behind, on whichever way an account comes: the release of a hold that
 * the strategy cannot have placed, the check of a conversation nobody had, the question for the arm of an experiment that is
 * drawn later or elsewhere. A strategy inside another, and a step that uses one or does not parse, may have met anything.
 */
export function lintJoins(view: LintView): readonly Issue[] {
  const meetings = view.steps.map((stepView) => meetingAt(view, stepView));
  const predecessors = comingFrom(view);
  const isOpen = (index: number): boolean => view.steps[index]?.step === null || view.steps[index]?.uses !== null;
  return view.steps.flatMap(({ index, path, node }) => {
    const needs = [...new Set(meetings[index]?.needs)];
    if (needs.length === 0) return [];
    const before = [...reachableFrom(predecessors, [index])];
    if (before.some(isOpen)) return [];
    const left = new Set(before.flatMap((earlier) => meetings[earlier]?.leaves ?? []));
    return needs.flatMap((trace) => {
      const kind = trace.slice(0, trace.indexOf(":")) as TraceKind;
      if (left.has(trace) || (kind === "hold" && left.has(ANY_HOLD))) return [];
      const place = { path, nodeId: node.id, severity: "warning" as const };
      const { code, param } = MISSED[kind];
      return [issue(code, place, { stepType: node.type, [param]: trace.slice(kind.length + 1) })];
    });
  });
}
