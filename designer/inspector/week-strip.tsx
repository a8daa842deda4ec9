"use client";

import { useMemo } from "react";
import { type ContactDay, contactWeek, type Locale, layeredPack, localDate, minutesOf, type RulePack } from "#engine";
import { useDesigner, useText } from "../store/context";

const MINUTES_PER_DAY = 1440;
/** Hours that are named below the strip. */
const TICKS = [0, 6, 12, 18, 24] as const;

/** The coming week with the hours the law leaves, those the house advises, its holidays, and the time the author chose. */
export function WeekStrip({ at }: { readonly at: string }) {
  const text = useText();
  const locale = useDesigner((state) => state.locale);
  const { timeZone, rulePack } = useDesigner((state) => state.doc.settings);
  const pack = useDesigner((state) => state.pack);
  const today = localDate(timeZone, Date.now());
  const week = useMemo(() => {
    const rules: RulePack | null = layeredPack(pack.rulePacks, rulePack);
    return rules === null ? [] : contactWeek({ ...rules, ...(pack.calendar && { calendar: pack.calendar }) }, today);
  }, [pack, rulePack, today]);
  if (week.length === 0) return null;
  const minute = minutesOf(at);
  const outside = week.filter(({ allowed }) => !allowed.some(({ from, to }) => minute >= from && minute < to));
  const said = outside.length === 0 ? text("week.inside", { at }) : text("week.outside", { at, count: outside.length });
  return (
    <figure className="dz-week" data-worst={outside.length > 0 ? "warning" : undefined}>
      <div role="img" aria-label={text("week.label", { hours: hoursText(week[0]), said })}>
        {week.map((day) => (
          <Day key={day.date} day={day} minute={minute} locale={locale} />
        ))}
        <div className="dz-week-ticks">
          {TICKS.map((hour) => (
            <span key={hour} style={{ left: `${(hour / 24) * 100}%` }}>
              {hour}
            </span>
          ))}
        </div>
      </div>
      <figcaption>
        <span className="dz-week-key" data-part="allowed" />
        {text("week.allowed")}
        <span className="dz-week-key" data-part="advised" />
        {text("week.advised")}
        <b>{said}</b>
      </figcaption>
    </figure>
  );
}

function hoursText(day: ContactDay | undefined): string {
  const clock = (minute: number): string =>
    `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
  return (day?.allowed ?? []).map(({ from, to }) => `${clock(from)}–${clock(to)}`).join(", ");
}

function Day({ day, minute, locale }: { readonly day: ContactDay; readonly minute: number; readonly locale: Locale }) {
  const text = useText();
  const { date, holiday, allowed, advised } = day;
  const name = new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", timeZone: "UTC" });
  const span = ({ from, to }: ContactDay["allowed"][number]) => ({
    left: `${(from / MINUTES_PER_DAY) * 100}%`,
    width: `${((to - from) / MINUTES_PER_DAY) * 100}%`,
  });
  return (
    <div className="dz-week-day" data-holiday={holiday}>
      <span className="dz-week-name">
        {name.format(new Date(`${date}T00:00:00Z`))}
        {holiday === "holiday" && <em>{text("week.holiday")}</em>}
        {holiday === "unknown" && <em>{text("week.unknown")}</em>}
      </span>
      <span className="dz-week-bar">
        {allowed.map((one) => (
          <span key={one.from} data-part="allowed" style={span(one)} />
        ))}
        {advised.map((one) => (
          <span key={one.from} data-part="advised" style={span(one)} />
        ))}
        <span className="dz-week-at" style={{ left: `${(minute / MINUTES_PER_DAY) * 100}%` }} />
      </span>
    </div>
  );
}
