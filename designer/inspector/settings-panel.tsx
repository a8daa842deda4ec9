"use client";

import { Plus, X } from "lucide-react";
import { useId } from "react";
import {
  AUTHOR_EXIT_REASONS,
  EXIT_REASONS,
  type ExitReason,
  exitReasonTexts,
  type Issue,
  inLocale,
  RELEASE_DEFAULT,
  RELEASE_MODES,
  type StrategySettings,
} from "#engine";
import { setDescription, setName, setSettings } from "../commands/details";
import { nextId } from "../commands/ids";
import { renameStrategy } from "../commands/sub-strategies";
import { IconButton } from "../controls/icon-button";
import { Input, LabelledField, Select, TextButton } from "../controls/inputs";
import { useIssueText } from "../problems/problems";
import { useDesigner, useDesignerContext, useFields, useText } from "../store/context";
import { ConditionBuilder } from "./condition-builder";
import { firstQuestion, usableFields } from "./condition-model";
import { FieldsPanel } from "./fields-panel";
import { LocalTextField } from "./local-text-field";
import { StrategiesPanel } from "./strategies-panel";
import { useDraft } from "./use-draft";
import { VariablesPanel } from "./variables-panel";
import { type FieldProblem, problemsAt } from "./widget";

const NAME_MAX = 120;
const DESCRIPTION_MAX = 600;
const HORIZON_DAYS_MAX = 1500;
const EXITS_MAX = 20;
/** Reasons that the engine gives by itself and nobody can ask for. */
const GIVEN_REASONS: readonly ExitReason[] = ["stopped", "horizon", "not-eligible", "eligibility-unknown"];

/** What holds for what is drawn as a whole; shown while nothing is selected. */
export function SettingsPanel() {
  const opened = useDesigner((state) => state.opened);
  return opened === null ? <WholeSettings /> : <InnerSettings key={opened} />;
}

/** A strategy inside has a name and variables of its own; everything else it shares with the one around it. */
function InnerSettings() {
  const text = useText();
  const { store } = useDesignerContext();
  const name = useDesigner((state) => state.doc.name);
  const readOnly = useDesigner((state) => state.readOnly);
  const problems = useProblems("variables");
  return (
    <div className="dz-inspector-body">
      <h2>{text("strategies.inside")}</h2>
      <LocalTextField
        label={text("strategies.name")}
        value={name}
        maximum={NAME_MAX}
        readOnly={readOnly}
        onValue={(next, locale) => {
          const { whole, opened, dispatchWhole } = store.getState();
          if (next === undefined || opened === null) return;
          dispatchWhole(renameStrategy(whole, opened, next), `strategy:${opened}:${locale}`);
        }}
      />
      <VariablesPanel problemsOf={(index) => problemsAt(problems, `[${index}]`)} />
      <p className="dz-hint">{text("strategies.layout")}</p>
    </div>
  );
}

function WholeSettings() {
  const text = useText();
  const variables = useProblems("settings.variables");
  const fields = useProblems("settings.fields");
  const { store } = useDesignerContext();
  const doc = useDesigner((state) => state.doc);
  const readOnly = useDesigner((state) => state.readOnly);
  const change = (settings: Partial<StrategySettings>, burst?: string): boolean => {
    const { doc: now, dispatch } = store.getState();
    return dispatch(setSettings(now, { ...now.settings, ...settings }), burst);
  };
  return (
    <div className="dz-inspector-body">
      <h2>{text("settings.title")}</h2>
      <p className="dz-hint">{text("settings.hint")}</p>
      <LocalTextField
        label={text("settings.name")}
        value={doc.name}
        maximum={NAME_MAX}
        readOnly={readOnly}
        onValue={(name, locale) => {
          // A strategy without any name could not be found again; the last one stays.
          if (name !== undefined) store.getState().dispatch(setName(doc, name), `name:${locale}`);
        }}
      />
      <LocalTextField
        label={text("settings.description")}
        value={doc.description}
        maximum={DESCRIPTION_MAX}
        readOnly={readOnly}
        onValue={(description, locale) => {
          store.getState().dispatch(setDescription(doc, description), `description:${locale}`);
        }}
      />
      <Facts />
      <Horizon change={change} />
      <OnRelease change={change} />
      <Exits change={change} />
      <VariablesPanel problemsOf={(index) => problemsAt(variables, `[${index}]`)} />
      <FieldsPanel problemsOf={(index) => problemsAt(fields, `[${index}]`)} />
      <StrategiesPanel />
    </div>
  );
}

type ChangeSettings = (settings: Partial<StrategySettings>, burst?: string) => boolean;

/** What was decided when the strategy was made, and the rules every contact is checked against. */
function Facts() {
  const text = useText();
  const doc = useDesigner((state) => state.doc);
  const locale = useDesigner((state) => state.locale);
  const rulePacks = useDesigner((state) => state.pack.rulePacks);
  const { settings } = doc;
  const pack = Object.hasOwn(rulePacks, settings.rulePack) ? rulePacks[settings.rulePack] : undefined;
  const rows: readonly (readonly [string, string])[] = [
    [text("settings.key"), doc.key],
    [text("settings.market"), text(`markets.${settings.market}`)],
    [text("settings.currency"), settings.currency],
    [text("settings.time-zone"), settings.timeZone],
    [
      text("settings.rule-pack"),
      pack === undefined ? settings.rulePack : `${inLocale(pack.title, locale)} · ${pack.version}`,
    ],
  ];
  return (
    <dl className="dz-facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd title={value}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Problems of a member of what is drawn, with paths that begin there. */
function useProblems(prefix: string): readonly FieldProblem[] {
  const issues = useDesigner((state) => state.issues);
  const say = useIssueText();
  const own = issues.filter((issue: Issue) => issue.path.startsWith(prefix));
  const problems = own.map((issue) => ({ path: issue.path, severity: issue.severity, text: say(issue) }));
  return problemsAt(problems, prefix);
}

function Horizon({ change }: { readonly change: ChangeSettings }) {
  const id = useId();
  const text = useText();
  const days = useDesigner((state) => state.doc.settings.horizonDays);
  const readOnly = useDesigner((state) => state.readOnly);
  const problems = useProblems("settings.horizonDays");
  const draft = useDraft(String(days), (typed) => {
    const next = /^\d{1,4}$/.test(typed.trim()) ? Number(typed) : 0;
    return next >= 1 && next <= HORIZON_DAYS_MAX && change({ horizonDays: next }, "horizon")
      ? { ok: true, reads: String(next) }
      : { ok: false, problem: text("form.integer", { minimum: 1, maximum: HORIZON_DAYS_MAX }) };
  });
  const own = draft.problem === null ? [] : [{ severity: "error", text: draft.problem }];
  return (
    <LabelledField
      id={id}
      label={text("settings.horizon")}
      hint={text("settings.horizon-hint")}
      problems={[...own, ...problems]}
    >
      <span className="dz-typed dz-narrow">
        <Input
          id={id}
          inputMode="numeric"
          value={draft.value}
          readOnly={readOnly}
          aria-invalid={own.length > 0}
          onChange={(event) => draft.type(event.target.value)}
          onBlur={draft.leave}
        />
        <span className="dz-unit">{text("units.days")}</span>
      </span>
    </LabelledField>
  );
}

/** What is chosen beforehand for accounts whose hold is released. */
function OnRelease({ change }: { readonly change: ChangeSettings }) {
  const id = useId();
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const chosen = useDesigner((state) => state.doc.settings.onRelease) ?? RELEASE_DEFAULT;
  const readOnly = useDesigner((state) => state.readOnly);
  const problems = useProblems("settings.onRelease");
  const choose = (value: string) => {
    const mode = RELEASE_MODES.find((known) => known === value);
    if (mode === undefined) return;
    change({ onRelease: mode === "exit" ? { mode, reason: "handed-to-people" } : { mode } });
  };
  return (
    <LabelledField
      id={id}
      label={text("settings.on-release")}
      hint={text("settings.on-release-hint")}
      problems={problems}
    >
      <Select
        id={id}
        value={chosen.mode}
        disabled={readOnly}
        onValue={choose}
        choices={RELEASE_MODES.map((value) => ({ value, label: text(`settings.release.${value}`) }))}
      />
      {chosen.mode === "exit" && (
        <Select
          aria-label={text("settings.release-reason")}
          value={chosen.reason}
          disabled={readOnly}
          onValue={(value) => {
            const reason = AUTHOR_EXIT_REASONS.find((known) => known === value);
            if (reason !== undefined) change({ onRelease: { mode: "exit", reason } });
          }}
          choices={AUTHOR_EXIT_REASONS.map((value) => ({ value, label: exitReasonTexts[locale][value] }))}
        />
      )}
    </LabelledField>
  );
}

/** Exits that are asked before every step: first that holds, whatever is drawn. */
function Exits({ change }: { readonly change: ChangeSettings }) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const exits = useDesigner((state) => state.doc.settings.exits);
  const fields = useFields();
  const readOnly = useDesigner((state) => state.readOnly);
  const problems = useProblems("settings.exits");
  const first = usableFields(fields)[0];
  const reasons = EXIT_REASONS.filter((reason) => !GIVEN_REASONS.includes(reason));
  return (
    <section className="dz-field">
      <h3 className="dz-field-label">{text("settings.exits")}</h3>
      <p className="dz-hint">{text("settings.exits-hint")}</p>
      <ol className="dz-rules">
        {exits.map((exit, index) => (
          <li key={exit.id} className="dz-rule">
            <div className="dz-rule-head">
              <span className="dz-rule-number">{index + 1}</span>
              <Select
                aria-label={text("settings.exit-reason")}
                value={exit.reason}
                disabled={readOnly}
                choices={reasons.map((reason) => ({ value: reason, label: exitReasonTexts[locale][reason] }))}
                onValue={(reason) => change({ exits: exits.with(index, { ...exit, reason: reason as ExitReason }) })}
              />
              {!readOnly && (
                <IconButton
                  label={text("settings.remove-exit")}
                  onClick={() => change({ exits: exits.toSpliced(index, 1) })}
                >
                  <X size={14} aria-hidden />
                </IconButton>
              )}
            </div>
            <ConditionBuilder
              id={`exit-${exit.id}`}
              condition={exit.when}
              readOnly={readOnly}
              mayBeEmpty={false}
              onCondition={(when, gesture) =>
                when !== null &&
                change(
                  { exits: exits.with(index, { ...exit, when }) },
                  gesture === undefined ? undefined : `exit:${exit.id}`,
                )
              }
            />
            {problemsAt(problems, `[${index}]`).map((problem) => (
              <p key={problem.text} className="dz-field-problems" data-worst={problem.severity}>
                {problem.text}
              </p>
            ))}
          </li>
        ))}
      </ol>
      {!readOnly && first !== undefined && exits.length < EXITS_MAX && (
        <TextButton
          onClick={() => {
            const taken = exits.map((exit) => exit.id);
            const exit = {
              id: nextId("exit", taken),
              reason: "no-further-treatment" as const,
              when: firstQuestion(first),
            };
            change({ exits: [...exits, exit] });
          }}
        >
          <Plus size={13} aria-hidden />
          {text("settings.add-exit")}
        </TextButton>
      )}
    </section>
  );
}
