"use client";

import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { ChangeSentences } from "#designer";
import type { MarketPack } from "#engine";
import { Button } from "../../../../_ui/button";
import { Dialog } from "../../../../_ui/dialog";
import { useFormats } from "../../../../_ui/use-formats";
import { useZone } from "../../../../_ui/use-zone";
import type { Draft } from "./use-draft";

const SENTENCES_MAX = 200;

/** What happened to the draft without the author's doing: somebody's changes came in, or edits of an earlier visit came back. */
export function NewsBar({ draft, pack }: { readonly draft: Draft; readonly pack: MarketPack }) {
  const text = useTranslations("strategy.news");
  const locale = useLocale();
  const formats = useFormats();
  const zone = useZone();
  const [looking, setLooking] = useState(false);
  const { news } = draft;
  if (news === null) return null;
  const said = news.kind === "merged" ? text("merged") : text("restored", { time: formats.instant(news.atMs, zone) });
  const [before, after] = news.kind === "merged" ? [news.before, news.after] : [news.server, draft.doc];
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-2 border-b border-line bg-accent-soft px-6 py-1.5 text-sm"
    >
      <span className="mr-2">{said}</span>
      <Button size="small" onClick={() => setLooking(true)}>
        {text("look")}
      </Button>
      {news.kind === "restored" && (
        <Button size="small" onClick={draft.dropRestored}>
          {text("drop")}
        </Button>
      )}
      <Button size="small" look="quiet" onClick={draft.dismissNews}>
        {text(news.kind === "merged" ? "dismiss" : "keep")}
      </Button>
      <Dialog open={looking} onOpenChange={setLooking} title={said} wide>
        <div className="text-sm">
          <ChangeSentences before={before} after={after} pack={pack} locale={locale} maximum={SENTENCES_MAX} />
        </div>
      </Dialog>
    </div>
  );
}
