import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { Issue } from "#engine/model/issue";
import { inLocale } from "#engine/model/locale";
import { readLocale } from "../../../_i18n/preferences";
import { actorOf } from "../../../_server/actor";
import { marketOfLender, serverCaller } from "../../../_server/compose";
import { AppError } from "../../../_server/errors";
import type { StrategyDetail } from "./strategy-detail-view";
import { StrategyRoom } from "./strategy-room";
import { TABS } from "./tabs";
import { UnreadableDraft } from "./unreadable-draft";

type Props = {
  readonly params: Promise<{ readonly key: string }>;
  readonly searchParams: Promise<{
    readonly tab?: string;
    readonly version?: string;
    readonly step?: string;
    readonly within?: string;
  }>;
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [{ key }, locale] = await Promise.all([params, readLocale()]);
  const strategy = await load(key);
  return { title: isUnreadable(strategy) ? key : inLocale(strategy.name, locale) };
}

export default async function StrategyPage({ params, searchParams }: Props) {
  const [{ key }, { tab, step, within }] = await Promise.all([params, searchParams]);
  const loaded = await load(key);
  if (isUnreadable(loaded)) return <UnreadableDraft strategyKey={key} issues={loaded.unreadable} />;
  // As it would come over the wire: the browser takes it for the answer to its own first question.
  const strategy: StrategyDetail = JSON.parse(JSON.stringify(loaded));
  return (
    <StrategyRoom
      key={strategy.key}
      initial={strategy}
      pack={marketOfLender()}
      actorId={actorOf(null).id}
      firstStep={step === undefined ? null : { nodeId: step, strategy: within ?? null }}
      firstTab={TABS.find((known) => known === tab) ?? "design"}
    />
  );
}

type Unreadable = { readonly unreadable: readonly Issue[] };

async function load(key: string) {
  const caller = serverCaller();
  try {
    return await caller.strategy.byKey({ key });
  } catch (error) {
    const refusal = error instanceof Error ? error.cause : null;
    if (refusal instanceof AppError && refusal.kind === "not-found") notFound();
    if (refusal instanceof AppError && refusal.code === "strategy.draft-unreadable")
      return { unreadable: refusal.issues } satisfies Unreadable;
    throw error;
  }
}

function isUnreadable<TLoaded extends object>(loaded: TLoaded | Unreadable): loaded is Unreadable {
  return "unreadable" in loaded;
}
