import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Operations } from "./operations";

export async function generateMetadata(): Promise<Metadata> {
  const text = await getTranslations("operations");
  return { title: text("title") };
}

export default function OperationsPage() {
  return <Operations />;
}
