import { useMemo } from "react";
import { type Content, type Locale, layeredPack, type MarketPack, type PlacedFinding, placedFindings } from "#engine";
import { useDesigner } from "../store/context";
import type { Mark } from "./segments";

type Rules = NonNullable<ReturnType<typeof layeredPack>>;

/** What law and word lists have against one language of a text as it stands. An unknown rule pack has no rules. */
export function useFindings(content: Content, locale: Locale): readonly PlacedFinding[] {
  const pack = useDesigner((state) => state.pack);
  const name = useDesigner((state) => state.doc.settings.rulePack);
  const rulePack = useMemo(() => layeredPack(pack.rulePacks, name) ?? noRules(name), [pack, name]);
  return useMemo(() => {
    const { market, lexicons }: MarketPack = pack;
    const { channel } = content;
    return placedFindings({ content, channel, locale }, { market, lexicons, rulePack });
  }, [content, locale, pack, rulePack]);
}

function noRules(pack: string): Rules {
  return { pack, version: "", jurisdiction: "", title: {}, rules: [] };
}

/** Where a part of a text is underlined. */
export function marksIn(findings: readonly PlacedFinding[], part: "subject" | "text"): readonly Mark[] {
  return findings.flatMap(({ at, severity }) =>
    at?.part === part
      ? [{ start: at.start, end: at.end, kind: severity === "error" ? "error" : "warning" } as const]
      : [],
  );
}
