import { type Action, type ActionTools, always, command, hasSelection, plain, shifted, shiftedCommand } from "./action";
import { type Direction, stepTowards } from "./walk";

/* What changes where one looks, and never the strategy. */

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
  const label = `actions.walk-${direction}` as const;
  return {
    id: `walk-${direction}`,
    label,
    keys: [sign],
    matches: plain(`arrow${direction}`),
    enabled: always,
    run: walk(direction),
    reading: true,
  };
}

function leave(tools: ActionTools): void {
  const { select, open } = tools.store.getState();
  // With nothing selected, one goes a level up: out of a strategy inside.
  if (hasSelection(tools)) select({});
  else open(null);
}

export const LOOKING: readonly Action[] = [
  {
    id: "commands",
    label: "actions.commands",
    keys: ["Ctrl", "K"],
    matches: command("k"),
    enabled: always,
    run: ({ openPalette }) => openPalette("commands"),
    reading: true,
  },
  {
    id: "find",
    label: "actions.find",
    keys: ["Ctrl", "F"],
    matches: command("f"),
    enabled: always,
    run: ({ openPalette }) => openPalette("find"),
    reading: true,
    menus: ["chart"],
  },
  {
    id: "find-everywhere",
    label: "actions.find-everywhere",
    keys: ["Ctrl", "Shift", "F"],
    matches: shiftedCommand("f"),
    enabled: ({ findEverywhere }) => findEverywhere !== null,
    run: ({ findEverywhere }) => findEverywhere?.(),
    reading: true,
  },
  {
    id: "select-all",
    label: "actions.select-all",
    keys: ["Ctrl", "A"],
    matches: command("a"),
    enabled: always,
    run: ({ store }) => store.getState().select({ nodes: store.getState().doc.nodes.map((node) => node.id) }),
    reading: true,
    menus: ["chart"],
  },
  {
    id: "fit",
    label: "canvas.fit",
    keys: ["F"],
    matches: plain("f"),
    enabled: always,
    run: ({ showAll }) => showAll(),
    reading: true,
    menus: ["chart"],
  },
  {
    id: "zoom-in",
    label: "actions.zoom-in",
    keys: ["+"],
    matches: (press) => (press.key === "+" || press.key === "=") && !press.command,
    enabled: always,
    run: ({ zoom }) => zoom(1),
    reading: true,
  },
  {
    id: "zoom-out",
    label: "actions.zoom-out",
    keys: ["-"],
    matches: (press) => (press.key === "-" || press.key === "_") && !press.command,
    enabled: always,
    run: ({ zoom }) => zoom(-1),
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
    matches: shifted("f8"),
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
    enabled: (tools) => hasSelection(tools) || tools.store.getState().opened !== null,
    run: leave,
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
