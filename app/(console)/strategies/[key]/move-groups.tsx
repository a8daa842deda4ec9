"use client";

import { useLocale, useTranslations } from "next-intl";
import type { StrategyDoc } from "#engine";
import { AUTHOR_EXIT_REASONS } from "#engine/model/exit-reason";
import type { StepMove } from "#engine/model/migration-plan";
import { Badge } from "../../../_ui/badge";
import { exitReasonText, stepNameIn } from "../../../_ui/engine-words";
import { Select } from "../../../_ui/field";
import { type Column, Table } from "../../../_ui/table";
import { useFormats } from "../../../_ui/use-formats";
import { useDocuments } from "../../accounts/[id]/use-documents";
import { type Choices, chosenFor, type MoveGroup, type MoveProposal, moveOfOption, optionOf } from "./move-plan";
import type { StrategyDetail } from "./strategy-detail-view";

type Version = StrategyDetail["versions"][number];
type Versions = { readonly from: Version; readonly to: Version };

type GroupsProps = {
  readonly proposal: MoveProposal;
  readonly versions: Versions;
  readonly choices: Choices;
  readonly onChoose: (nodeId: string, move: StepMove) => void;
};

/** Who stands where, and what becomes of them; a removed step wants a choice. */
export function MoveGroups({ proposal, versions, choices, onChoose }: GroupsProps) {
  const text = useTranslations("strategy.move");
  const locale = useLocale();
  const formats = useFormats();
  const documents = useDocuments([versions.from.id, versions.to.id]);
  const nameIn = (version: Version, nodeId: string) => stepName(documents.get(version.id), nodeId, locale);
  const columns: readonly Column<MoveGroup>[] = [
    {
      key: "step",
      title: text("step"),
      cell: (group) => (
        <div className="py-1">
          <p className="flex flex-wrap items-center gap-2 font-semibold">
            {nameIn(versions.from, group.nodeId)}
            {group.removed && <Badge tone="waiting">{text("removed", { to: versions.to.number })}</Badge>}
            {group.changed && <Badge>{text("changed", { to: versions.to.number })}</Badge>}
          </p>
          <Notes group={group} />
        </div>
      ),
    },
    { key: "accounts", title: text("accounts"), numeric: true, cell: (group) => formats.count(group.accounts) },
    { key: "leaves", title: text("leaves"), cell: (group) => text(`left.${group.leaves}`) },
    {
      key: "becomes",
      title: text("becomes"),
      cell: (group) => (
        <ChoiceOf
          group={group}
          targets={proposal.targets}
          fromNumber={versions.from.number}
          label={`${text("becomes")}: ${nameIn(versions.from, group.nodeId)}`}
          name={(nodeId) => nameIn(versions.to, nodeId)}
          move={chosenFor(group, choices)}
          onChoose={(move) => onChoose(group.nodeId, move)}
        />
      ),
    },
    {
      key: "next",
      title: text("next"),
      cell: (group) => <NextOf move={chosenFor(group, choices)} targets={proposal.targets} />,
    },
  ];
  return (
    <Table
      label={text("title", { from: versions.from.number, to: versions.to.number })}
      columns={columns}
      rows={proposal.groups}
      rowKey={(group) => group.nodeId}
    />
  );
}

/** The name of a drawn step; of a part of one, the part as well, because accounts of one step may stand at different parts. */
function stepName(doc: StrategyDoc | undefined, nodeId: string, locale: "zh-CN" | "en"): string {
  if (doc === undefined) return nodeId;
  const at = nodeId.indexOf("/");
  const drawn = stepNameIn(doc, nodeId, locale);
  return at === -1 ? drawn : `${drawn} · ${nodeId.slice(at + 1)}`;
}

function Notes({ group }: { readonly group: MoveGroup }) {
  const text = useTranslations("strategy.move");
  const formats = useFormats();
  const notes = [
    group.held > 0 ? text("held", { count: formats.count(group.held) }) : null,
    group.contactOut > 0 ? text("out", { count: formats.count(group.contactOut) }) : null,
    group.promised > 0 ? text("promised", { count: formats.count(group.promised) }) : null,
  ].filter((note) => note !== null);
  return notes.map((note) => (
    <p key={note} className="figures text-xs text-muted">
      {note}
    </p>
  ));
}

type ChoiceProps = {
  readonly group: MoveGroup;
  readonly targets: MoveProposal["targets"];
  readonly fromNumber: number;
  readonly label: string;
  readonly name: (nodeId: string) => string;
  readonly move: StepMove;
  readonly onChoose: (move: StepMove) => void;
};

function ChoiceOf({ group, targets, fromNumber, label, name, move, onChoose }: ChoiceProps) {
  const text = useTranslations("strategy.move");
  const locale = useLocale();
  const same = targets.some(({ nodeId }) => nodeId === group.nodeId);
  // Steps as they are drawn; parts of them are entered by their step.
  const others = targets.filter(({ nodeId }) => nodeId !== group.nodeId && !nodeId.includes("/"));
  const options: readonly { readonly move: StepMove; readonly label: string }[] = [
    ...(same ? [{ move: { act: "move", to: group.nodeId } as const, label: text("act.same") }] : []),
    { move: { act: "stay" }, label: text("act.stay", { from: fromNumber }) },
    ...others.map(({ nodeId }) => ({
      move: { act: "move", to: nodeId } as const,
      label: text("act.move", { step: name(nodeId) }),
    })),
    ...AUTHOR_EXIT_REASONS.map((reason) => ({
      move: { act: "exit", reason } as const,
      label: text("act.exit", { reason: exitReasonText(reason, locale) }),
    })),
  ];
  return (
    <Select
      aria-label={label}
      className="w-64"
      value={optionOf(move)}
      onValue={(option) => onChoose(moveOfOption(option))}
      options={options.map((option) => ({ value: optionOf(option.move), label: option.label }))}
    />
  );
}

function NextOf({ move, targets }: { readonly move: StepMove; readonly targets: MoveProposal["targets"] }) {
  const text = useTranslations("strategy.move");
  const locale = useLocale();
  if (move.act !== "move") return <span className="text-muted">{text(move.act === "stay" ? "stays" : "exits")}</span>;
  const target = targets.find(({ nodeId }) => nodeId === move.to);
  if (target === undefined) return null;
  const reason = target.exit === null ? "" : ` (${exitReasonText(target.exit, locale)})`;
  return (
    <span>
      {text(`does.${target.does}`)}
      {reason}
    </span>
  );
}
