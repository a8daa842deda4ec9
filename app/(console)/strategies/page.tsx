import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { StrategyList } from "./strategy-list";

export async function generateMetadata(): Promise<Metadata> {
  const text = await getTranslations("shell");
  return { title: text("room.strategies") };
}

export default function StrategiesPage() {
  return <StrategyList />;
}
