"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { FileDown, FileUp, Save } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { toast } from "sonner";
import type { Issue } from "#engine/model/issue";
import { type ImportMapping, parseMapping } from "#engine/portfolio/intake/mapping";
import { Button } from "../../../_ui/button";
import { Dialog } from "../../../_ui/dialog";
import { Field, Select, TextInput } from "../../../_ui/field";
import { IssueList } from "../../../_ui/issue-list";
import { ErrorState } from "../../../_ui/states";
import { useTRPC } from "../../../_ui/trpc-client";

/** A mapping file is small; anything larger is something else. */
const FILE_BYTES_MAX = 1024 * 1024;

type Props = { readonly mapping: ImportMapping; readonly onLoad: (mapping: ImportMapping) => void };

/** Load a mapping from the house or from a file, keep this one under a name, take it along. */
export function SavedMappings({ mapping, onLoad }: Props) {
  const text = useTranslations("import");
  const trpc = useTRPC();
  const input = useRef<HTMLInputElement>(null);
  const saved = useQuery(trpc.portfolio.mappings.queryOptions());
  const [refused, setRefused] = useState<readonly Issue[] | null>(null);
  const [naming, setNaming] = useState(false);
  const load = (value: unknown) => {
    const parsed = parseMapping(value);
    if (parsed.ok) onLoad(parsed.value);
    else setRefused(parsed.error);
  };
  const readFile = async (file: File) => {
    if (file.size > FILE_BYTES_MAX) return setRefused([notJson()]);
    try {
      load(JSON.parse(await file.text()));
    } catch {
      setRefused([notJson()]);
    }
  };
  return (
    <>
      {(saved.data?.length ?? 0) > 0 && (
        <Select
          aria-label={text("loadMapping")}
          className="w-48"
          value=""
          options={[
            { value: "", label: text("loadMapping") },
            ...(saved.data ?? []).map((known) => ({ value: known.id, label: known.name })),
          ]}
          onValue={(id) => {
            const known = saved.data?.find((candidate) => candidate.id === id);
            if (known !== undefined) load(known.mapping);
          }}
        />
      )}
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        className="sr-only"
        aria-label={text("mappingFile")}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file !== undefined) void readFile(file);
          event.target.value = "";
        }}
      />
      <Button size="small" icon={<FileUp size={14} aria-hidden />} onClick={() => input.current?.click()}>
        {text("mappingFile")}
      </Button>
      <Button size="small" icon={<FileDown size={14} aria-hidden />} onClick={() => saveAsFile(mapping)}>
        {text("mappingDownload")}
      </Button>
      <Button size="small" icon={<Save size={14} aria-hidden />} onClick={() => setNaming(true)}>
        {text("saveMapping")}
      </Button>
      {refused !== null && (
        <Dialog open onOpenChange={() => setRefused(null)} title={text("mappingRefused")} wide>
          <IssueList issues={refused} />
        </Dialog>
      )}
      {naming && <NameDialog mapping={mapping} onClose={() => setNaming(false)} onSaved={onLoad} />}
    </>
  );
}

function notJson(): Issue {
  return { code: "json.unfinished", severity: "error", path: "", params: {} };
}

function saveAsFile(mapping: ImportMapping): void {
  const blob = new Blob([`${JSON.stringify(mapping, null, 2)}\n`], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${mapping.name.replace(/[^\p{L}\p{N}-]+/gu, "-")}.mapping.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}

function NameDialog({
  mapping,
  onClose,
  onSaved,
}: {
  readonly mapping: ImportMapping;
  readonly onClose: () => void;
  readonly onSaved: (mapping: ImportMapping) => void;
}) {
  const text = useTranslations("import");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [name, setName] = useState(mapping.name === "recognised" ? "" : mapping.name);
  const save = useMutation(
    trpc.portfolio.saveMapping.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries(trpc.portfolio.mappings.queryFilter());
        onSaved({ ...mapping, name: name.trim() });
        toast.success(text("mappingSaved", { name: name.trim() }));
        onClose();
      },
    }),
  );
  return (
    <Dialog
      open
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title={text("saveMapping")}
      description={text("saveMappingNote")}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") save.mutate({ name: name.trim(), mapping });
        }}
      >
        <Field label={text("mappingName")}>
          <TextInput
            value={name}
            maxLength={120}
            required
            autoFocus
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        {save.isError && <ErrorState error={save.error} />}
        <div className="flex justify-end">
          <Button look="primary" type="submit" busy={save.isPending} disabled={name.trim() === ""}>
            {text("save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
