import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { marketOfLender } from "../../_server/compose";
import { AccountList } from "./account-list";

export async function generateMetadata(): Promise<Metadata> {
  const text = await getTranslations("shell");
  return { title: text("room.accounts") };
}

export default function AccountsPage() {
  return <AccountList products={marketOfLender().fields.product_type?.values ?? []} />;
}
