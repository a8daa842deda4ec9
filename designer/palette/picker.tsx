"use client";

import { Command } from "cmdk";
import { Popover } from "radix-ui";
import { useMemo, useRef, useState } from "react";
import { stepName } from "../canvas/drawing";
import { iconOf } from "../canvas/icons";
import { viewOf } from "../commands/step-view";
import { connect, connectProblem } from "../commands/wiring";
import { useDesigner, useDesignerContext, useDrawing, useText, useWords } from "../store/context";
import type { Picker as PickerState } from "../store/store";
import { foundGroups, paletteGroups, score } from "./entries";
import { refusalOf, stepAt } from "./placement";

const groups = paletteGroups();
/** Steps offered to connect to before the author searches. */
const TARGETS_MAX = 200;

/** Asks which step comes next: only what may stand there can be chosen, the rest says why not. */
export function Picker() {
  const picker = useDesigner((state) => state.picker);
  return picker === null ? null : <OpenPicker picker={picker} />;
}

type Part = { readonly picker: PickerState; readonly search: string };

function OpenPicker({ picker }: { readonly picker: PickerState }) {
  const openPicker = useDesigner((state) => state.openPicker);
  const text = useText();
  const [search, setSearch] = useState("");
  const anchor = useRef({ getBoundingClientRect: () => new DOMRect(0, 0, 0, 0) });
  anchor.current = { getBoundingClientRect: () => new DOMRect(picker.screen.x, picker.screen.y, 0, 0) };
  return (
    <Popover.Root open onOpenChange={(open) => (open ? undefined : openPicker(null))}>
      <Popover.Anchor virtualRef={anchor} />
      <Popover.Portal>
        <Popover.Content className="dz-picker" side="bottom" align="center" sideOffset={8} collisionPadding={12}>
          <Command label={text("picker.title")} loop shouldFilter={false}>
            <Command.Input
              autoFocus
              value={search}
              onValueChange={setSearch}
              placeholder={text("picker.search")}
              className="dz-picker-search"
            />
            <Command.List className="dz-picker-list">
              <Command.Empty className="dz-hint">{text("palette.nothing")}</Command.Empty>
              <NewSteps picker={picker} search={search} />
              <KnownSteps picker={picker} search={search} />
            </Command.List>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function NewSteps({ picker, search }: Part) {
  const { store } = useDesignerContext();
  const drawing = useDrawing();
  const locale = useDesigner((state) => state.locale);
  const text = useText();
  const choose = (type: string): void => {
    const { doc, dispatch, select, openPicker } = store.getState();
    const made = stepAt(doc, drawing.positions, { type, place: picker.place });
    openPicker(null);
    if (made === null) return;
    dispatch(made.change);
    select({ nodes: [made.nodeId] });
  };
  return foundGroups(groups, search).map(({ group, definitions }) => (
    <Command.Group key={group} heading={text(`groups.${group}`)} data-group={group}>
      {definitions.map((definition) => {
        const refusal = refusalOf(definition, picker.place);
        const Icon = iconOf(definition);
        return (
          <Command.Item
            key={definition.type}
            value={definition.type}
            disabled={refusal !== null}
            onSelect={() => choose(definition.type)}
            className="dz-picker-item"
          >
            <span className="dz-icon">
              <Icon size={15} aria-hidden />
            </span>
            <span className="dz-picker-name">{definition.texts[locale].title}</span>
            {refusal !== null && <span className="dz-picker-why">{text(`palette.refused.${refusal}`)}</span>}
          </Command.Item>
        );
      })}
    </Command.Group>
  ));
}

/** Leading a way on to a step that is there already: the keyboard's way to connect. */
function KnownSteps({ picker, search }: Part) {
  const { store } = useDesignerContext();
  const doc = useDesigner((state) => state.doc);
  const words = useWords();
  const text = useText();
  const { place } = picker;
  const targets = useMemo(() => {
    if (place.kind !== "behind") return [];
    return doc.nodes
      .filter((node) => connectProblem(doc, place.from, node.id) === null)
      .filter((node) => score(search, [`${stepName(node, words)}\n${node.id}`]) > 0)
      .slice(0, TARGETS_MAX);
  }, [doc, place, search, words]);
  if (place.kind !== "behind" || targets.length === 0) return null;
  return (
    <Command.Group heading={text("picker.connect-to")}>
      {targets.map((node) => {
        const { definition } = viewOf(node);
        const Icon = iconOf(definition);
        return (
          <Command.Item
            key={node.id}
            value={`>${node.id}`}
            onSelect={() => {
              const { dispatch, openPicker } = store.getState();
              openPicker(null);
              dispatch(connect(doc, place.from, node.id));
            }}
            className="dz-picker-item"
            data-group={definition?.group}
          >
            <span className="dz-icon">
              <Icon size={15} aria-hidden />
            </span>
            <span className="dz-picker-name">{stepName(node, words)}</span>
            <span className="dz-picker-why">{node.id}</span>
          </Command.Item>
        );
      })}
    </Command.Group>
  );
}
