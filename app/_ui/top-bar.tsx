"use client";

import { UserRound } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import type { Theme } from "../_i18n/cookie";
import { ClockChip } from "./clock-chip";
import { LanguageSwitch, ThemeSwitch } from "./preferences";
import { roomOf } from "./rooms";

/** Where I am, what time it is for the engine, and how I like to read. 48 px, the same on every screen. */
export function TopBar({ theme }: { readonly theme: Theme }) {
  const text = useTranslations("shell");
  const pathname = usePathname();
  const room = roomOf(pathname);
  const deeper = room !== undefined && pathname !== room.href;
  return (
    <header className="sticky top-0 z-20 flex h-12 shrink-0 items-center gap-2 border-b border-line bg-surface px-6 max-sm:px-3">
      <nav aria-label={text("place")} className="flex min-w-0 items-center gap-2 text-sm">
        <span className="font-semibold max-sm:hidden">{text("product")}</span>
        {room !== undefined && (
          <>
            <span className="text-line-strong max-sm:hidden" aria-hidden>
              /
            </span>
            {deeper ? (
              <Link href={room.href} className="text-accent hover:underline">
                {text(`room.${room.key}`)}
              </Link>
            ) : (
              <span className="text-muted">{text(`room.${room.key}`)}</span>
            )}
          </>
        )}
      </nav>
      <div className="ml-auto flex items-center gap-1">
        <ClockChip />
        <LanguageSwitch />
        <ThemeSwitch initial={theme} />
        <span
          className="ml-1 inline-flex h-8 items-center gap-1.5 rounded-md px-2 text-xs text-muted max-sm:hidden"
          title={text("demoActorNote")}
        >
          <UserRound size={16} aria-hidden />
          <span className="max-lg:sr-only">{text("demoActor")}</span>
        </span>
      </div>
    </header>
  );
}
