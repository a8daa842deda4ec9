"use client";

import { Command } from "cmdk";
import { Popover } from "radix-ui";
import { useMemo, useRef, useState } from "react";
import type { AnyNodeDefinition } from "#engine";
import { stepName } from "../canvas/drawing";
import { iconOf } from "../canvas/icons";
import { replaceStep } from "../commands/rearrange";
import { nodeById, viewOf } from "../commands/step-view";
import type { WithStep } from "../commands/steps";
import { connect, connectProblem } from "../commands/wiring";
import { useDesigner, useDesignerContext, useDrawing, useText, useWords } from "../store/context";
import type { PickerPlace, Picker as PickerState } from "../store/store";
import { foundGroups, paletteGroups, score } from "./entries";
import { MoveTargets } from "./move-targets";
import { type Refusal, refusalOf, stepAt } from "./placement";

const groups = paletteGroups();
/** Steps offered to connect to before the author searches. */
const TARGETS_MAX = 200;

/** Asks which step comes next, or where a step should stand: only what may be can be chosen, the rest says why not. */
export function Picker() {
  const picker = useDesigner((state) => state.picker);
  return picker === null ? null : <OpenPicker picker={picker} />;
}

/** What is being asked, above the search; a step for a place needs no words. */
function PickerTitle({ picker }: { readonly picker: PickerState }) {
  const text = useText();
  const words = useWords();
  const doc = useDesigner((state) => state.doc);
  if ("place" in picker) return null;
  const node = nodeById(doc, "replaces" in picker ? picker.replaces : picker.moves);
  if (node === undefined) return null;
  const step = stepName(node, words);
  return <p className="dz-picker-title">{text("replaces" in picker ? "replace.title" : "move.title", { step })}</p>;
}

function OpenPicker({ picker }: { readonly picker: PickerState }) {
  const openPicker = useDesigner((state) => state.openPicker);
  const text = useText();
  const [search, setSearch] = useState("");
  const anchor = useRef({ getBoundingClientRect: () => new DOMRect(0, 0, 0, 0) });
  anchor.current = { getBoundingClientRect: () => new DOMRect(picker.screen.x, picker.screen.y, 0, 0) };
  const asks = "moves" in picker ? text("move.search") : text("picker.search");
  return (
    <Popover.Root open onOpenChange={(open) => (open ? undefined : openPicker(null))}>
      <Popover.Anchor virtualRef={anchor} />
      <Popover.Portal>
        <Popover.Content className="dz-picker" side="bottom" align="center" sideOffset={8} collisionPadding={12}>
          <PickerTitle picker={picker} />
          <Command label={text("picker.title")} loop shouldFilter={false}>
            <Command.Input
              autoFocus
              value={search}
              onValueChange={setSearch}
              placeholder={asks}
              className="dz-picker-search"
            />
            <Command.List className="dz-picker-list">
              {"moves" in picker ? (
                <MoveTargets nodeId={picker.moves} search={search} />
              ) : (
                <>
                  <Command.Empty className="dz-hint">{text("palette.nothing")}</Command.Empty>
                  {"replaces" in picker ? (
                    <Replacements nodeId={picker.replaces} search={search} />
                  ) : (
                    <>
                      <NewSteps place={picker.place} search={search} />
                      <KnownSteps place={picker.place} search={search} />
                    </>
                  )}
                </>
              )}
            </Command.List>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** Step types that answer a search, by group; those that may not be chosen say why. */
function StepTypes({
  search,
  refusal,
  make,
}: {
  readonly search: string;
  readonly refusal: (definition: AnyNodeDefinition) => Refusal | null;
  readonly make: (type: string) => WithStep | null;
}) {
  const { store } = useDesignerContext();
  const locale = useDesigner((state) => state.locale);
  const text = useText();
  const choose = (type: string): void => {
    const { dispatch, select, openPicker } = store.getState();
    const made = make(type);
    openPicker(null);
    if (made === null) return;
    dispatch(made.change);
    select({ nodes: [made.nodeId] });
  };
  return foundGroups(groups, search).map(({ group, definitions }) => (
    <Command.Group key={group} heading={text(`groups.${group}`)} data-group={group}>
      {definitions.map((definition) => {
        const why = refusal(definition);
        const Icon = iconOf(definition);
        return (
          <Command.Item
            key={definition.type}
            value={definition.type}
            disabled={why !== null}
            onSelect={() => choose(definition.type)}
            className="dz-picker-item"
          >
            <span className="dz-icon">
              <Icon size={15} aria-hidden />
            </span>
            <span className="dz-picker-name">{definition.texts[locale].title}</span>
            {why !== null && <span className="dz-picker-why">{text(`palette.refused.${why}`)}</span>}
          </Command.Item>
        );
      })}
    </Command.Group>
  ));
}

function NewSteps({ place, search }: { readonly place: PickerPlace; readonly search: string }) {
  const { store } = useDesignerContext();
  const drawing = useDrawing();
  return (
    <StepTypes
      search={search}
      refusal={(definition) => refusalOf(definition, place)}
      make={(type) => stepAt(store.getState().doc, drawing.positions, { type, place })}
    />
  );
}

function Replacements({ nodeId, search }: { readonly nodeId: string; readonly search: string }) {
  const { store } = useDesignerContext();
  const doc = useDesigner((state) => state.doc);
  return (
    <StepTypes
      search={search}
      refusal={({ type }) => (replaceStep(doc, nodeId, type) === null ? "ends-path" : null)}
      make={(type) => replaceStep(store.getState().doc, nodeId, type)}
    />
  );
}

/** Leading a way on to a step that is there already: the keyboard's way to connect. */
function KnownSteps({ place, search }: { readonly place: PickerPlace; readonly search: string }) {
  const { store } = useDesignerContext();
  const doc = useDesigner((state) => state.doc);
  const words = useWords();
  const text = useText();
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
