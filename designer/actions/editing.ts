import { TIDY_MIN, tidySelection } from "../canvas/tidy-selection";
import { addFrame, addNote, removeFrame, removeNote } from "../commands/marks";
import { bypassStep } from "../commands/rearrange";
import { takesEdges } from "../commands/step-view";
import { duplicateSteps, freeLayout, removeSteps, tidy } from "../commands/steps";
import { disconnect } from "../commands/wiring";
import { nextPlace } from "../palette/placement";
import {
  type Action,
  type ActionTools,
  always,
  command,
  hasSelection,
  hasSteps,
  never,
  onlyStep,
  plain,
  shifted,
} from "./action";

/* What changes the strategy. */

function removeSelected({ store, drawing }: ActionTools): void {
  const { doc, selection, dispatch } = store.getState();
  const { nodes, mark } = selection;
  if (nodes.length > 0) dispatch(removeSteps(doc, nodes));
  else if (mark !== null) dispatch(mark.kind === "frame" ? removeFrame(doc, mark.id) : removeNote(doc, mark.id));
  const bundle = drawing.flow.bundles.find((candidate) => candidate.id === selection.bundle);
  if (nodes.length > 0 || bundle === undefined) return;
  const edgeIds = bundle.members.map(({ edge }) => edge.id);
  dispatch(disconnect(doc, edgeIds));
}

function duplicateSelected({ store }: ActionTools): void {
  const { doc, selection, dispatch, select } = store.getState();
  const made = duplicateSteps(doc, selection.nodes);
  if (made !== null && dispatch(made.change)) select({ nodes: made.nodeIds });
}

function addBehindSelected({ store, drawing, middle }: ActionTools): void {
  const { doc, selection, openPicker } = store.getState();
  openPicker({ place: nextPlace(doc, drawing, selection), screen: middle() });
}

/** The one selected step, when it may leave its place: an entry may not. */
function movable(tools: ActionTools): string | null {
  const nodeId = onlyStep(tools);
  const node = tools.store.getState().doc.nodes.find(({ id }) => id === nodeId);
  return node !== undefined && takesEdges(node) ? node.id : null;
}

function frameSelected({ store }: ActionTools): void {
  const { doc, selection, dispatch, select } = store.getState();
  const made = addFrame(doc, selection.nodes);
  if (made !== null && dispatch(made)) select({ mark: { kind: "frame", id: made.frameId } });
}

function noteHere({ store, middleOnChart }: ActionTools): void {
  const { doc, dispatch, select } = store.getState();
  const { x, y } = middleOnChart();
  const made = addNote(doc, { x: Math.round(x), y: Math.round(y) });
  if (made !== null && dispatch(made)) select({ mark: { kind: "note", id: made.noteId } });
}

/** A strategy inside keeps no frames, no notes and no positions. */
const atTheTop = ({ store }: ActionTools): boolean => store.getState().opened === null;

export const EDITING: readonly Action[] = [
  {
    id: "undo",
    label: "actions.undo",
    keys: ["Ctrl", "Z"],
    matches: command("z"),
    enabled: ({ store }) => store.getState().past.length > 0,
    run: ({ store }) => store.getState().undo(),
    reading: false,
  },
  {
    id: "redo",
    label: "actions.redo",
    keys: ["Ctrl", "Shift", "Z"],
    matches: (press) =>
      press.command && ((press.key.toLowerCase() === "z" && press.shift) || press.key.toLowerCase() === "y"),
    enabled: ({ store }) => store.getState().future.length > 0,
    run: ({ store }) => store.getState().redo(),
    reading: false,
  },
  {
    id: "add",
    label: "actions.add",
    keys: ["A"],
    matches: plain("a"),
    enabled: always,
    run: addBehindSelected,
    reading: false,
    menus: ["step", "chart"],
  },
  {
    id: "cut",
    label: "actions.cut",
    keys: ["Ctrl", "X"],
    matches: never,
    enabled: hasSteps,
    run: ({ clipboard }) => clipboard.cut(),
    reading: false,
    menus: ["step"],
  },
  {
    id: "copy",
    label: "actions.copy",
    keys: ["Ctrl", "C"],
    matches: never,
    enabled: hasSteps,
    run: ({ clipboard }) => clipboard.copy(),
    reading: true,
    menus: ["step"],
  },
  {
    id: "paste",
    label: "actions.paste",
    keys: ["Ctrl", "V"],
    matches: never,
    enabled: always,
    run: ({ clipboard }) => clipboard.paste(),
    reading: false,
    menus: ["step", "chart"],
  },
  {
    id: "duplicate",
    label: "actions.duplicate",
    keys: ["Ctrl", "D"],
    matches: command("d"),
    enabled: hasSteps,
    run: duplicateSelected,
    reading: false,
    menus: ["step"],
  },
  {
    id: "move",
    label: "actions.move",
    keys: ["M"],
    matches: plain("m"),
    enabled: (tools) => movable(tools) !== null,
    run: (tools) => {
      const moves = movable(tools);
      if (moves !== null) tools.store.getState().openPicker({ moves, screen: tools.middle() });
    },
    reading: false,
    menus: ["step"],
  },
  {
    id: "replace",
    label: "actions.replace",
    keys: ["R"],
    matches: plain("r"),
    enabled: (tools) => movable(tools) !== null,
    run: (tools) => {
      const replaces = movable(tools);
      if (replaces !== null) tools.store.getState().openPicker({ replaces, screen: tools.middle() });
    },
    reading: false,
    menus: ["step"],
  },
  {
    id: "bypass",
    label: "actions.bypass",
    keys: ["B"],
    matches: plain("b"),
    enabled: (tools) => {
      const nodeId = movable(tools);
      return nodeId !== null && bypassStep(tools.store.getState().doc, nodeId) !== null;
    },
    run: (tools) => {
      const { doc, dispatch } = tools.store.getState();
      dispatch(bypassStep(doc, movable(tools) ?? ""));
    },
    reading: false,
    menus: ["step"],
  },
  {
    id: "frame",
    label: "actions.frame",
    keys: ["Ctrl", "G"],
    matches: command("g"),
    enabled: (tools) => hasSteps(tools) && atTheTop(tools),
    run: frameSelected,
    reading: false,
    menus: ["step"],
  },
  {
    id: "note",
    label: "actions.note",
    keys: ["N"],
    matches: plain("n"),
    enabled: atTheTop,
    run: noteHere,
    reading: false,
    menus: ["chart"],
  },
  {
    id: "remove",
    label: "actions.remove",
    keys: ["Delete"],
    matches: (press) => press.key === "Delete" || press.key === "Backspace",
    enabled: hasSelection,
    run: removeSelected,
    reading: false,
    menus: ["step"],
  },
  {
    id: "tidy",
    label: "canvas.tidy",
    keys: ["Shift", "T"],
    matches: shifted("t"),
    enabled: ({ store }) => store.getState().doc.layout.mode === "free",
    run: ({ store }) => store.getState().dispatch(tidy(store.getState().doc)),
    reading: false,
    menus: ["chart"],
  },
  {
    id: "tidy-selection",
    label: "actions.tidy-selection",
    keys: ["Shift", "L"],
    matches: shifted("l"),
    enabled: ({ store }) => {
      const { doc, selection } = store.getState();
      return doc.layout.mode === "free" && selection.nodes.length >= TIDY_MIN;
    },
    run: ({ store, drawing, words }) => {
      const { doc, selection, dispatch } = store.getState();
      dispatch(tidySelection(doc, drawing, { selected: selection.nodes, words }));
    },
    reading: false,
    menus: ["step"],
  },
  {
    id: "free-layout",
    label: "actions.free-layout",
    keys: ["Shift", "F"],
    matches: shifted("f"),
    enabled: (tools) => atTheTop(tools) && tools.store.getState().doc.layout.mode === "auto",
    run: ({ store, drawing }) => store.getState().dispatch(freeLayout(store.getState().doc, drawing.positions)),
    reading: false,
    menus: ["chart"],
  },
];
