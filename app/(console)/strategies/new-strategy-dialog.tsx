"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "../../_ui/button";
import { Dialog } from "../../_ui/dialog";
import { Field, TextInput } from "../../_ui/field";
import { ErrorState } from "../../_ui/states";
import { useTRPC } from "../../_ui/trpc-client";

const KEY_PATTERN = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const KEY_MAX = 64;

/** A key from a name, where the name has letters for one. */
function keyFrom(name: string): string {
  const key = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .replace(/-+$/, "");
  return key.slice(0, KEY_MAX);
}

export function NewStrategyDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const text = useTranslations("strategies");
  const locale = useLocale();
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [name, setName] = useState("");
  const [key, setKey] = useState<string | null>(null);
  const shownKey = key ?? keyFrom(name);
  const keyIsGood = KEY_PATTERN.test(shownKey) && shownKey.length <= KEY_MAX;
  const create = useMutation(
    trpc.strategy.create.mutationOptions({
      onSuccess: async (made) => {
        await queryClient.invalidateQueries(trpc.strategy.list.queryFilter());
        router.push(`/strategies/${made.key}`);
      },
    }),
  );
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title={text("newTitle")}
      description={text("newNote")}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (keyIsGood && name.trim() !== "") create.mutate({ key: shownKey, name: { [locale]: name.trim() } });
        }}
      >
        <Field label={text("name")}>
          <TextInput
            value={name}
            maxLength={120}
            required
            autoFocus
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Field
          label={text("key")}
          hint={text("keyHint")}
          error={shownKey !== "" && !keyIsGood ? text("keyInvalid") : null}
        >
          <TextInput
            value={shownKey}
            maxLength={KEY_MAX}
            required
            spellCheck={false}
            className="w-full font-mono"
            aria-invalid={shownKey !== "" && !keyIsGood}
            onChange={(event) => setKey(event.target.value)}
          />
        </Field>
        {create.isError && <ErrorState error={create.error} />}
        <div className="flex justify-end gap-2">
          <Button look="primary" type="submit" busy={create.isPending} disabled={!keyIsGood || name.trim() === ""}>
            {text("create")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
