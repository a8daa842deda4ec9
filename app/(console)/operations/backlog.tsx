"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Badge } from "../../_ui/badge";
import { Figure } from "../../_ui/figure";
import { Panel } from "../../_ui/panel";
import { ErrorState, LoadingRows } from "../../_ui/states";
import { type RouterOutputs, useTRPC } from "../../_ui/trpc-client";
import { useFormats } from "../../_ui/use-formats";

type EngineBacklog = RouterOutputs["operations"]["backlog"];

const REFRESH_MS = 3000;
const SECONDS_PER_MINUTE = 60;
/** From here on whoever runs the house is woken up (the alert that ships with the metrics). */
const LATE_SECONDS = 120;
/** Names of the age groups, youngest first; their bounds are the query's. */
const AGES = ["young", "minute", "minutes", "hour", "older"] as const;

/** How far behind the engine is. One figure decides: the age of the oldest account that is due. */
export function Backlog() {
  const text = useTranslations("operations.backlog");
  const trpc = useTRPC();
  const backlog = useQuery(trpc.operations.backlog.queryOptions(undefined, { refetchInterval: REFRESH_MS }));
  const late = (backlog.data?.oldestDueAgeSeconds ?? 0) > LATE_SECONDS;
  return (
    <Panel
      title={text("title")}
      aside={
        backlog.data !== undefined && (
          <Badge tone={late ? "breach" : "cured"}>{text(late ? "behind" : "keepingUp")}</Badge>
        )
      }
      flush
    >
      {backlog.isPending && <LoadingRows rows={4} height={36} />}
      {backlog.isError && (
        <div className="p-4">
          <ErrorState error={backlog.error} onRetry={() => backlog.refetch()} />
        </div>
      )}
      {backlog.data !== undefined && <BacklogBody backlog={backlog.data} late={late} />}
    </Panel>
  );
}

function BacklogBody({ backlog, late }: { readonly backlog: EngineBacklog; readonly late: boolean }) {
  const text = useTranslations("operations.backlog");
  const formats = useFormats();
  const age = useAge();
  const { requests } = backlog;
  return (
    <div className="flex flex-col gap-3 pb-4">
      <div className="grid grid-cols-6 gap-4 px-4 pt-1 max-lg:grid-cols-3">
        <Figure
          label={text("oldestDue")}
          value={age(backlog.oldestDueAgeSeconds)}
          ink={late ? "breach" : "ink"}
          note={text("alertAt", { minutes: LATE_SECONDS / SECONDS_PER_MINUTE })}
        />
        <Figure label={text("due")} value={formats.count(backlog.dueAccounts)} note={text("dueNote")} />
        <Figure
          label={text("events")}
          value={formats.count(backlog.waitingEvents)}
          note={backlog.waitingEvents === 0 ? undefined : text("oldest", { age: age(backlog.oldestEventAgeSeconds) })}
        />
        <Figure label={text("ready")} value={formats.count(requests.ready)} note={text("readyNote")} />
        <Figure label={text("sending")} value={formats.count(requests.sending)} />
        <Figure
          label={text("unknown")}
          value={formats.count(requests.unknown)}
          ink={requests.unknown > 0 ? "breach" : "ink"}
        />
      </div>
      {backlog.dueAccounts > 0 && <DueByAge backlog={backlog} />}
    </div>
  );
}

/** Due accounts by age, as a table that shows as bars. */
function DueByAge({ backlog }: { readonly backlog: EngineBacklog }) {
  const text = useTranslations("operations.backlog");
  const formats = useFormats();
  const most = Math.max(1, ...backlog.dueByAge);
  return (
    <table className="w-full border-collapse text-sm">
      <caption className="px-4 pb-1 text-left text-xs text-muted">{text("byAge")}</caption>
      <tbody>
        {AGES.map((group, index) => {
          const accounts = backlog.dueByAge[index] ?? 0;
          return (
            <tr key={group} className="border-t border-line/70">
              <th scope="row" className="w-40 whitespace-nowrap px-4 py-1 text-left font-normal text-muted">
                {text(`age.${group}`)}
              </th>
              <td className="pr-4">
                <div className="flex h-6 items-center gap-2">
                  <div
                    aria-hidden
                    className={`h-3 rounded-r-sm ${index > 1 ? "bg-breach" : "bg-held"}`}
                    style={{ width: `${(accounts / most) * 74}%`, minWidth: accounts > 0 ? 2 : 0 }}
                  />
                  <span className="figures">{formats.count(accounts)}</span>
                </div>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const SECONDS_PER_HOUR = 3600;
const SECONDS_PER_DAY = 86_400;

/** An age in its two largest units, `3 分 20 秒`. */
function useAge(): (seconds: number) => string {
  const text = useTranslations("operations.age");
  return (seconds) => {
    const whole = Math.floor(seconds);
    if (whole < SECONDS_PER_MINUTE) return text("seconds", { seconds: whole });
    if (whole < SECONDS_PER_HOUR) {
      return text("minutes", { minutes: Math.floor(whole / SECONDS_PER_MINUTE), seconds: whole % SECONDS_PER_MINUTE });
    }
    if (whole < SECONDS_PER_DAY) {
      const minutes = Math.floor((whole % SECONDS_PER_HOUR) / SECONDS_PER_MINUTE);
      return text("hours", { hours: Math.floor(whole / SECONDS_PER_HOUR), minutes });
    }
    const hours = Math.floor((whole % SECONDS_PER_DAY) / SECONDS_PER_HOUR);
    return text("days", { days: Math.floor(whole / SECONDS_PER_DAY), hours });
  };
}
