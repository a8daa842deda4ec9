import type { Database } from "#db";
import { type AccountFilter, type AccountSummary, listAccounts } from "#db/queries/account";
import { listStrategies, versionById } from "#db/queries/strategy";
import type { StrategyVersionId } from "#engine/model/ids";
import type { LocalText } from "#engine/model/locale";
import type { Money } from "#engine/model/money";
import { BUCKETS, type Bucket, bucketOf } from "#engine/model/party";
import { drawnStepId } from "#engine/model/program";
import type { LocalDate } from "#engine/model/time";
import { daysPastDue, remainingMinor, statusOf } from "#engine/portfolio/facts";
import { engineToday } from "../clock";
import { documentOf } from "../stored-documents";

/** What a list of accounts is narrowed to; empty text = not narrowed. */
export type AccountListRequest = {
  readonly search: string;
  readonly bucket: string;
  readonly product: string;
  readonly origin: string;
  readonly strategy: string;
  readonly step: string;
  /** `held` or `faulted`: accounts that do not move on by themselves. */
  readonly standing: string;
  readonly page: number;
  readonly pageSize: number;
};

/** One line of the list, as of today on the engine's clock. */
export type AccountLine = {
  readonly id: string;
  readonly accountNo: string;
  readonly customerNo: string;
  readonly product: string | null;
  readonly bucket: Bucket | "cured";
  readonly dpd: number;
  readonly overdue: Money;
  readonly outstanding: Money;
  readonly synthetic: boolean;
  /** Where it stands, or stood last. */
  readonly standing: {
    readonly strategyKey: string;
    readonly strategyName: LocalText;
    readonly versionId: StrategyVersionId;
    readonly nodeId: string;
    readonly stepName: LocalText | null;
    readonly exited: boolean;
  } | null;
};

/** A page of accounts and how many there are in all. */
export async function accountPage(
  database: Database,
  request: AccountListRequest,
): Promise<{ readonly rows: readonly AccountLine[]; readonly total: number }> {
  const today = await engineToday(database);
  const { page, pageSize } = request;
  const query = { today, filter: filterOf(request), offset: page * pageSize, limit: pageSize };
  const [found, names] = await Promise.all([listAccounts(database.sql, query), strategyNames(database)]);
  const steps = await stepNames(database, found.accounts);
  return { total: found.total, rows: found.accounts.map((summary) => lineOf(summary, { today, names, steps })) };
}

function filterOf(request: AccountListRequest): AccountFilter {
  const standing = (["held", "faulted"] as const).find((known) => known === request.standing);
  const bucket = [...BUCKETS, "cured" as const].find((known) => known === request.bucket);
  return {
    ...(bucket === undefined ? {} : { bucket }),
    ...(request.search === "" ? {} : { text: request.search }),
    ...(request.origin === "" ? {} : { synthetic: request.origin === "synthetic" }),
    ...(request.product === "" ? {} : { field: { key: "product_type", value: request.product } }),
    ...(request.strategy === "" ? {} : { strategyKey: request.strategy }),
    ...(request.step === "" ? {} : { nodeId: request.step }),
    ...(standing === undefined ? {} : { standing }),
  };
}

type Names = ReadonlyMap<string, LocalText>;

async function strategyNames(database: Database): Promise<Names> {
  return new Map((await listStrategies(database.sql)).map((strategy) => [strategy.key, strategy.name]));
}

/** Names authors gave their steps, by `version:node`. A page touches few versions, so each is read once. */
async function stepNames(database: Database, accounts: readonly AccountSummary[]): Promise<Names> {
  const versionIds = [
    ...new Set(accounts.flatMap((summary) => summary.enrollments.slice(0, 1).map((one) => one.versionId))),
  ];
  const versions = await Promise.all(versionIds.map((id) => versionById(database.sql, id)));
  return new Map(
    versions.flatMap((version) =>
      version === null
        ? []
        : (documentOf(version)?.nodes ?? []).flatMap((node) =>
            node.name === undefined ? [] : [[`${version.id}:${node.id}`, node.name] as const],
          ),
    ),
  );
}

type About = { readonly today: LocalDate; readonly names: Names; readonly steps: Names };

function lineOf({ account, synthetic, paidMinor, enrollments }: AccountSummary, about: About): AccountLine {
  const cured = statusOf(account, paidMinor) === "paid";
  const dpd = cured ? 0 : daysPastDue(account, about.today);
  const product = account.fields.product_type;
  const latest = enrollments[0];
  return {
    id: account.id,
    accountNo: account.accountNo,
    customerNo: account.customerNo,
    product: typeof product === "string" ? product : null,
    bucket: cured ? "cured" : bucketOf(dpd),
    dpd,
    overdue: { minor: remainingMinor(account, paidMinor), currency: account.currency },
    outstanding: { minor: account.totalOutstandingMinor - paidMinor, currency: account.currency },
    synthetic,
    standing:
      latest === undefined
        ? null
        : {
            strategyKey: latest.strategyKey,
            strategyName: about.names.get(latest.strategyKey) ?? { en: latest.strategyKey },
            versionId: latest.versionId,
            nodeId: latest.nodeId,
            stepName: about.steps.get(`${latest.versionId}:${drawnStepId(latest.nodeId)}`) ?? null,
            exited: latest.status === "exited",
          },
  };
}
