import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { marketOfLender } from "../../../_server/compose";
import { Reviews } from "./reviews";

export async function generateMetadata(): Promise<Metadata> {
  const text = await getTranslations("reviews");
  return { title: text("title") };
}

export default function ReviewsPage() {
  return <Reviews pack={marketOfLender()} />;
}
