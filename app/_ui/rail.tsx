"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { ROOMS, roomOf } from "./rooms";

/** The mark: one line that runs down a due course and takes a turn where it must. */
function Mark() {
  return (
    <svg viewBox="0 0 28 28" width={28} height={28} aria-hidden className="text-accent">
      <path
        d="M8 3v7c0 4 3 5 6 5s6 1.5 6 5v5"
        fill="none"
        stroke="currentColor"
        strokeWidth={3}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx={8} cy={4} r={3} fill="currentColor" />
      <rect x={16.5} y={21.5} width={7} height={5} rx={1.5} fill="currentColor" />
    </svg>
  );
}

/** The way between rooms: icon and word, 56 px wide. */
export function Rail() {
  const text = useTranslations("shell");
  const here = roomOf(usePathname());
  return (
    <nav
      aria-label={text("rooms")}
      className="sticky top-0 z-30 flex h-dvh w-14 shrink-0 flex-col items-center gap-1 border-r border-line bg-surface py-2.5"
    >
      <Link href="/" aria-label={text("product")} className="mb-2 rounded-md p-1">
        <Mark />
      </Link>
      {ROOMS.map((room) => {
        const current = room === here;
        return (
          <Link
            key={room.key}
            href={room.href}
            aria-current={current ? "page" : undefined}
            className={`flex w-[3.25rem] flex-col items-center gap-0.5 rounded-md py-1.5 text-2xs leading-tight transition-colors in-[:lang(en)]:text-[10.5px] in-[:lang(en)]:tracking-tight ${
              current ? "bg-accent-soft font-semibold text-accent" : "text-muted hover:bg-sunken hover:text-ink"
            }`}
          >
            <room.icon size={18} strokeWidth={current ? 2.2 : 1.8} aria-hidden />
            <span className="max-w-full truncate">{text(`room.${room.key}`)}</span>
          </Link>
        );
      })}
    </nav>
  );
}
