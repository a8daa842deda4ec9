"use client";

import { CircleAlert, Inbox } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Button } from "./button";
import { useErrorText } from "./use-error-text";

/** Nothing here yet: one sentence, one action. */
export function EmptyState({ children, action }: { readonly children: ReactNode; readonly action?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-3 px-6 py-10 text-center">
      <Inbox size={22} className="text-line-strong" aria-hidden />
      <p className="max-w-[52ch] text-sm text-muted">{children}</p>
      {action}
    </div>
  );
}

/** What happened, what is safe and what to do. */
export function ErrorState({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const text = useTranslations("states");
  const errorText = useErrorText();
  return (
    <div role="alert" className="flex flex-col items-start gap-2 rounded-md bg-breach-soft px-4 py-3 text-sm">
      <p className="flex items-center gap-2 font-semibold text-breach">
        <CircleAlert size={16} aria-hidden />
        {errorText(error)}
      </p>
      <p className="text-ink">{text("nothingChanged")}</p>
      {onRetry !== undefined && (
        <Button size="small" onClick={onRetry}>
          {text("tryAgain")}
        </Button>
      )}
    </div>
  );
}

const SKELETON_KEYS = Array.from({ length: 30 }, (_, index) => `row-${index}`);

/** The rows that are coming, at their final height. */
export function LoadingRows({ rows, height = 32 }: { readonly rows: number; readonly height?: number }) {
  const text = useTranslations("states");
  return (
    <div role="status" aria-label={text("loading")} className="flex flex-col px-4 py-1">
      {SKELETON_KEYS.slice(0, rows).map((key, index) => (
        <div key={key} className="flex items-center" style={{ height }}>
          <div className="skeleton h-3" style={{ width: `${88 - ((index * 17) % 43)}%` }} />
        </div>
      ))}
    </div>
  );
}
