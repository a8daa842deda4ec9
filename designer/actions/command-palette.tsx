"use client";

import { Command } from "cmdk";
import { Dialog } from "radix-ui";
import { useMemo, useRef, useState } from "react";
import { type Found, findIndex, findSteps, inLocale } from "#engine";
import { stepName } from "../canvas/drawing";
import { iconOf } from "../canvas/icons";
import { viewOf } from "../commands/step-view";
import { foundGroups, paletteGroups, score } from "../palette/entries";
import { nextPlace, refusalOf, stepAt } from "../palette/placement";
import { contentsOf, useDesigner, useDesignerContext, useText, useWords } from "../store/context";
import type { Action, ActionTools, PaletteKind } from "./action";
import { actionsNow } from "./actions";
import { Keys } from "./keys";

/** Steps shown of those found. */
const FOUND_MAX = 40;
/** Among commands steps come last and are few: whoever looks for a step has a search of its own. */
const FOUND_AMONG_COMMANDS_MAX = 8;

/** Everything that can be done now, in one search; or the steps, by whatever they say. */
export function CommandPalette({
  palette,
  tools,
  onClose,
}: {
  readonly palette: PaletteKind | null;
  readonly tools: ActionTools;
  readonly onClose: () => void;
}) {
  const text = useText();
  const chosen = useRef<Action | null>(null);
  const choose = (action: Action): void => {
    chosen.current = action;
    onClose();
  };
  const title = palette === "find" ? text("find.title") : text("command.title");
  return (
    <Dialog.Root open={palette !== null} onOpenChange={(open) => (open ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Overlay className="dz-veil" />
        <Dialog.Content
          className="dz-command"
          aria-describedby={undefined}
          // Done when the palette has given the focus back: a picker that opens before would lose it and close again.
          onCloseAutoFocus={(event) => {
            const action = chosen.current;
            chosen.current = null;
            if (action === null) return;
            event.preventDefault();
            action.run(tools);
          }}
        >
          <Dialog.Title className="sr-only">{title}</Dialog.Title>
          {palette === "find" && <FindPalette tools={tools} onClose={onClose} />}
          {palette === "commands" && <Commands tools={tools} onClose={onClose} onChoose={choose} />}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

type Part = { readonly tools: ActionTools; readonly onClose: () => void };

function useFound(search: string): readonly Found[] {
  const whole = useDesigner((state) => state.whole);
  const pack = useDesigner((state) => state.pack);
  const { locale, fields } = useWords();
  const index = useMemo(
    () => findIndex(whole, { locale, fields, contents: contentsOf({ doc: whole, pack }) }),
    [whole, pack, locale, fields],
  );
  return useMemo(() => findSteps(index, search), [index, search]);
}

function Commands({ tools, onClose, onChoose }: Part & { readonly onChoose: (action: Action) => void }) {
  const text = useText();
  const [search, setSearch] = useState("");
  const found = useFound(search);
  const actions = actionsNow(tools).filter(
    ({ id, label }) => id !== "commands" && score(search, [`${text(label)}\n${id}`]) > 0,
  );
  return (
    <Command label={text("command.title")} loop shouldFilter={false}>
      <Command.Input
        autoFocus
        value={search}
        onValueChange={setSearch}
        placeholder={text("command.search")}
        className="dz-picker-search"
      />
      <Command.List className="dz-picker-list">
        <Command.Empty className="dz-hint">{text("command.nothing")}</Command.Empty>
        {actions.length > 0 && (
          <Command.Group heading={text("command.actions")}>
            {actions.map((action) => (
              <Command.Item
                key={action.id}
                value={`action ${action.id}`}
                className="dz-picker-item"
                onSelect={() => onChoose(action)}
              >
                <span className="dz-picker-name">{text(action.label)}</span>
                <span className="dz-key-row">
                  <Keys keys={action.keys} />
                </span>
              </Command.Item>
            ))}
          </Command.Group>
        )}
        <NewSteps search={search} tools={tools} onClose={onClose} />
        {found.length > 0 && (
          <Command.Group heading={text("command.steps")}>
            {found.slice(0, FOUND_AMONG_COMMANDS_MAX).map((one) => (
              <FoundStep key={`${one.strategy} ${one.node.id}`} found={one} onClose={onClose} />
            ))}
          </Command.Group>
        )}
      </Command.List>
    </Command>
  );
}

/** Step types by name, added where the next step would go. Nothing is listed before one searches. */
function NewSteps({ search, tools, onClose }: Part & { readonly search: string }) {
  const { store } = useDesignerContext();
  const locale = useDesigner((state) => state.locale);
  const readOnly = useDesigner((state) => state.readOnly);
  const text = useText();
  if (readOnly || search.trim() === "") return null;
  const definitions = foundGroups(paletteGroups(), search).flatMap((group) => group.definitions);
  if (definitions.length === 0) return null;
  const add = (type: string): void => {
    const { doc, selection, dispatch, select } = store.getState();
    const definition = definitions.find((one) => one.type === type);
    const wished = nextPlace(doc, tools.drawing, selection);
    const refused = definition === undefined || refusalOf(definition, wished) !== null;
    const place = refused ? ({ kind: "loose", at: null } as const) : wished;
    const made = stepAt(doc, tools.drawing.positions, { type, place });
    onClose();
    if (made === null) return;
    dispatch(made.change);
    select({ nodes: [made.nodeId] });
  };
  return (
    <Command.Group heading={text("command.add")}>
      {definitions.map((definition) => {
        const Icon = iconOf(definition);
        return (
          <Command.Item
            key={definition.type}
            value={`add ${definition.type}`}
            className="dz-picker-item"
            data-group={definition.group}
            onSelect={() => add(definition.type)}
          >
            <span className="dz-icon">
              <Icon size={15} aria-hidden />
            </span>
            <span className="dz-picker-name">{definition.texts[locale].title}</span>
          </Command.Item>
        );
      })}
    </Command.Group>
  );
}

function FindPalette({ onClose }: Part) {
  const text = useText();
  const [search, setSearch] = useState("");
  const found = useFound(search);
  const more = found.length - FOUND_MAX;
  return (
    <Command label={text("find.title")} loop shouldFilter={false}>
      <Command.Input
        autoFocus
        value={search}
        onValueChange={setSearch}
        placeholder={text("find.search")}
        className="dz-picker-search"
      />
      <Command.List className="dz-picker-list">
        {search.trim() === "" && <p className="dz-hint dz-command-hint">{text("find.hint")}</p>}
        {search.trim() !== "" && found.length === 0 && (
          <p className="dz-hint dz-command-hint">{text("find.nothing")}</p>
        )}
        {found.slice(0, FOUND_MAX).map((one) => (
          <FoundStep key={`${one.strategy} ${one.node.id}`} found={one} onClose={onClose} />
        ))}
        {more > 0 && <p className="dz-hint dz-command-hint">{text("find.more", { count: more })}</p>}
      </Command.List>
    </Command>
  );
}

/** A step that was found, where it stands, and the words that were met. */
function FoundStep({ found, onClose }: { readonly found: Found; readonly onClose: () => void }) {
  const { store } = useDesignerContext();
  const whole = useDesigner((state) => state.whole);
  const text = useText();
  const words = useWords();
  const { node, strategy } = found;
  const { definition } = viewOf(node);
  const Icon = iconOf(definition);
  const inside = whole.strategies.find(({ key }) => key === strategy);
  const where = inside === undefined ? "" : `${inLocale(inside.name, words.locale)} / `;
  const met = found.in === "name" ? node.id : `${text(`find.in-${found.in}`)}: ${found.words}`;
  return (
    <Command.Item
      value={`step ${strategy ?? ""} ${node.id}`}
      className="dz-picker-item"
      data-group={definition?.group}
      onSelect={() => {
        onClose();
        store.getState().open(strategy);
        store.getState().select({ nodes: [node.id] });
      }}
    >
      <span className="dz-icon">
        <Icon size={15} aria-hidden />
      </span>
      <span className="dz-picker-name">{`${where}${stepName(node, words)}`}</span>
      <span className="dz-picker-why">{met}</span>
    </Command.Item>
  );
}
