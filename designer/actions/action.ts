import type { StepWords } from "#engine";
import type { Drawing } from "../canvas/drawing";
import type { DesignerStore } from "../store/store";
import type { TextKey } from "../texts/text";

export type Point = { readonly x: number; readonly y: number };

/** What an action may use besides the store: the parts of the screen that have no state of their own. */
export type ActionTools = {
  readonly store: DesignerStore;
  readonly drawing: Drawing;
  readonly words: StepWords;
  readonly showAll: () => void;
  readonly zoom: (step: 1 | -1) => void;
  /** Where a picker opens when no pointer says where. */
  readonly middle: () => Point;
  /** The same point on the chart. */
  readonly middleOnChart: () => Point;
  readonly nextProblem: (step: 1 | -1) => void;
  readonly toggleOutline: () => void;
  readonly toggleHelp: () => void;
  readonly openPalette: (palette: PaletteKind) => void;
  /** Searches other strategies too; null where the host has none. */
  readonly findEverywhere: (() => void) | null;
  readonly clipboard: ClipboardTools;
};

/** The palette of everything that can be done, or of the steps that can be found. */
export type PaletteKind = "commands" | "find";

export type ClipboardTools = {
  readonly copy: () => void;
  readonly cut: () => void;
  readonly paste: () => void;
};

/** A key press, without the browser around it. `command` is Ctrl, or ⌘ on a Mac. */
export type KeyPress = { readonly key: string; readonly command: boolean; readonly shift: boolean };

/** One act of the author: toolbar, menus, keys, the sheet of keys and the palette of commands all come from one list. */
export type Action = {
  readonly id: string;
  readonly label: TextKey;
  readonly keys: readonly string[];
  readonly matches: (press: KeyPress) => boolean;
  readonly enabled: (tools: ActionTools) => boolean;
  readonly run: (tools: ActionTools) => void;
  /** Whether a reader may do it. */
  readonly reading: boolean;
  /** Menus that offer it; the palette offers everything. */
  readonly menus?: readonly Menu[];
};

/** What a menu was opened on: a step (or several), or the chart between them. */
export type Menu = "step" | "chart";

export const plain = (key: string) => (press: KeyPress) =>
  press.key.toLowerCase() === key && !press.command && !press.shift;
export const command = (key: string) => (press: KeyPress) =>
  press.key.toLowerCase() === key && press.command && !press.shift;
export const shifted = (key: string) => (press: KeyPress) =>
  press.key.toLowerCase() === key && press.shift && !press.command;
export const shiftedCommand = (key: string) => (press: KeyPress) =>
  press.key.toLowerCase() === key && press.command && press.shift;
/** Keys the browser turns into events of its own: copy, cut and paste. */
export const never = (): boolean => false;
export const always = (): boolean => true;

export const hasSteps = ({ store }: ActionTools): boolean => store.getState().selection.nodes.length > 0;
export const hasSelection = ({ store }: ActionTools): boolean => {
  const { nodes, bundle, mark } = store.getState().selection;
  return nodes.length > 0 || bundle !== null || mark !== null;
};
/** The one step that is selected. */
export function onlyStep({ store }: Pick<ActionTools, "store">): string | null {
  const { nodes } = store.getState().selection;
  return nodes.length === 1 ? (nodes[0] ?? null) : null;
}
