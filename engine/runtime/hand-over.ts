import { actOf, askToAct } from "../contact/act";
import { senderReason } from "../contact/reasons";
import { judgeConversation } from "../desk/answer-decision";
import { draw } from "../model/draw";
import type { Subject } from "../model/execution";
import type { KnownAgency, PolicyReason } from "../model/policy";
import type { DeskPort, TaskEvent } from "../ports/desk";
import type { EngineTime } from "../ports/engine-clock";
import type { DecisionReply, ExternalPort } from "../ports/external";
import type { NewInboxEntry } from "../ports/inbox";
import type { GateDecision, IntentOf, ReadyIntent, Settlement } from "../ports/outbox";
import type { RuntimeDeps } from "./deps";
import { deferral, denial, type GateContext, pastOf, visitEntry } from "./gate";

/** A request that is no contact. */
export type WorkIntent = IntentOf<"task" | "external" | "conversation-qa">;

/** Work or a question that is about to be handed to a desk or another system. */
export type HandOver = { readonly ready: ReadyIntent; readonly context: GateContext } & (
  | { readonly kind: "task"; readonly intent: IntentOf<"task">; readonly port: DeskPort }
  | { readonly kind: "external"; readonly intent: IntentOf<"external">; readonly port: ExternalPort }
);

/** Whoever takes up requests that are no contacts. Nothing real is asked to work on a person who does not exist. */
export type WorkPorts = Pick<RuntimeDeps, "deskPort" | "externalPort" | "debtorSeed" | "conversations"> &
  Pick<EngineTime, "isDemo">;

type Asked = { readonly ready: ReadyIntent; readonly context: GateContext; readonly ports: WorkPorts };
type Taken = { readonly decision: GateDecision; readonly handOver: HandOver | null };

/** The register of agencies, where one of these requests gives a debt to one: asked once for all of them. */
export async function agenciesFor(
  { agencies }: Pick<RuntimeDeps, "agencies">,
  ready: readonly ReadyIntent[],
): Promise<readonly KnownAgency[] | undefined> {
  if (agencies === undefined) return undefined;
  const places = ready.some(({ intent }) => intent.kind === "task" && actOf(intent.task) === "placement");
  return places ? await agencies.all() : undefined;
}

/**
 * What becomes of a request that is no contact. Holds have had their say (what they keep back does not come this far), and so has
 * the request's own deadline. What is done to a debtor by it (placement, suit, settlement) passes the rules first. Work for which no
 * desk is set up lies open in the house until somebody does it.
 */
export function takeWork(intent: WorkIntent, asked: Asked): Taken {
  const { ready, context } = asked;
  const { key } = intent;
  if (context.nowMs > intent.notAfterMs) {
    // The step's own deadline has told the strategy already.
    const reasons = [senderReason("dispatch.window-closed")];
    return { decision: { kind: "deny", key, inbox: [], reasons }, handOver: null };
  }
  switch (intent.kind) {
    case "task":
      return takeTask(intent, asked);
    case "external": {
      const { integration } = intent;
      const port = asked.ports.externalPort(integration, ready.snapshot.simulated);
      if (port !== null) return handedOver({ kind: "external", ready, context, intent, port });
      const reasons = [senderReason("dispatch.no-integration", { integration })];
      return { decision: { kind: "answered", key, inbox: [failedEntry(ready, context)], reasons }, handOver: null };
    }
    case "conversation-qa":
      return { decision: checkConversation(intent, asked), handOver: null };
    default:
      throw intent satisfies never;
  }
}

function takeTask(intent: IntentOf<"task">, asked: Asked): Taken {
  const { ready, context } = asked;
  const answer = askRules(intent, asked);
  if (answer?.kind === "deny") return { decision: denial(ready, context, answer.reasons), handOver: null };
  if (answer?.kind === "defer") return { decision: deferral(ready, context, answer), handOver: null };
  const reasons = answer?.warnings ?? [];
  const port = deskFor(intent, asked);
  if (port === null) return { decision: { kind: "open", key: intent.key, inbox: [], reasons }, handOver: null };
  const agency = answer?.agency ?? null;
  const details = agency === null ? intent.details : { ...intent.details, agency };
  return handedOver({ kind: "task", ready, context, intent: { ...intent, details }, port }, reasons);
}

/** What the rules say of work that does something to the debtor; null = they do not speak of it. */
function askRules({ task, details, notAfterMs }: IntentOf<"task">, { ready, context }: Asked) {
  const act = actOf(task);
  if (act === null) return null;
  const { facts, nowMs, pack, version, house, agencies } = context;
  const { agency = null } = details;
  return askToAct(
    {
      ...pastOf(ready.party),
      ...{ act, facts, notAfterMs, nowMs, subject: ready.subject, account: ready.snapshot.account },
      agency: typeof agency === "string" ? agency : null,
    },
    { pack, program: version.program, house, agencies },
  );
}

function handedOver(handOver: HandOver, reasons: readonly PolicyReason[] = []): Taken {
  const { intent, port } = handOver;
  const decision = { kind: "hand-over", key: intent.key, inbox: [], reasons, provider: port.id } as const;
  return { decision, handOver };
}

function deskFor({ task }: IntentOf<"task">, { ready, ports }: Asked): DeskPort | null {
  const { simulated } = ready.snapshot;
  // Work on people who do not exist is done by a simulated desk, and that only where time is made up, too.
  return simulated && !ports.isDemo ? null : ports.deskPort(task, simulated);
}

/**
 * People who do not exist say nothing that could be read: a simulated check draws its verdict. Of real ones it is judged what their
 * contact left behind (`judgeConversations`), and the question lies open until then.
 */
function checkConversation(intent: IntentOf<"conversation-qa">, { ready, context, ports }: Asked): GateDecision {
  const { subject, party, snapshot } = ready;
  const { key, channel, passScore } = intent;
  const own = party.history.filter((one) => one.channel === channel && one.enrollmentId === subject.enrollmentId);
  const { conversed = false, connected = false } = own.at(-1) ?? {};
  if (!snapshot.simulated && connected && ports.conversations !== undefined) {
    return { kind: "open", key, inbox: [], reasons: [] };
  }
  if (!conversed) return forPeople({ ready, context, ports }, senderReason("dispatch.no-conversation"));
  if (!snapshot.simulated) return forPeople({ ready, context, ports }, senderReason("dispatch.no-recording"));
  const draws = (kind: string): number => draw(ports.debtorSeed, subject.partyId, `${kind}:${key}`);
  const { verdict: outcome, values, delayMs } = judgeConversation({ passScore, conversed }, draws);
  const entry = visitEntry(ready, context, { ...VERDICT, data: { outcome, values } });
  return { kind: "answered", key, reasons: [], inbox: [{ ...entry, atMs: context.nowMs + delayMs }] };
}

function forPeople({ ready, context }: Asked, reason: PolicyReason): GateDecision {
  const inbox = [visitEntry(ready, context, { ...VERDICT, data: { outcome: "review" } })];
  return { kind: "answered", key: ready.intent.key, reasons: [reason], inbox };
}

const VERDICT = { type: "qa.verdict", mark: "qa" } as const;

function failedEntry(ready: ReadyIntent, context: GateContext): NewInboxEntry {
  return visitEntry(ready, context, { type: "external.result", mark: "external", data: { outcome: "failed" } });
}

/** Hands it over and puts what is said at once into rows. Never throws: a desk is asked again, a question has failed. */
export async function doHandOver(deps: RuntimeDeps, handOver: HandOver, retryAfterMs: number): Promise<Settlement> {
  const { key } = handOver.intent;
  try {
    return handOver.kind === "task" ? await giveToDesk(handOver, retryAfterMs) : await ask(handOver);
  } catch {
    deps.alarm("port-threw", { key, provider: handOver.port.id });
    if (handOver.kind === "external") return repliedWith(handOver, THREW);
    // One key is one task, so it may be handed over again; the request's own deadline ends it.
    return later(handOver, retryAfterMs, [senderReason("dispatch.provider-refused", { answer: "threw" })]);
  }
}

const THREW = { kind: "failed", failure: "failed", reason: "threw", delayMs: 0, costMinor: 0 } as const;

type DeskHandOver = Extract<HandOver, { readonly kind: "task" }>;
type Question = Extract<HandOver, { readonly kind: "external" }>;

async function giveToDesk(handOver: DeskHandOver, retryAfterMs: number): Promise<Settlement> {
  const { ready, context, intent, port } = handOver;
  const { subject, snapshot } = ready;
  const { dpd, overdue_amount: overdue } = context.facts;
  const taken = await port.take({
    key: intent.key,
    partyId: subject.partyId,
    accountId: subject.accountId,
    task: intent.task,
    desk: intent.desk,
    details: intent.details,
    notAfterMs: intent.notAfterMs,
    nowMs: context.nowMs,
    simulation: {
      dpd: typeof dpd === "number" ? dpd : 0,
      overdueMinor: typeof overdue === "number" ? overdue : snapshot.account.overdueMinor,
      timeZone: context.version.program.settings.timeZone,
    },
  });
  if (taken.kind === "rejected") {
    const reasons = [senderReason("dispatch.provider-refused", { answer: taken.code })];
    if (taken.retryable) return later(handOver, retryAfterMs, reasons);
    // Nobody will do it; the step hears of it by its own deadline.
    return { kind: "failed", key: intent.key, inbox: [], reasons };
  }
  const ends = taken.announced.map((event) => taskEntry(intent, ready.subject, event));
  const payments = taken.payments.map((payment) => broughtPayment(ready, payment));
  const { ref: providerRef, costMinor } = taken;
  return { kind: "sent", key: intent.key, inbox: [...ends, ...payments], providerRef, costMinor };
}

function later({ ready, context }: HandOver, retryAfterMs: number, reasons: readonly PolicyReason[]): Settlement {
  const { key, notAfterMs } = ready.intent;
  const notBeforeMs = context.nowMs + retryAfterMs;
  if (notBeforeMs > notAfterMs) return { kind: "failed", key, inbox: [], reasons };
  return { kind: "retry", key, inbox: [], notBeforeMs, reasons };
}

async function ask(question: Question): Promise<Settlement> {
  const { context, intent, port } = question;
  const { key, integration, send: facts, timeoutMs } = intent;
  return repliedWith(question, await port.decide({ key, integration, facts, timeoutMs, nowMs: context.nowMs }));
}

function repliedWith({ ready, context }: Question, reply: DecisionReply): Settlement {
  const { key } = ready.intent;
  const isFailure = reply.kind === "failed";
  const data = isFailure ? { outcome: reply.failure } : { outcome: reply.outcome, values: reply.values };
  const entry = visitEntry(ready, context, { type: "external.result", mark: "external", data });
  const inbox = [{ ...entry, atMs: context.nowMs + reply.delayMs }];
  const providerRef = isFailure ? `failed:${reply.reason}` : "answered";
  return { kind: "sent", key, inbox, providerRef, costMinor: reply.costMinor };
}

/** The end of a piece of work as an inbox entry of the visit that asked for it. */
export function taskEntry(
  intent: Pick<IntentOf<"task">, "task" | "stepSeq" | "attempt">,
  subject: Subject,
  event: TaskEvent,
): NewInboxEntry {
  return {
    dedupeKey: `task:${event.eventId}`,
    partyId: subject.partyId,
    enrollmentId: subject.enrollmentId,
    accountId: subject.accountId,
    type: "task.completed",
    atMs: event.atMs,
    stepSeq: intent.stepSeq,
    attempt: intent.attempt,
    data: { task: intent.task, outcome: event.outcome, values: { ...event.values } },
  };
}

type Brought = { readonly id: string; readonly atMs: number; readonly amountMinor: number };

/** Money that simulated work brings; it does not come when the work is called back before. */
function broughtPayment({ intent, subject }: ReadyIntent, { id, atMs, amountMinor }: Brought): NewInboxEntry {
  return {
    dedupeKey: `simulated:work:${id}`,
    partyId: subject.partyId,
    enrollmentId: null,
    accountId: subject.accountId,
    type: "payment.posted",
    atMs,
    stepSeq: null,
    attempt: null,
    data: { amountMinor, source: "simulated", intentKey: intent.key },
  };
}
