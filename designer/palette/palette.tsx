"use client";

import { ChevronDown, ChevronRight, Search } from "lucide-react";
import { useId, useState } from "react";
import type { AnyNodeDefinition, NodeGroup } from "#engine";
import { iconOf } from "../canvas/icons";
import { useDesigner, useDesignerContext, useDrawing, useText } from "../store/context";
import { DRAGGED_TYPE } from "./dragged-type";
import { foundGroups, type PaletteGroup, paletteGroups } from "./entries";
import { nextPlace, refusalOf, stepAt } from "./placement";

const groups = paletteGroups();

/** Step types by group: drag one onto the drawing or a line, or press Enter to add it behind what is selected. */
export function Palette() {
  const text = useText();
  const [search, setSearch] = useState("");
  const [folded, setFolded] = useState<readonly NodeGroup[]>([]);
  const found = foundGroups(groups, search);
  const fold = (group: NodeGroup): void =>
    setFolded((before) => (before.includes(group) ? before.filter((known) => known !== group) : [...before, group]));
  return (
    <nav className="dz-palette" aria-label={text("palette.title")}>
      <div className="dz-search">
        <Search size={14} aria-hidden />
        <input
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          placeholder={text("palette.search")}
          aria-label={text("palette.search")}
        />
      </div>
      <div className="dz-palette-list">
        {found.map((one) => (
          <PaletteSection
            key={one.group}
            {...one}
            // What is searched is shown, whatever was folded before.
            open={search.trim() !== "" || !folded.includes(one.group)}
            onFold={() => fold(one.group)}
          />
        ))}
        {found.length === 0 && <p className="dz-hint">{text("palette.nothing")}</p>}
      </div>
      <p className="dz-hint dz-palette-hint">{text("palette.hint")}</p>
    </nav>
  );
}

function PaletteSection({
  group,
  definitions,
  open,
  onFold,
}: PaletteGroup & { readonly open: boolean; readonly onFold: () => void }) {
  const id = useId();
  const text = useText();
  const name = text(`groups.${group}`);
  const Chevron = open ? ChevronDown : ChevronRight;
  const said = open
    ? text("palette.fold", { group: name })
    : text("palette.unfold", { group: name, count: definitions.length });
  return (
    <section data-group={group}>
      <h3>
        <button
          type="button"
          className="dz-palette-group"
          aria-expanded={open}
          aria-controls={id}
          aria-label={said}
          title={said}
          onClick={onFold}
        >
          <span className="dz-palette-group-name">{name}</span>
          {!open && <span className="dz-palette-group-count">{definitions.length}</span>}
          <Chevron size={13} aria-hidden />
        </button>
      </h3>
      <div id={id} hidden={!open}>
        {definitions.map((definition) => (
          <PaletteItem key={definition.type} definition={definition} />
        ))}
      </div>
    </section>
  );
}

function PaletteItem({ definition }: { readonly definition: AnyNodeDefinition }) {
  const { store } = useDesignerContext();
  const drawing = useDrawing();
  const locale = useDesigner((state) => state.locale);
  const { title, help } = definition.texts[locale];
  const Icon = iconOf(definition);
  const add = (): void => {
    const { doc, selection, dispatch, select } = store.getState();
    const wished = nextPlace(doc, drawing, selection);
    const place = refusalOf(definition, wished) === null ? wished : ({ kind: "loose", at: null } as const);
    const made = stepAt(doc, drawing.positions, { type: definition.type, place });
    if (made === null) return;
    dispatch(made.change);
    select({ nodes: [made.nodeId] });
  };
  return (
    <button
      type="button"
      className="dz-palette-item"
      data-testid={`palette-${definition.type}`}
      draggable
      title={help}
      onClick={add}
      onDragStart={(event) => {
        event.dataTransfer.setData(DRAGGED_TYPE, definition.type);
        event.dataTransfer.effectAllowed = "copy";
      }}
    >
      <span className="dz-icon">
        <Icon size={16} aria-hidden />
      </span>
      <span className="dz-palette-name">{title}</span>
    </button>
  );
}
