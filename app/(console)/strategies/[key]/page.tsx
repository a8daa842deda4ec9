import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { inLocale } from "#engine/model/locale";
import { readLocale } from "../../../_i18n/preferences";
import { marketOfLender, serverCaller } from "../../../_server/compose";
import { AppError } from "../../../_server/errors";
import type { StrategyDetail } from "./strategy-detail-view";
import { StrategyRoom } from "./strategy-room";
import { TABS } from "./tabs";

type Props = {
  readonly params: Promise<{ readonly key: string }>;
  readonly searchParams: Promise<{ readonly tab?: string; readonly version?: string }>;
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [{ key }, locale] = await Promise.all([params, readLocale()]);
  const strategy = await load(key);
  return { title: inLocale(strategy.name, locale) };
}

export default async function StrategyPage({ params, searchParams }: Props) {
  const [{ key }, { tab }] = await Promise.all([params, searchParams]);
  // As it would come over the wire: the browser takes it for the answer to its own first question.
  const strategy: StrategyDetail = JSON.parse(JSON.stringify(await load(key)));
  return (
    <StrategyRoom
      key={strategy.key}
      initial={strategy}
      pack={marketOfLender()}
      firstTab={TABS.find((known) => known === tab) ?? "design"}
    />
  );
}

async function load(key: string) {
  const caller = serverCaller();
  try {
    return await caller.strategy.byKey({ key });
  } catch (error) {
    if (error instanceof Error && error.cause instanceof AppError && error.cause.kind === "not-found") notFound();
    throw error;
  }
}
