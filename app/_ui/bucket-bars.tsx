"use client";

import { useTranslations } from "next-intl";
import type { Currency } from "#engine/model/money";
import { useFormats } from "./use-formats";

export type BucketBar = {
  readonly bucket: string;
  readonly accounts: number;
  readonly parties: number;
  readonly overdueMinor: number;
  readonly outstandingMinor: number;
};

/** What falls due in M0 is not overdue yet, so it has no bar among the arrears. */
const overdueOf = (bucket: BucketBar) => (bucket.bucket === "M0" ? 0 : bucket.overdueMinor);

/** M0 is pale and M6+ is deep: later stages weigh more. One hue, so that nothing shouts. */
const depthOf = (index: number, total: number) => 0.28 + (0.72 * index) / Math.max(1, total - 1);

/**
 * Overdue stages with people and money. Bars start at zero and share one scale; the figure stands at the bar, the currency once
 * in the head. Written as a table, so that it reads without eyes.
 */
export function BucketBars({
  buckets,
  currency,
  hrefOf,
}: {
  readonly buckets: readonly BucketBar[];
  readonly currency: Currency;
  readonly hrefOf: (bucket: string) => string;
}) {
  const text = useTranslations("home");
  const formats = useFormats();
  const largest = Math.max(1, ...buckets.map(overdueOf));
  const mostAccounts = Math.max(1, ...buckets.map((bucket) => bucket.accounts));
  return (
    <table className="w-full border-collapse text-sm">
      <thead>
        <tr className="text-xs text-muted">
          <th scope="col" className="h-7 w-20 px-4 text-left">
            {text("stage")}
          </th>
          <th scope="col" className="h-7 w-[30%] text-left">
            {text("accountsHead")}
          </th>
          <th scope="col" className="h-7 w-20 px-3 text-right">
            {text("peopleHead")}
          </th>
          <th scope="col" className="h-7 px-4 text-left">
            {text("overdueHead", { currency })}
          </th>
        </tr>
      </thead>
      <tbody>
        {buckets.map((bucket, index) => (
          <tr key={bucket.bucket} className="group border-t border-line/70 hover:bg-sunken/50">
            <th scope="row" className="whitespace-nowrap px-4 text-left">
              <a href={hrefOf(bucket.bucket)} className="block py-1.5 text-accent hover:underline">
                {bucket.bucket === "cured" ? text("cured") : bucket.bucket}
              </a>
            </th>
            <td>
              <Bar fraction={bucket.accounts / mostAccounts} tone="held" depth={0.55}>
                {formats.count(bucket.accounts)}
              </Bar>
            </td>
            <td className="figures px-3 text-right text-muted">{formats.count(bucket.parties)}</td>
            <td className="px-4">
              <Bar
                fraction={overdueOf(bucket) / largest}
                tone={bucket.bucket === "cured" ? "cured" : "accent"}
                depth={depthOf(index, buckets.length)}
              >
                {overdueOf(bucket) === 0 ? "–" : formats.compact(overdueOf(bucket) / 100)}
              </Bar>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const BAR_TONES = { accent: "var(--accent)", cured: "var(--cured)", held: "var(--held)" } as const;

function Bar({
  fraction,
  tone,
  depth,
  children,
}: {
  readonly fraction: number;
  readonly tone: keyof typeof BAR_TONES;
  readonly depth: number;
  readonly children: string;
}) {
  return (
    <div className="flex h-8 items-center gap-2">
      <div
        className="h-3.5 rounded-r-sm"
        style={{
          width: `${fraction * 74}%`,
          minWidth: fraction > 0 ? 2 : 0,
          background: BAR_TONES[tone],
          opacity: depth,
        }}
        aria-hidden
      />
      <span className="figures shrink-0">{children}</span>
    </div>
  );
}
