"use client";

import { type ReactNode, useId } from "react";
import type { FormField, Issue, JsonValue } from "#engine";
import { valueAt, withValueAt } from "../commands/data-path";
import { type StepView, viewOf } from "../commands/step-view";
import { type NodeData, updateData } from "../commands/steps";
import { useIssueText } from "../problems/problems";
import { useDesigner, useDesignerContext } from "../store/context";
import { WaitExample } from "./wait-example";
import type { FieldProblem, WidgetProps } from "./widget";
import { AnswersWidget, ReceiveWidget } from "./widgets/answers";
import { ContentWidget } from "./widgets/content";
import { DurationWidget, RetryGapsWidget } from "./widgets/durations";
import { FactsWidget, FactWidget, VariableWidget } from "./widgets/facts";
import { ConditionWidget, RulesWidget } from "./widgets/lists";
import { AmountWidget, NumberWidget, PercentWidget } from "./widgets/numbers";
import { ScorecardWidget } from "./widgets/scorecard";
import {
  ChoicesWidget,
  ChoiceWidget,
  DateWidget,
  IntegerWidget,
  LexiconWidget,
  LocalTimeWidget,
  TextWidget,
  ToggleWidget,
} from "./widgets/simple";
import { SubStrategyWidget } from "./widgets/sub-strategy";
import { TableWidget } from "./widgets/table";
import { AssignmentsWidget, ValueMapWidget, ValueWidget } from "./widgets/values";
import { WeightsWidget } from "./widgets/weights";

/** A new kind of field is the only reason to touch the designer when a step type is added. */
const WIDGETS: { readonly [widget in FormField["widget"]]: (props: WidgetProps) => ReactNode } = {
  text: TextWidget,
  integer: IntegerWidget,
  "duration-minutes": DurationWidget,
  "local-time": LocalTimeWidget,
  date: DateWidget,
  choice: ChoiceWidget,
  toggle: ToggleWidget,
  content: ContentWidget,
  lexicon: LexiconWidget,
  condition: ConditionWidget,
  rules: RulesWidget,
  weights: WeightsWidget,
  "retry-gaps": RetryGapsWidget,
  "event-list": ChoicesWidget,
  choices: ChoicesWidget,
  number: NumberWidget,
  percent: PercentWidget,
  amount: AmountWidget,
  fact: FactWidget,
  facts: FactsWidget,
  variable: VariableWidget,
  value: ValueWidget,
  "value-map": ValueMapWidget,
  assignments: AssignmentsWidget,
  receive: ReceiveWidget,
  answers: AnswersWidget,
  table: TableWidget,
  scorecard: ScorecardWidget,
  "sub-strategy": SubStrategyWidget,
};

const STEP_PREFIX = /^nodes\[\d+\]\.data\.?/;

function isShown(field: FormField, data: NodeData): boolean {
  const { shownWhen } = field;
  return shownWhen === undefined || shownWhen.equals.includes(String(valueAt(data, shownWhen.path)));
}

/** Where in the step's data an issue stands; null when it is about its wiring or the step as a whole. */
function dataPath(issue: Issue): string | null {
  return STEP_PREFIX.test(issue.path) ? issue.path.replace(STEP_PREFIX, "") : null;
}

/** An issue that speaks of two rows of a table names the other by its number (`earlier`, from 1). */
function otherPlace({ params: { earlier } }: Issue): { readonly also?: string } {
  return typeof earlier === "number" ? { also: `.rows[${earlier - 1}]` } : {};
}

/** What follows a field's own path in an issue's path; null when the issue is not about the field. */
function pathInField(field: FormField, path: string): string | null {
  if (path === field.path) return "";
  const rest = path.slice(field.path.length);
  return path.startsWith(field.path) && (rest.startsWith(".") || rest.startsWith("[")) ? rest : null;
}

/** The form of a step, made from its type's description: fields in order, problems at the field they belong to. */
export function StepForm({ view }: { readonly view: StepView }) {
  const id = useId();
  const { store } = useDesignerContext();
  const locale = useDesigner((state) => state.locale);
  const readOnly = useDesigner((state) => state.readOnly);
  const issues = useDesigner((state) => state.issues);
  const say = useIssueText();
  const { definition, node } = view;
  if (definition === undefined) return null;
  const own = issues.filter((issue) => issue.nodeId === node.id);
  const fields = definition.form.filter((field) => isShown(field, node.data));

  const problemsOf = (field: FormField): readonly FieldProblem[] =>
    own.flatMap((issue) => {
      const path = dataPath(issue);
      const inField = path === null ? null : pathInField(field, path);
      if (inField === null) return [];
      return { path: inField, severity: issue.severity, text: say(issue), ...otherPlace(issue) };
    });

  const setValue = (field: FormField, value: JsonValue | undefined, gesture?: "typing"): boolean => {
    const { doc, dispatch } = store.getState();
    const before = doc.nodes.find((candidate) => candidate.id === node.id);
    if (before === undefined) return false;
    const data = withValueAt(before.data, field.path, value);
    // What the schema refuses never enters the document: it would take the step's ways on with it.
    if (viewOf(before).data !== null && !definition.schema.safeParse(data).success) return false;
    const burst = gesture === undefined ? undefined : `${node.id}:${field.path}`;
    return dispatch(updateData(doc, node.id, data), burst);
  };

  return (
    <div className="dz-form">
      {fields.map((field) => {
        const Widget = WIDGETS[field.widget];
        return (
          <Widget
            key={`${node.id}:${field.path}`}
            id={`${id}-${field.path}`}
            field={field}
            view={view}
            label={definition.texts[locale].fields[field.path] ?? field.path}
            value={valueAt(node.data, field.path)}
            problems={problemsOf(field)}
            readOnly={readOnly}
            onValue={(value, gesture) => setValue(field, value, gesture)}
          />
        );
      })}
      {definition.group === "wait" && <WaitExample node={node} />}
    </div>
  );
}

/** Issues of a step that belong to none of its fields: wiring, reachability, an unknown type. */
export function otherIssues(view: StepView, issues: readonly Issue[]): readonly Issue[] {
  const fields = view.definition?.form.filter((field) => isShown(field, view.node.data)) ?? [];
  return issues.filter((issue) => {
    if (issue.nodeId !== view.node.id) return false;
    const path = dataPath(issue);
    return path === null || !fields.some((field) => pathInField(field, path) !== null);
  });
}
