import type { Content, LocalText, StrategyDoc, StrategySettings } from "#engine";
import { nextId } from "./ids";
import { type Change, type Details, detailsOf, type Operation } from "./operation";
import { type NodeData, updateData } from "./steps";

function setDetails(doc: StrategyDoc, details: Partial<Details>): Operation {
  return { kind: "set-details", details: { ...detailsOf(doc), ...details } };
}

export function setName(doc: StrategyDoc, name: LocalText): Change {
  return { label: { code: "edit-settings", params: {} }, operations: [setDetails(doc, { name })] };
}

/** What the strategy is for, in the author's words; undefined takes it away. */
export function setDescription(doc: StrategyDoc, description: LocalText | undefined): Change {
  return { label: { code: "edit-settings", params: {} }, operations: [setDetails(doc, { description })] };
}

export function setSettings(doc: StrategyDoc, settings: StrategySettings): Change {
  return { label: { code: "edit-settings", params: {} }, operations: [setDetails(doc, { settings })] };
}

/** Replaces a text of the strategy's own, or adds it. */
export function setContent(doc: StrategyDoc, content: Content): Change {
  const known = doc.contents.some((own) => own.id === content.id);
  const contents = known
    ? doc.contents.map((own) => (own.id === content.id ? content : own))
    : [...doc.contents, content];
  const label = { code: "edit-content", params: { content: content.id } } as const;
  return { label, operations: [setDetails(doc, { contents })] };
}

/** Id of a new text of the strategy's own; `own.` keeps it apart from the pack's. */
export function nextContentId(doc: StrategyDoc, channel: Content["channel"]): string {
  const taken = doc.contents.map((content) => content.id.replace(/^own\./, ""));
  return `own.${nextId(channel, taken)}`;
}

/** A copy of a text for this strategy alone, and the step that now uses it, as one gesture. */
export function adoptContent(
  doc: StrategyDoc,
  content: Content,
  use: { readonly nodeId: string; readonly data: NodeData },
): Change | null {
  const step = updateData(doc, use.nodeId, use.data);
  if (step === null) return null;
  const own = setContent(doc, content);
  return { label: own.label, operations: [...own.operations, ...step.operations] };
}

/** The scenarios that travel with the strategy. */
export function setTests(doc: StrategyDoc, tests: StrategyDoc["tests"]): Change {
  return { label: { code: "edit-tests", params: {} }, operations: [setDetails(doc, { tests })] };
}

export function replaceDoc(doc: StrategyDoc): Change {
  return { label: { code: "replace", params: {} }, operations: [{ kind: "replace-doc", doc }] };
}
