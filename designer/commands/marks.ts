import { type LocalText, STRATEGY_LIMITS, type StrategyDoc } from "#engine";
import { nextId } from "./ids";
import { type Change, type ChangeCode, detailsOf, type Position } from "./operation";
import { nodeById, stepTitle } from "./step-view";

/* Marks on the chart that no account meets: frames around the steps of a stage, and notes. */

export type Frame = StrategyDoc["frames"][number];
export type Note = StrategyDoc["notes"][number];

function withFrames(doc: StrategyDoc, frames: readonly Frame[], label: Change["label"]): Change {
  return { label, operations: [{ kind: "set-details", details: { ...detailsOf(doc), frames: [...frames] } }] };
}

/** Name of the next stage: M0, M1, M2, as stages are called in collections. */
function nextStage({ frames }: StrategyDoc): string {
  const taken = new Set(frames.flatMap(({ title }) => Object.values(title)));
  let stage = 0;
  while (taken.has(`M${stage}`)) stage += 1;
  return `M${stage}`;
}

/**
 * A frame around some steps. A step stands in one frame at most: it leaves the one it was in, and a frame without steps goes. Null
 * for no steps or too many frames.
 */
export function addFrame(doc: StrategyDoc, nodeIds: readonly string[]): (Change & { readonly frameId: string }) | null {
  const nodes = [...new Set(nodeIds)].filter((id) => nodeById(doc, id) !== undefined);
  if (nodes.length === 0) return null;
  const left = doc.frames
    .map((frame) => ({ ...frame, nodes: frame.nodes.filter((id) => !nodes.includes(id)) }))
    .filter((frame) => frame.nodes.length > 0);
  if (left.length >= STRATEGY_LIMITS.frames) return null;
  const stage = nextStage({ ...doc, frames: left });
  const id = nextId(
    "stage",
    doc.frames.map((frame) => frame.id),
  );
  const frames = [...left, { id, title: { "zh-CN": stage, en: stage }, nodes }];
  return { ...withFrames(doc, frames, { code: "add-frame", params: { frame: stage } }), frameId: id };
}

export function renameFrame(doc: StrategyDoc, frameId: string, title: LocalText): Change {
  const frames = doc.frames.map((frame) => (frame.id === frameId ? { ...frame, title } : frame));
  return withFrames(doc, frames, { code: "edit-frame", params: { frame: title } });
}

/** Takes the frame away and leaves its steps. Null when it is not there. */
export function removeFrame(doc: StrategyDoc, frameId: string): Change | null {
  const frame = doc.frames.find(({ id }) => id === frameId);
  if (frame === undefined) return null;
  const frames = doc.frames.filter(({ id }) => id !== frameId);
  return withFrames(doc, frames, { code: "remove-frame", params: { frame: frame.title } });
}

/** Puts a step into a frame, or out of any (null). Null when it stands there already. */
export function moveToFrame(doc: StrategyDoc, nodeId: string, frameId: string | null): Change | null {
  const node = nodeById(doc, nodeId);
  const before = doc.frames.find((frame) => frame.nodes.includes(nodeId))?.id ?? null;
  if (node === undefined || before === frameId) return null;
  const frames = doc.frames
    .map((frame) => {
      const others = frame.nodes.filter((id) => id !== nodeId);
      return { ...frame, nodes: frame.id === frameId ? [...others, nodeId] : others };
    })
    .filter((frame) => frame.nodes.length > 0);
  return withFrames(doc, frames, { code: "edit-frame", params: { frame: stepTitle(node) } });
}

function withNotes(doc: StrategyDoc, notes: readonly Note[], code: ChangeCode): Change {
  const details = { ...detailsOf(doc), notes: [...notes] };
  return { label: { code, params: {} }, operations: [{ kind: "set-details", details }] };
}

/** An empty note at a point of the drawing. Null when there are too many. */
export function addNote(doc: StrategyDoc, position: Position): (Change & { readonly noteId: string }) | null {
  if (doc.notes.length >= STRATEGY_LIMITS.notes) return null;
  const id = nextId(
    "note",
    doc.notes.map((note) => note.id),
  );
  return { ...withNotes(doc, [...doc.notes, { id, text: "", position }], "add-note"), noteId: id };
}

/** The note with another text or place. Null when it is not there or nothing changes. */
export function changeNote(
  doc: StrategyDoc,
  noteId: string,
  to: Partial<Pick<Note, "text" | "position">>,
): Change | null {
  const note = doc.notes.find(({ id }) => id === noteId);
  if (note === undefined) return null;
  const next = { ...note, ...to };
  const stays = next.position.x === note.position.x && next.position.y === note.position.y;
  if (next.text === note.text && stays) return null;
  const notes = doc.notes.map((known) => (known.id === noteId ? next : known));
  return withNotes(doc, notes, stays ? "edit-note" : "move-note");
}

export function removeNote(doc: StrategyDoc, noteId: string): Change | null {
  if (!doc.notes.some(({ id }) => id === noteId)) return null;
  return withNotes(
    doc,
    doc.notes.filter(({ id }) => id !== noteId),
    "remove-note",
  );
}
