import type { Drawing } from "../canvas/drawing";
import { duplicateSteps, removeSteps, tidy } from "../commands/steps";
import { disconnect } from "../commands/wiring";
import { nextPlace } from "../palette/placement";
import type { DesignerStore } from "../store/store";
import type { TextKey } from "../texts/text";
import { type Direction, stepTowards } from "./walk";

/** What an action may use besides the store: the parts of the screen that have no state of their own. */
export type ActionTools = {
  readonly store: DesignerStore;
  readonly drawing: Drawing;
  readonly showAll: () => void;
  /** Where a picker opens when no pointer says where. */
  readonly middle: () => { readonly x: number; readonly y: number };
  readonly nextProblem: (step: 1 | -1) => void;
  readonly toggleOutline: () => void;
  readonly toggleHelp: () => void;
};

/** A key press, without the browser around it. `command` is Ctrl, or ⌘ on a Mac. */
export type KeyPress = { readonly key: string; readonly command: boolean; readonly shift: boolean };

/** One act of the author: the toolbar, the keys and the sheet of keys all come from this list. */
export type Action = {
  readonly id: string;
  readonly label: TextKey;
  readonly keys: readonly string[];
  readonly matches: (press: KeyPress) => boolean;
  readonly enabled: (tools: ActionTools) => boolean;
  readonly run: (tools: ActionTools) => void;
  /** Whether a reader may do it. */
  readonly reading: boolean;
};

const plain = (key: string) => (press: KeyPress) => press.key.toLowerCase() === key && !press.command && !press.shift;
const command = (key: string) => (press: KeyPress) => press.key.toLowerCase() === key && press.command && !press.shift;
const always = (): boolean => true;
const something = ({ store }: ActionTools): boolean => {
  const { selection } = store.getState();
  return selection.nodes.length > 0 || selection.bundle !== null;
};

function removeSelected({ store, drawing }: ActionTools): void {
  const { doc, selection, dispatch } = store.getState();
  const bundle = drawing.flow.bundles.find((candidate) => candidate.id === selection.bundle);
  if (selection.nodes.length > 0) dispatch(removeSteps(doc, selection.nodes));
  else if (bundle !== undefined)
    dispatch(
      disconnect(
        doc,
        bundle.members.map(({ edge }) => edge.id),
      ),
    );
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

function walk(direction: Direction): (tools: ActionTools) => void {
  return ({ store, drawing }) => {
    const { selection, select } = store.getState();
    const from = selection.nodes[0] ?? drawing.flow.order[0];
    if (from === undefined) return;
    const to = selection.nodes.length === 0 ? from : stepTowards(drawing, from, direction);
    if (to !== null) select({ nodes: [to] });
  };
}

function arrow(direction: Direction, sign: string): Action {
  const key = `arrow${direction}`;
  const label = `actions.walk-${direction}` as const;
  return {
    id: `walk-${direction}`,
    label,
    keys: [sign],
    matches: plain(key),
    enabled: always,
    run: walk(direction),
    reading: true,
  };
}

export const ACTIONS: readonly Action[] = [
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
  },
  {
    id: "duplicate",
    label: "actions.duplicate",
    keys: ["Ctrl", "D"],
    matches: command("d"),
    enabled: something,
    run: duplicateSelected,
    reading: false,
  },
  {
    id: "remove",
    label: "actions.remove",
    keys: ["Delete"],
    matches: (press) => press.key === "Delete" || press.key === "Backspace",
    enabled: something,
    run: removeSelected,
    reading: false,
  },
  {
    id: "tidy",
    label: "canvas.tidy",
    keys: ["Shift", "T"],
    matches: (press) => press.key.toLowerCase() === "t" && press.shift && !press.command,
    enabled: ({ store }) => store.getState().doc.layout.mode === "free",
    run: ({ store }) => store.getState().dispatch(tidy(store.getState().doc)),
    reading: false,
  },
  {
    id: "select-all",
    label: "actions.select-all",
    keys: ["Ctrl", "A"],
    matches: command("a"),
    enabled: always,
    run: ({ store }) => store.getState().select({ nodes: store.getState().doc.nodes.map((node) => node.id) }),
    reading: true,
  },
  {
    id: "fit",
    label: "canvas.fit",
    keys: ["F"],
    matches: plain("f"),
    enabled: always,
    run: ({ showAll }) => showAll(),
    reading: true,
  },
  arrow("down", "↓"),
  arrow("up", "↑"),
  arrow("left", "←"),
  arrow("right", "→"),
  {
    id: "next-problem",
    label: "actions.next-problem",
    keys: ["F8"],
    matches: plain("f8"),
    enabled: ({ store }) => store.getState().allIssues.length > 0,
    run: ({ nextProblem }) => nextProblem(1),
    reading: true,
  },
  {
    id: "previous-problem",
    label: "actions.previous-problem",
    keys: ["Shift", "F8"],
    matches: (press) => press.key === "F8" && press.shift,
    enabled: ({ store }) => store.getState().allIssues.length > 0,
    run: ({ nextProblem }) => nextProblem(-1),
    reading: true,
  },
  {
    id: "outline",
    label: "actions.outline",
    keys: ["O"],
    matches: plain("o"),
    enabled: always,
    run: ({ toggleOutline }) => toggleOutline(),
    reading: true,
  },
  {
    id: "leave",
    label: "actions.leave",
    keys: ["Esc"],
    matches: plain("escape"),
    enabled: (tools) => something(tools) || tools.store.getState().opened !== null,
    run: (tools) => {
      const { select, open } = tools.store.getState();
      // With nothing selected, one goes a level up: out of a strategy inside.
      if (something(tools)) select({});
      else open(null);
    },
    reading: true,
  },
  {
    id: "help",
    label: "actions.help",
    keys: ["?"],
    matches: (press) => press.key === "?",
    enabled: always,
    run: ({ toggleHelp }) => toggleHelp(),
    reading: true,
  },
];

/** The action a key press means, when it may be done now. */
export function actionFor(press: KeyPress, tools: ActionTools): Action | undefined {
  const { readOnly } = tools.store.getState();
  return ACTIONS.find((action) => action.matches(press) && (action.reading || !readOnly) && action.enabled(tools));
}
