"use client";

import { Command } from "cmdk";
import { ChevronsUpDown } from "lucide-react";
import { Popover } from "radix-ui";
import { type ReactNode, useState } from "react";
import { COUNTER_DAYS_MAX, counterFact, counterOfFact, type FactType, fieldOf, inLocale } from "#engine";
import { useDesigner, useFields, useText } from "../store/context";
import { DaysInput } from "./days-input";
import { answers, factChoices } from "./fact-groups";

export type FactPickerProps = {
  readonly id?: string;
  readonly label: string;
  /** Key of the chosen fact; the empty text = none yet. */
  readonly value: string;
  readonly types?: readonly FactType[] | undefined;
  /** Facts that are chosen elsewhere already. */
  readonly without?: readonly string[];
  readonly readOnly: boolean;
  readonly invalid?: boolean;
  readonly className?: string;
  /** Stands in place of the field's name: a verb that opens the list. */
  readonly trigger?: ReactNode;
  readonly onFact: (key: string) => void;
};

/** A fact out of everything the strategy may ask, found by name, key or what lenders call it; and over how many days, for a count. */
export function FactPicker(props: FactPickerProps) {
  const { value, readOnly, trigger, onFact } = props;
  const counter = counterOfFact(value);
  return (
    <>
      <FactList {...props} />
      {counter !== null && trigger === undefined && (
        <CounterDays
          days={counter.days}
          readOnly={readOnly}
          onDays={(days) => onFact(counterFact({ metric: counter.metric, days }))}
        />
      )}
    </>
  );
}

function FactList({ id, label, value, readOnly, invalid, className = "", trigger, ...list }: FactPickerProps) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const fields = useFields();
  const [open, setOpen] = useState(false);
  const field = value === "" ? undefined : fieldOf(fields, value);
  const unknown = value === "" ? text("facts.choose") : text("condition.unknown-fact", { fact: value });
  const name = field === undefined ? unknown : inLocale(field.label, locale);
  const look = trigger === undefined ? "dz-input dz-fact" : "dz-text-button";
  return (
    <Popover.Root open={open} onOpenChange={(next) => setOpen(next && !readOnly)}>
      <Popover.Trigger
        id={id}
        disabled={readOnly}
        className={`${look} ${className}`}
        aria-label={trigger === undefined ? `${label}: ${name}` : label}
        data-empty={value === ""}
        {...(invalid === true ? { "data-invalid": "true" } : {})}
        title={name}
      >
        {trigger ?? (
          <>
            <span className="dz-fact-name">{name}</span>
            {!readOnly && <ChevronsUpDown size={13} aria-hidden />}
          </>
        )}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="dz-picker"
          aria-label={label}
          side="bottom"
          align="start"
          sideOffset={4}
          collisionPadding={12}
        >
          <Choices
            {...list}
            label={label}
            value={value}
            onFact={(key) => {
              setOpen(false);
              list.onFact(key);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

type ChoicesProps = Pick<FactPickerProps, "label" | "value" | "types" | "without" | "onFact">;

function Choices({ label, value, types, without = [], onFact }: ChoicesProps) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const fields = useFields();
  const [search, setSearch] = useState("");
  const groups = factChoices(fields, value, types);
  return (
    <Command label={label} loop shouldFilter={false} defaultValue={value}>
      <Command.Input
        autoFocus
        value={search}
        onValueChange={setSearch}
        placeholder={text("facts.search")}
        className="dz-picker-search"
      />
      <Command.List className="dz-picker-list">
        <Command.Empty className="dz-hint">{text("facts.nothing")}</Command.Empty>
        {groups.map(({ group, fields: offered }) => {
          const found = offered.filter((field) => !without.includes(field.key) && answers(field, search));
          if (found.length === 0) return null;
          return (
            <Command.Group key={group} heading={text(`facts.groups.${group}`)}>
              {found.map((field) => (
                <Command.Item
                  key={field.key}
                  value={field.key}
                  onSelect={() => onFact(field.key)}
                  className="dz-picker-item"
                >
                  <span className="dz-picker-name">{inLocale(field.label, locale)}</span>
                  <span className="dz-picker-why">{text(`types.${field.type}`)}</span>
                </Command.Item>
              ))}
            </Command.Group>
          );
        })}
      </Command.List>
    </Command>
  );
}

function CounterDays({
  days,
  readOnly,
  onDays,
}: {
  readonly days: number;
  readonly readOnly: boolean;
  readonly onDays: (days: number) => void;
}) {
  const text = useText();
  return (
    <span className="dz-counter">
      <span aria-hidden>{text("facts.last")}</span>
      <DaysInput
        days={days}
        label={text("facts.counter-days")}
        minimum={1}
        maximum={COUNTER_DAYS_MAX}
        problem={text("facts.counter-days-problem", { maximum: COUNTER_DAYS_MAX })}
        readOnly={readOnly}
        onDays={(count) => {
          onDays(count);
          return true;
        }}
      />
    </span>
  );
}
