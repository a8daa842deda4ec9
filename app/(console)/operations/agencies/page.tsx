import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Agencies } from "./agencies";

export async function generateMetadata(): Promise<Metadata> {
  const text = await getTranslations("agencies");
  return { title: text("title") };
}

export default function AgenciesPage() {
  return <Agencies />;
}
