import type { ReactNode } from "react";

/** A card with a heading. `aside` stands at the right of the heading; `flush` lets a table reach the edges. */
export function Panel({
  title,
  note,
  aside,
  flush = false,
  children,
  className = "",
  id,
}: {
  readonly title?: ReactNode;
  readonly note?: ReactNode;
  readonly aside?: ReactNode;
  readonly flush?: boolean;
  readonly children: ReactNode;
  readonly className?: string;
  readonly id?: string;
}) {
  return (
    <section id={id} className={`panel min-w-0 ${flush ? "overflow-hidden" : ""} ${className}`}>
      {title !== undefined && (
        <header className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 px-4 pt-2.5 pb-2">
          <h2 className="text-base">{title}</h2>
          {note !== undefined && <span className="text-xs text-muted">{note}</span>}
          {aside !== undefined && <div className="ml-auto flex items-center gap-2">{aside}</div>}
        </header>
      )}
      <div className={flush ? "" : title === undefined ? "p-4" : "px-4 pb-4"}>{children}</div>
    </section>
  );
}

/** Title of a screen with its one primary action, always top right. */
export function PageHeader({
  title,
  note,
  chips,
  actions,
}: {
  readonly title: ReactNode;
  readonly note?: ReactNode;
  readonly chips?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <header className="flex flex-wrap items-center gap-x-4 gap-y-2 px-6 pt-5 pb-4">
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-2">
          <h1 className="min-w-0 truncate text-xl">{title}</h1>
          {chips}
        </div>
        {note !== undefined && <p className="mt-0.5 max-w-[72ch] text-sm text-muted">{note}</p>}
      </div>
      {actions !== undefined && <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
