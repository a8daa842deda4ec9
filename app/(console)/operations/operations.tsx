"use client";

import { Building2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { ButtonLink } from "../../_ui/button";
import { PageHeader } from "../../_ui/panel";
import { Backlog } from "./backlog";
import { DeadLetters } from "./dead-letters";
import { Providers } from "./providers";
import { Recovery } from "./recovery";
import { Reversals } from "./reversals";
import { Stops } from "./stops";
import { UnknownRequests } from "./unknown-requests";

/** Is the engine keeping up, and what does it want from a person? */
export function Operations() {
  const text = useTranslations("operations");
  return (
    <>
      <PageHeader
        title={text("title")}
        note={text("note")}
        actions={
          <ButtonLink href="/operations/agencies" icon={<Building2 size={15} aria-hidden />}>
            {text("agencies")}
          </ButtonLink>
        }
      />
      <div className="flex min-w-0 flex-col gap-4 px-6 pb-8">
        <Recovery />
        <Backlog />
        <Providers />
        <Reversals />
        <div className="grid grid-cols-2 items-start gap-4 max-xl:grid-cols-1">
          <Stops />
          <div className="flex min-w-0 flex-col gap-4">
            <DeadLetters />
            <UnknownRequests />
          </div>
        </div>
      </div>
    </>
  );
}
