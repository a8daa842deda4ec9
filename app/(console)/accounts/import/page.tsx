import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { importableFields } from "#engine/portfolio/intake/mapping";
import { marketOfLender } from "../../../_server/compose";
import { ImportRoom } from "./import-room";

export async function generateMetadata(): Promise<Metadata> {
  const text = await getTranslations("import");
  return { title: text("title") };
}

export default function ImportPage() {
  return <ImportRoom fields={importableFields(marketOfLender().fields)} />;
}
