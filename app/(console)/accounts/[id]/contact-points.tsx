"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { channelOf } from "#engine/channels/index";
import { CHANNELS } from "#engine/model/content";
import { Badge } from "../../../_ui/badge";
import { Button } from "../../../_ui/button";
import { Panel } from "../../../_ui/panel";
import { EmptyState } from "../../../_ui/states";
import type { AccountView } from "./account-view";
import { ConsentDialog } from "./consent-dialog";

const SHOWN_HEAD = 3;
const SHOWN_TAIL = 4;

/** Enough of an address to know it again. */
function masked(address: string): string {
  if (address.length <= SHOWN_HEAD + SHOWN_TAIL) return address;
  return `${address.slice(0, SHOWN_HEAD)}****${address.slice(-SHOWN_TAIL)}`;
}

/** How the person may be reached, and on which channels they agreed to it. */
export function ContactPoints({ points }: { readonly points: AccountView["contactPoints"] }) {
  const text = useTranslations("account");
  const [saying, setSaying] = useState<AccountView["contactPoints"][number] | null>(null);
  const channel = useTranslations("channel");
  return (
    <Panel title={text("contactPoints")} flush>
      {points.length === 0 && <EmptyState>{text("noContactPoints")}</EmptyState>}
      <ul>
        {points.map((point) => (
          <li key={point.id} className="border-t border-line px-4 py-2 text-sm">
            <div className="flex items-center gap-2">
              <span className="figures font-semibold">{point.simulated ? point.address : masked(point.address)}</span>
              {point.simulated && <Badge tone="simulated">{text("simulatedPoint")}</Badge>}
              {point.status !== "valid" && <Badge tone="breach">{text(`pointStatus.${point.status}`)}</Badge>}
              <span className="ml-auto">
                <Button
                  size="small"
                  look="quiet"
                  onClick={() => setSaying(point)}
                  aria-label={text("recordConsentOf", { point: masked(point.address) })}
                >
                  {text("recordConsent")}
                </Button>
              </span>
            </div>
            <p className="mt-0.5 text-xs text-muted">
              {CHANNELS.filter((known) => channelOf(known).contactPoint === point.kind)
                .map((known) => `${channel(known)} ${text(`consent.${point.consent[known] ?? "unknown"}`)}`)
                .join(" · ")}
            </p>
          </li>
        ))}
      </ul>
      {saying !== null && (
        <ConsentDialog point={saying} shown={masked(saying.address)} onClose={() => setSaying(null)} />
      )}
    </Panel>
  );
}
