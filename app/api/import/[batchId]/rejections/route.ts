import { getTranslations } from "next-intl/server";
import type { ImportBatchId } from "#engine/model/ids";
import { readLocale } from "../../../../_i18n/preferences";
import { contextOf } from "../../../../_server/compose";
import { rejectionsFile } from "../../../../_server/portfolio/rejections";
import { download, refusalResponse } from "../../../../_server/responses";
import { demand } from "../../../../_server/trpc";

export const dynamic = "force-dynamic";

type Params = { readonly params: Promise<{ readonly batchId: string }> };

/** The rejected rows of an import as a CSV file. */
export async function GET(request: Request, { params }: Params): Promise<Response> {
  const { batchId } = await params;
  try {
    const { database, actor } = contextOf(request);
    demand(actor, "portfolio.read");
    const [locale, text] = await Promise.all([readLocale(), getTranslations("import")]);
    const head = [text("line"), text("column"), text("reason"), text("code")] as const;
    const file = await rejectionsFile(database, { batchId: batchId as ImportBatchId, locale, head });
    return download(file, { fileName: `rejected-${batchId}.csv`, type: "text/csv; charset=utf-8" });
  } catch (error) {
    return refusalResponse(error, "api/import/rejections");
  }
}
