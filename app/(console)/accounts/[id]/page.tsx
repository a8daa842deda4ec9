import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { marketOfLender, serverCaller } from "../../../_server/compose";
import { AppError } from "../../../_server/errors";
import { AccountRoom } from "./account-room";
import type { AccountView } from "./account-view";

type Props = { readonly params: Promise<{ readonly id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { account } = await load((await params).id);
  return { title: account.accountNo };
}

export default async function AccountPage({ params }: Props) {
  // As it would come over the wire: the browser takes it for the answer to its own first question.
  const initial: AccountView = JSON.parse(JSON.stringify(await load((await params).id)));
  return <AccountRoom initial={initial} pack={marketOfLender()} />;
}

async function load(id: string) {
  try {
    return await serverCaller().portfolio.account({ accountId: decodeURIComponent(id) as `acct_${string}` });
  } catch (error) {
    const code = error instanceof Error && error.cause instanceof AppError ? error.cause.kind : null;
    if (code === "not-found" || isBadInput(error)) notFound();
    throw error;
  }
}

/** An address that cannot be an account's is a page that does not exist. */
function isBadInput(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "BAD_REQUEST";
}
