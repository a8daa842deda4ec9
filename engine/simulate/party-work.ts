import { type ActAnswer, actOf, askToAct } from "../contact/act";
import { answerDecision, type Draws, judgeConversation } from "../desk/answer-decision";
import { answerTask } from "../desk/answer-task";
import { draw } from "../model/draw";
import type { FactValue } from "../model/facts";
import { planAgreed } from "../model/payment-plan";
import type { PolicyReason } from "../model/policy";
import type { EpochMs } from "../model/time";
import { remainingMinor } from "../portfolio/facts";
import { despiteOf, passing } from "../run/freeze";
import { putEvent } from "./event-queue";
import { type ExecutorCall, send, visitOf } from "./executor-call";
import { keptBack } from "./party-holds";
import {
  type AccountRun,
  contextOf,
  forgetOld,
  type PartyRun,
  type RunEvent,
  type WorkAnswer,
  type WorkEffect,
} from "./party-state";
import { chargeTo, countOne } from "./tally";

type Work = RunEvent & { readonly kind: "work" };

/** Work reaches a desk, another system or the checker of conversations; a simulated one answers in its time, or never. */
export function doWork(party: PartyRun, event: Work, nowMs: EpochMs): ExecutorCall | null {
  const { run, request, open } = event;
  if (run.cancelled.has(visitOf(request))) {
    run.open.delete(open);
    return null;
  }
  const task = request.kind === "task.request" ? request.task : null;
  const despite = passing(task, despiteOf(party.setting.program, run.state?.nodeId ?? ""));
  if (keptBack(party, event, { despite, nowMs })) return null;
  const answer = nowMs > open.notAfterMs ? null : askRules(party, event, nowMs);
  if (answer?.kind === "defer") return putOff(party, event, { ...answer, nowMs });
  run.open.delete(open);
  if (nowMs > open.notAfterMs) return null;
  if (answer?.kind === "deny") return refuse(party, event, { ...answer, nowMs });
  const done = { party, run, nowMs, notAfterMs: open.notAfterMs };
  switch (request.kind) {
    case "task.request":
      workAtDesk(done, request);
      return null;
    case "external.request":
      askElsewhere(done, request);
      return null;
    case "conversation-qa.request":
      judge(done, request);
      return null;
    default:
      throw request satisfies never;
  }
}

/** What the rules say of work that does something to the debtor; null = they do not speak of it. */
function askRules(party: PartyRun, { run, request, open }: Work, nowMs: EpochMs): ActAnswer | null {
  const act = request.kind === "task.request" ? actOf(request.task) : null;
  if (act === null || request.kind !== "task.request") return null;
  forgetOld(party, nowMs);
  const { facts } = contextOf(party, run, nowMs);
  const { agency = null } = request.details;
  const { notAfterMs } = open;
  const { subject, account } = run;
  const asked = { act, facts, subject, account, notAfterMs, nowMs, history: party.history, holds: party.holds };
  return askToAct({ ...asked, agency: typeof agency === "string" ? agency : null }, party.setting);
}

type Said = { readonly reasons: readonly PolicyReason[]; readonly nowMs: EpochMs };

function putOff(party: PartyRun, event: Work, { untilMs, reasons, nowMs }: Said & { readonly untilMs: EpochMs }) {
  putEvent(party.queue, untilMs, event);
  return told(party, event, { reasons, nowMs, said: { type: "contact.deferred", untilMs } });
}

function refuse(party: PartyRun, event: Work, { reasons, nowMs }: Said) {
  return told(party, event, { reasons, nowMs, said: { type: "contact.denied" } });
}

type Told = Said & {
  readonly said: { readonly type: "contact.denied" } | { readonly type: "contact.deferred"; readonly untilMs: EpochMs };
};

/** The strategy hears of it, and which rules it was is counted. */
function told(party: PartyRun, { run, request }: Work, { reasons: found, nowMs, said }: Told): ExecutorCall | null {
  const reasons = found.map(({ rule }) => rule);
  for (const rule of reasons) countOne(party.tally.blockedBy, rule);
  const { stepSeq, attempt } = request;
  const id = `${said.type}:${run.account.id}:${visitOf(request)}:${nowMs}`;
  return send(party, run, { event: { id, at: nowMs, stepSeq, attempt, reasons, ...said }, nowMs });
}

/** The strategy hears what came of it, if it is still there. */
export function workDone(
  party: PartyRun,
  { run, request, answer, plan }: RunEvent & { readonly kind: "work-done" },
  nowMs: EpochMs,
): ExecutorCall | null {
  countOne(party.tally.answers, `${wordOf(request)}.${answer.outcome}`);
  return send(party, run, { event: answer, nowMs, plan });
}

type Doing = {
  readonly party: PartyRun;
  readonly run: AccountRun;
  readonly nowMs: EpochMs;
  readonly notAfterMs: EpochMs;
};
type WorkOf<TKind extends WorkEffect["kind"]> = Extract<WorkEffect, { kind: TKind }>;

function wordOf(request: WorkEffect): string {
  if (request.kind === "task.request") return request.task;
  return request.kind === "external.request" ? "external" : "conversation";
}

function workAtDesk(doing: Doing, request: WorkOf<"task.request">): void {
  const { party, run, nowMs, notAfterMs } = doing;
  const { facts } = contextOf(party, run, nowMs);
  const done = answerTask({
    task: request.task,
    dpd: typeof facts.dpd === "number" ? facts.dpd : 0,
    overdueMinor: remainingMinor(run.account, run.paidMinor),
    details: request.details,
    nowMs,
    notAfterMs,
    timeZone: party.setting.program.settings.timeZone,
    draw: drawsOf(doing, request),
    model: party.setting.assumptions.desk,
  });
  if (done === null) return;
  const { outcome, values } = done;
  charge(doing, request, done.costMinor);
  answerAt(doing, request, {
    answer: { ...answerOf(doing, request, done.atMs), type: "task.completed", outcome, values },
    plan: planAgreed({ task: request.task, outcome, values }),
  });
  const visit = visitOf(request);
  done.payments.forEach(({ atMs, amountMinor }, index) => {
    const settlement = { id: `work:${run.account.id}:${visit}:${index}`, atMs, share: null, amountMinor };
    putEvent(party.queue, atMs, { kind: "payment", run, settlement, visit });
  });
}

function askElsewhere(doing: Doing, request: WorkOf<"external.request">): void {
  const { integrations } = doing.party.setting;
  const { integration } = request;
  const answers = Object.hasOwn(integrations, integration) ? integrations[integration] : undefined;
  const { outcome, delayMs, costMinor, values } = answerDecision(
    answers,
    drawsOf(doing, request),
    doing.party.setting.assumptions.desk,
  );
  charge(doing, request, costMinor);
  const visit = answerOf(doing, request, doing.nowMs + delayMs);
  answerAt(doing, request, { answer: { ...visit, type: "external.result", outcome, values }, plan: null });
}

function judge(doing: Doing, request: WorkOf<"conversation-qa.request">): void {
  const conversed = doing.run.lastContact[request.channel]?.conversed ?? false;
  const judged = judgeConversation(
    { passScore: request.passScore, conversed },
    drawsOf(doing, request),
    doing.party.setting.assumptions.desk,
  );
  charge(doing, request, judged.costMinor);
  const visit = answerOf(doing, request, doing.nowMs + judged.delayMs);
  const answer = { ...visit, type: "qa.verdict", outcome: judged.verdict, values: judged.values } as const;
  answerAt(doing, request, { answer, plan: null });
}

function answerOf({ run }: Doing, { stepSeq, attempt }: WorkEffect, atMs: EpochMs) {
  const values: { readonly [name: string]: FactValue } = {};
  return { id: `work:${run.account.id}:${visitOf({ stepSeq, attempt })}`, at: atMs, stepSeq, attempt, values };
}

function answerAt(
  { party, run }: Doing,
  request: WorkEffect,
  said: { readonly answer: WorkAnswer; readonly plan: ReturnType<typeof planAgreed> },
): void {
  putEvent(party.queue, said.answer.at, { kind: "work-done", run, request, ...said });
}

function charge({ party, run, nowMs }: Doing, { nodeId }: WorkEffect, costMinor: number): void {
  chargeTo(party.tally, run, { nodeId, costMinor, nowMs });
}

/** The draws of one piece of work; its ordinal counts the party's work of that kind. */
function drawsOf({ party, run }: Doing, request: WorkEffect): Draws {
  const word = wordOf(request);
  const ordinal = party.workOrdinals[word] ?? 0;
  party.workOrdinals[word] = ordinal + 1;
  return (kind) => draw(party.setting.seed, run.account.partyId, `${kind}:${ordinal}`);
}
