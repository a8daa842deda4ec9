import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { marketOfLender } from "../../_server/compose";
import { Desk } from "./desk";

export async function generateMetadata(): Promise<Metadata> {
  const text = await getTranslations("desk");
  return { title: text("title") };
}

export default function DeskPage() {
  return <Desk pack={marketOfLender()} />;
}
