import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { marketPack } from "#engine/packs/index";
import { readAccounts } from "#engine/portfolio/intake/read-accounts";
import { suggestColumns } from "#engine/portfolio/intake/suggest";
import { LENDER_MARKET } from "../lender";
import type { ImportPreview, ReadingAnswer, ReadingRequest } from "./reading";

/** Thread that reads one account file and answers once. */
const ACCOUNTS_SHOWN = 10;
const ISSUES_SHOWN = 500;

function answer({ path, mapping, options, answer: wanted }: ReadingRequest): ReadingAnswer {
  const { fields } = marketPack(LENDER_MARKET);
  const whole = readAccounts({ bytes: readFileSync(path), mapping, fields, options });
  if (wanted === "whole") return { answer: "whole", whole };
  const { accounts, contactPoints, rejected, warnings, ...about } = whole;
  const samples = Math.max(0, ...about.columns.map((column) => column.sample.length));
  const rows = Array.from({ length: samples }, (_, row) => about.columns.map((column) => column.sample[row] ?? ""));
  const preview: ImportPreview = {
    ...about,
    accepted: accounts.length,
    contactPointCount: contactPoints.length,
    overdueAccounts: accounts.filter((account) => account.overdueSince !== null).length,
    firstAccounts: accounts.slice(0, ACCOUNTS_SHOWN),
    rejected: rejected.slice(0, ISSUES_SHOWN),
    warnings: warnings.slice(0, ISSUES_SHOWN),
    suggestions: suggestColumns(
      about.columns.map((column) => column.name),
      rows,
      fields,
    ),
  };
  return { answer: "preview", preview };
}

const { input } = workerData as { readonly input: ReadingRequest };
parentPort?.postMessage(answer(input));
