"use client";

import { Ban, GripVertical, ListPlus, Plus, X } from "lucide-react";
import { useId, useRef, useState } from "react";
import { type Condition, conditionSentence, fieldOf, inLocale } from "#engine";
import { IconButton } from "../controls/icon-button";
import { Select, TextButton } from "../controls/inputs";
import { useDesigner, useFields, useText } from "../store/context";
import { ConditionAnswer } from "./condition-answer";
import {
  addItem,
  asGroup,
  type ConditionView,
  conditionOfView,
  depthOf,
  editAt,
  firstQuestion,
  usableFields,
  type ViewPath,
  viewOfCondition,
} from "./condition-model";
import { Question } from "./question";
import { type ConditionDrag, useConditionDrag } from "./use-condition-drag";

/** The builder offers no deeper groups than people can still read; deeper ones from a file are shown and edited all the same. */
const OFFERED_DEPTH_MAX = 4;

export type ConditionBuilderProps = {
  readonly id: string;
  readonly condition: Condition | null;
  readonly readOnly: boolean;
  /** Whether the last question may be taken away. */
  readonly mayBeEmpty: boolean;
  readonly onCondition: (condition: Condition | null, gesture?: "typing") => boolean;
};

/** Nested questions joined by all or any, any of them denied; below them the sentence they make and how many accounts it finds. */
export function ConditionBuilder({ condition, ...props }: ConditionBuilderProps) {
  const { id, readOnly, onCondition } = props;
  const text = useText();
  const fields = useFields();
  const first = usableFields(fields)[0];
  if (condition === null) {
    return (
      <div className="dz-condition" id={id}>
        <p className="dz-hint">{text("condition.empty")}</p>
        {first !== undefined && !readOnly && (
          <TextButton onClick={() => onCondition({ all: [firstQuestion(first)] })}>
            <Plus size={13} aria-hidden />
            {text("condition.add")}
          </TextButton>
        )}
      </div>
    );
  }
  return <Questions {...props} condition={condition} />;
}

function Questions({
  id,
  condition,
  readOnly,
  mayBeEmpty,
  onCondition,
}: ConditionBuilderProps & { readonly condition: Condition }) {
  const fields = useFields();
  const locale = useDesigner((state) => state.locale);
  const host = useRef<HTMLDivElement>(null);
  const [workedOn, setWorkedOn] = useState(false);
  const root = viewOfCondition(condition);
  const store = (view: ConditionView | null, gesture?: "typing"): boolean => {
    const next = view === null ? null : conditionOfView(view);
    return next === null && !mayBeEmpty ? false : onCondition(next, gesture);
  };
  const drag = useConditionDrag(host, { root: asGroup(root), depthMax: OFFERED_DEPTH_MAX + 1, store });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens whether one of its controls is worked on
    <div className="dz-condition" id={id} ref={host} onFocus={() => setWorkedOn(true)}>
      <Group view={asGroup(root)} path={[]} root={root} readOnly={readOnly} store={store} drag={drag} />
      <p className="dz-sentence">{conditionSentence(condition, fields, locale)}</p>
      <ConditionAnswer condition={condition} active={workedOn} />
    </div>
  );
}

type Store = (view: ConditionView | null, gesture?: "typing") => boolean;
type PartProps<TView> = {
  readonly view: TView;
  readonly path: ViewPath;
  readonly root: ConditionView;
  readonly readOnly: boolean;
  readonly store: Store;
  readonly drag: ConditionDrag;
};

function Group({ view, path, root, readOnly, store, drag }: PartProps<ReturnType<typeof asGroup>>) {
  const text = useText();
  const id = useId();
  const fields = useFields();
  const first = usableFields(fields)[0];
  // A single question at the root is shown as a group of one; paths then start inside that group.
  const single = root.kind === "leaf";
  const base = single ? asGroup(root) : root;
  const edit = (at: ViewPath, change: (found: ConditionView) => ConditionView | null, gesture?: "typing"): boolean =>
    store(editAt(base, at, change), gesture);
  const joinValue = view.denied ? (`not-${view.join}` as const) : view.join;
  const setJoin = (value: string): void => {
    const join = value.endsWith("any") ? "any" : "all";
    edit(path, (found) => ({ ...asGroup(found), join, denied: value.startsWith("not-") }));
  };
  const parts = { readOnly, store, drag };
  const add = (item: ConditionView): void => {
    store(addItem(base, path, item));
  };
  return (
    <div className="dz-group" data-depth={path.length} {...(path.length > 0 ? drag.target(path) : {})}>
      <div className="dz-group-head" hidden={path.length === 0 && view.items.length === 1 && !view.denied}>
        {path.length > 0 && !readOnly && <Grip path={path} name={text(`condition.joins.${joinValue}`)} drag={drag} />}
        <label htmlFor={id} className="sr-only">
          {text("condition.join")}
        </label>
        <Select
          id={id}
          value={joinValue}
          disabled={readOnly}
          choices={(["all", "any", "not-all", "not-any"] as const).map((value) => ({
            value,
            label: text(`condition.joins.${value}`),
          }))}
          onValue={setJoin}
        />
        {path.length > 0 && !readOnly && (
          <IconButton label={text("condition.remove-group")} onClick={() => edit(path, () => null)}>
            <X size={14} aria-hidden />
          </IconButton>
        )}
      </div>
      {view.items.map((item, index) => (
        // Questions have no names of their own; editing and moving replace them at their place.
        <Item {...parts} key={[...path, index].join(".")} view={item} path={[...path, index]} root={base} />
      ))}
      {first !== undefined && !readOnly && (
        <div className="dz-group-tools">
          <TextButton onClick={() => add({ kind: "leaf", denied: false, leaf: firstQuestion(first) })}>
            <Plus size={13} aria-hidden />
            {text("condition.add")}
          </TextButton>
          {depthOf(root) < OFFERED_DEPTH_MAX + path.length && path.length < OFFERED_DEPTH_MAX && (
            <TextButton
              onClick={() => {
                const join = view.join === "all" ? "any" : "all";
                const leaf: ConditionView = { kind: "leaf", denied: false, leaf: firstQuestion(first) };
                add({ kind: "group", denied: false, join, items: [leaf] });
              }}
            >
              <ListPlus size={13} aria-hidden />
              {text("condition.add-group")}
            </TextButton>
          )}
        </div>
      )}
    </div>
  );
}

/** What a question or a group is taken by; its keys move it too. */
function Grip({ path, name, drag }: { readonly path: ViewPath; readonly name: string; readonly drag: ConditionDrag }) {
  const text = useText();
  return (
    <button
      type="button"
      className="dz-grip"
      aria-label={text("condition.grip", { name })}
      aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown Alt+ArrowRight Alt+ArrowLeft"
      title={text("condition.grip-keys")}
      {...drag.grip(path)}
    >
      <GripVertical size={13} aria-hidden />
    </button>
  );
}

function Item({ view, path, root, readOnly, store, drag }: PartProps<ConditionView>) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const fields = useFields();
  if (view.kind === "group") {
    return <Group view={view} path={path} root={root} readOnly={readOnly} store={store} drag={drag} />;
  }
  const field = fieldOf(fields, view.leaf.fact);
  const name = field === undefined ? view.leaf.fact : inLocale(field.label, locale);
  return (
    <div className="dz-question" data-denied={view.denied} {...drag.target(path)}>
      {!readOnly && <Grip path={path} name={name} drag={drag} />}
      <Question
        leaf={view.leaf}
        readOnly={readOnly}
        onLeaf={(leaf, gesture) =>
          store(
            editAt(root, path, () => ({ ...view, leaf })),
            gesture,
          )
        }
      />
      {!readOnly && (
        <div className="dz-question-tools">
          <IconButton
            label={text("condition.deny")}
            pressed={view.denied}
            onClick={() => store(editAt(root, path, () => ({ ...view, denied: !view.denied })))}
          >
            <Ban size={13} aria-hidden />
          </IconButton>
          <IconButton label={text("condition.remove", { name })} onClick={() => store(editAt(root, path, () => null))}>
            <X size={14} aria-hidden />
          </IconButton>
        </div>
      )}
    </div>
  );
}
