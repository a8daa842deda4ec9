import type { Database } from "#db";
import { loadTurnSnapshots } from "#db/stores/snapshots";
import type { FactValue } from "#engine";
import { type FieldCatalogue, fieldOf } from "#engine/model/facts";
import type { AccountId } from "#engine/model/ids";
import { maskedName } from "#engine/portfolio/masked-name";
import { factsAt } from "#engine/runtime/facts-at";
import { engineNowMs } from "../clock";
import { packOf } from "../compose-packs";
import { AppError } from "../errors";
import type { PortfolioQuestion } from "./ask-portfolio";

type Values = { readonly [key: string]: FactValue };

/**
 * What a text may quote of an account now, for an author who looks at how it will read: facts and imported fields as the renderer
 * takes them, what is personal masked, what is unknown left out. Refuses with `account.not-found`.
 */
export async function textValues(
  database: Database,
  { accountId, settings }: { readonly accountId: AccountId } & Pick<PortfolioQuestion, "settings">,
): Promise<Values> {
  const nowMs = await engineNowMs(database);
  const snapshot = (await loadTurnSnapshots(database.sql, [accountId], { nowMs })).get(accountId);
  if (snapshot === undefined) throw new AppError("not-found", "account.not-found");
  const pack = packOf(settings.market);
  const facts = factsAt(
    { snapshot, startedAtMs: null },
    { version: { program: { settings, steps: {} } }, pack, nowMs },
  );
  return { ...masked(snapshot.account.fields, pack.fields), ...facts };
}

/** Of a personal field as much is shown as of a name; a field no catalogue knows may be personal. */
function masked(values: Values, fields: FieldCatalogue): Values {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      const open = fieldOf(fields, key)?.personal === false;
      return [key, open || value === null ? value : (maskedName(String(value)) ?? null)];
    }),
  );
}
