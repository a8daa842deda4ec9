import { CHANNELS, type Channel } from "../model/content";
import { type ConversationFinding, type ConversationJudgement, type ReviewReason, textOf } from "../model/conversation";
import { draw } from "../model/draw";
import type { QaVerdictCode } from "../model/execution";
import type { MarketPack } from "../model/market-pack";
import type { EpochMs } from "../model/time";
import type { JudgedConversation, LateQuestion, UnjudgedConversation, VerdictRequest } from "../ports/conversations";
import type { NewInboxEntry } from "../ports/inbox";
import { checkConversation, verdictForStep, worst } from "../qa/check-conversation";
import { RUNTIME_LIMITS, type RuntimeDeps } from "./deps";
import { POST_CONTACT_DEADLINE_MS, type QaVerdicts, verdictsOf } from "./qa-steps";

/**
 * Judges what contacts left behind, and tells the steps that wait to hear of it. A verdict, its place in the review queue and what the
 * strategy hears are one commit. What failed or is in doubt is always looked at by a person; of what passed, the market's share. A
 * judge that is down leaves doubt and keeps nothing back. Returns how many were judged.
 */
export async function judgeConversations(deps: RuntimeDeps, nowMs: EpochMs): Promise<number> {
  const { conversations } = deps;
  if (conversations === undefined) return 0;
  const due = { nowMs, limit: RUNTIME_LIMITS.conversationsBatch };
  const unjudged = await conversations.unjudged(due);
  let judged = 0;
  for (let start = 0; start < unjudged.length; start += RUNTIME_LIMITS.sendsAtOnce) {
    const some = unjudged.slice(start, start + RUNTIME_LIMITS.sendsAtOnce);
    const verdicts = await Promise.all(some.map((one) => judgeSafely(deps, one, nowMs)));
    judged += await conversations.record(verdicts, nowMs);
  }
  const late = await conversations.late({ ...due, patient: patientChannels(deps) });
  await conversations.answer(late.map((question) => lateAnswer(question, nowMs)));
  return judged;
}

/** Channels on which what was said may come after the contact is over. */
function patientChannels({ channelPort }: RuntimeDeps): readonly Channel[] {
  return CHANNELS.filter((channel) => channelPort(channel, false)?.capabilities.conversations === true);
}

/** One that breaks us is for people to look at, and takes none of the others along. */
async function judgeSafely(deps: RuntimeDeps, held: UnjudgedConversation, nowMs: EpochMs): Promise<JudgedConversation> {
  try {
    return await judge(deps, held, nowMs);
  } catch {
    deps.alarm("port-threw", { conversation: held.id });
    return leftToPeople(held, nowMs);
  }
}

function leftToPeople(held: UnjudgedConversation, nowMs: EpochMs): JudgedConversation {
  return { id: held.id, judgement: NOBODY_COULD, review: "doubt", inbox: toldTo(held, NOBODY_COULD, nowMs) };
}

async function judge(deps: RuntimeDeps, held: UnjudgedConversation, nowMs: EpochMs): Promise<JudgedConversation> {
  const version = await deps.versions.linked(held.versionId);
  if (version === null) return leftToPeople(held, nowMs);
  const pack = deps.packOf(version.program.settings.market);
  const own = checkConversation(held, pack);
  const judgement = withOthers(own, await others(deps, held, own.judgedBy.join("+")));
  deps.tell?.({ kind: "judged", stage: "post-contact", verdict: judgement.verdict, ms: null });
  const review = reviewReason(judgement, { pack, key: held.id });
  return { id: held.id, judgement, review, inbox: toldTo(held, judgement, nowMs) };
}

/** Nobody knows here by which market's rules it is to be judged, or they broke on it. */
const NOBODY_COULD: ConversationJudgement = {
  ...{ verdict: "review", score: null, findings: [], unchecked: [], silent: [], judgedBy: [] },
};

async function others(
  { qaSteps = [] }: RuntimeDeps,
  { intentKey: key, channel, turns }: UnjudgedConversation,
  policyVersion: string,
): Promise<QaVerdicts> {
  if (qaSteps.length === 0) return { given: [], silent: [] };
  const request = {
    stage: "post_contact",
    key,
    channel,
    subject: null,
    text: textOf({ turns }),
    policyVersion,
  } as const;
  return verdictsOf(qaSteps, request, POST_CONTACT_DEADLINE_MS);
}

/** Most findings that are kept of all judges together. */
const FINDINGS_MAX = 200;
const EVIDENCE_MAX = 200;

/** What outside judges found beside our own; of scores the lowest counts. */
function withOthers(own: ConversationJudgement, { given, silent }: QaVerdicts): ConversationJudgement {
  const scores = [own.score, ...given.map(({ score }) => score)].flatMap((score) => score ?? []);
  const found = given.flatMap(({ findings }) =>
    findings.map(
      ({ rule, severity, span, evidence }): ConversationFinding => ({
        ...{ source: "judge", rule, severity, span, evidence: evidence.slice(0, EVIDENCE_MAX) },
      }),
    ),
  );
  return {
    ...own,
    verdict: worst([own.verdict, ...given.map(({ verdict }) => verdict), ...silent.map(() => "review" as const)]),
    score: scores.length === 0 ? null : Math.round(Math.min(...scores)),
    findings: [...own.findings, ...found].slice(0, FINDINGS_MAX),
    silent,
    judgedBy: [...own.judgedBy, ...given.map(({ modelVersion }) => modelVersion)],
  };
}

/** The same conversation is in the sample or not, whoever asks and however often. */
function reviewReason(
  { verdict, findings }: ConversationJudgement,
  { pack, key }: { readonly pack: MarketPack; readonly key: string },
): ReviewReason | null {
  if (verdict !== "pass") return verdict === "block" ? "fail" : "doubt";
  const { noted, clean } = pack.scorecard?.sampling ?? { noted: 0, clean: 0 };
  return draw(0, key, "qa-sample") < (findings.length > 0 ? noted : clean) ? "sample" : null;
}

function toldTo({ asked }: UnjudgedConversation, judgement: ConversationJudgement, nowMs: EpochMs) {
  return asked.map((request) =>
    verdictEntry(request, { outcome: verdictForStep(judgement, request.passScore), score: judgement.score, nowMs }),
  );
}

/** Nothing was left behind: that is for people to look at. */
function lateAnswer(question: LateQuestion, nowMs: EpochMs): NewInboxEntry & { readonly intentKey: string } {
  const { judged, passScore, key } = question;
  const outcome = judged.length === 0 ? "review" : worst(judged.map((one) => verdictForStep(one, passScore)));
  const scores = judged.flatMap(({ score }) => score ?? []);
  const score = scores.length === 0 ? null : Math.min(...scores);
  return { ...verdictEntry(question, { outcome, score, nowMs }), intentKey: key };
}

type Told = { readonly outcome: QaVerdictCode; readonly score: number | null; readonly nowMs: EpochMs };

function verdictEntry(request: VerdictRequest, { outcome, score, nowMs }: Told): NewInboxEntry {
  const { key, stepSeq, attempt, subject } = request;
  return {
    dedupeKey: `qa:${key}`,
    ...subject,
    ...{ type: "qa.verdict", atMs: nowMs, stepSeq, attempt },
    data: { outcome, ...(score === null ? {} : { values: { score } }) },
  };
}
