"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { Agency } from "#engine/model/agency";
import { Badge } from "../../../_ui/badge";
import { Button } from "../../../_ui/button";
import type { Column } from "../../../_ui/table";
import { useTRPC } from "../../../_ui/trpc-client";
import { AgencyDialog } from "./agency-dialog";
import { Listed } from "./listed";

/** The agencies, and what the law asks of each before it is given anything. */
export function Register() {
  const text = useTranslations("agencies.register");
  const trpc = useTRPC();
  const agencies = useQuery(trpc.agency.agencies.queryOptions());
  const [edited, setEdited] = useState<Agency | "new" | null>(null);
  const columns = useColumns(setEdited);
  return (
    <>
      <Listed
        title={text("title")}
        note={text("note")}
        aside={
          <Button size="small" icon={<Plus size={14} aria-hidden />} onClick={() => setEdited("new")}>
            {text("add")}
          </Button>
        }
        nothing={text("nothing")}
        query={agencies}
        columns={columns}
        rowKey={({ code }) => code}
      />
      {edited !== null && <AgencyDialog agency={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
    </>
  );
}

function useColumns(edit: (agency: Agency) => void): readonly Column<Agency>[] {
  const text = useTranslations("agencies.register");
  const answer = (value: boolean | undefined, wanted: boolean) => {
    if (value === undefined) return <Badge tone="waiting">{text("unknown")}</Badge>;
    return <Badge tone={value === wanted ? "cured" : "breach"}>{text(value ? "yes" : "no")}</Badge>;
  };
  const day = (value: string | undefined) =>
    value === undefined ? <Badge tone="waiting">{text("unknown")}</Badge> : <span className="figures">{value}</span>;
  return [
    { key: "name", title: text("name"), cell: ({ name }) => <span className="font-semibold">{name}</span> },
    { key: "code", title: text("code"), cell: ({ code }) => <span className="font-mono text-xs">{code}</span> },
    { key: "licensed", title: text("licensed"), cell: ({ standing }) => answer(standing.licensed, true) },
    { key: "whitelisted", title: text("whitelisted"), cell: ({ standing }) => answer(standing.whitelisted, true) },
    { key: "violation", title: text("violation"), cell: ({ standing }) => answer(standing.violation, false) },
    { key: "contract", title: text("contractUntil"), cell: ({ standing }) => day(standing.contractUntil) },
    { key: "evaluated", title: text("evaluatedOn"), cell: ({ standing }) => day(standing.evaluatedOn) },
    { key: "trained", title: text("trainedOn"), cell: ({ standing }) => day(standing.trainedOn) },
    {
      key: "edit",
      title: <span className="sr-only">{text("edit")}</span>,
      cell: (agency) => (
        <Button
          size="small"
          look="quiet"
          onClick={() => edit(agency)}
          aria-label={text("editNamed", { name: agency.name })}
        >
          {text("edit")}
        </Button>
      ),
    },
  ];
}
