"use client";

import { Upload } from "lucide-react";
import { useTranslations } from "next-intl";
import { CURRENCIES } from "#engine/model/money";
import { NUMBER_STYLES } from "#engine/portfolio/intake/decimal";
import type { Encoding } from "#engine/portfolio/intake/decode";
import type { ImportMapping } from "#engine/portfolio/intake/mapping";
import { Button } from "../../../_ui/button";
import { Field, Select, TextInput } from "../../../_ui/field";
import { Figure } from "../../../_ui/figure";
import { Panel } from "../../../_ui/panel";
import { ErrorState } from "../../../_ui/states";
import { useFormats } from "../../../_ui/use-formats";
import { withoutSetting } from "./mapping-edit";
import type { ImportState, Options, Preview } from "./use-import";

/** Zones offered first; any other IANA name comes with a mapping file. */
const ZONES = ["Asia/Shanghai", "Asia/Taipei", "Asia/Hong_Kong", "Europe/London", "Europe/Berlin", "America/New_York"];

/** Encodings as people write them. */
const ENCODING_NAMES = {
  "utf-8": "UTF-8",
  gb18030: "GB18030",
  "utf-16le": "UTF-16 LE",
  "utf-16be": "UTF-16 BE",
  big5: "Big5",
  "windows-1252": "Windows-1252",
} satisfies Record<Encoding, string>;

type Props = {
  readonly state: ImportState;
  readonly preview: Preview;
  readonly mapping: ImportMapping | null;
  readonly onMapping: (mapping: ImportMapping) => void;
};

/** What was found in the file, how it is to be read, and the one button that writes. */
export function ImportOptions({ state, preview, mapping, onMapping }: Props) {
  const text = useTranslations("import");
  const formats = useFormats();
  const blocked = preview.refused || preview.accepted === 0 || state.preview.isFetching;
  return (
    <div className="sticky top-16 flex flex-col gap-4 max-xl:static">
      <Panel title={state.upload.data?.fileName ?? text("file")}>
        <dl className="mb-4 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-xs">
          <dt className="text-muted">{text("encoding")}</dt>
          <dd className="figures text-right">{preview.encoding === null ? "–" : ENCODING_NAMES[preview.encoding]}</dd>
          <dt className="text-muted">{text("delimiter")}</dt>
          <dd className="text-right">{preview.delimiter === null ? "–" : delimiterWord(preview.delimiter, text)}</dd>
          <dt className="text-muted">{text("columns")}</dt>
          <dd className="figures text-right">{formats.count(preview.columns.length)}</dd>
          <dt className="text-muted">{text("rows")}</dt>
          <dd className="figures text-right">{formats.count(preview.rows)}</dd>
        </dl>
        <div className="grid grid-cols-2 gap-x-4 gap-y-3">
          <Figure
            label={text("accepted")}
            value={formats.count(preview.accepted)}
            ink={preview.accepted > 0 ? "cured" : "ink"}
          />
          <Figure
            label={text("rejectedRows")}
            value={formats.count(preview.rejectedRows)}
            ink={preview.rejectedRows > 0 ? "breach" : "ink"}
          />
          <Figure label={text("overdue")} value={formats.count(preview.overdueAccounts)} />
          <Figure label={text("warnings")} value={formats.count(preview.warningCount)} />
        </div>
        <Button
          look="primary"
          className="mt-4 w-full justify-center"
          icon={<Upload size={15} aria-hidden />}
          busy={state.begin.isPending}
          disabled={blocked}
          onClick={() => state.begin.mutate()}
        >
          {text("importCount", { count: preview.accepted })}
        </Button>
        {state.begin.isError && (
          <div className="mt-3">
            <ErrorState error={state.begin.error} />
          </div>
        )}
      </Panel>
      <Panel title={text("readingTitle")}>
        <div className="flex flex-col gap-3">
          <Contacts options={state.options} preview={preview} onOptions={state.setOptions} />
          <AsOf options={state.options} preview={preview} onOptions={state.setOptions} />
          {mapping !== null && <FileSettings mapping={mapping} onMapping={onMapping} />}
        </div>
      </Panel>
    </div>
  );
}

function delimiterWord(delimiter: string, text: ReturnType<typeof useTranslations<"import">>): string {
  if (delimiter === "\t") return text("tab");
  return delimiter === ";" ? text("semicolon") : text("comma");
}

type OptionProps = {
  readonly options: Options;
  readonly preview: Preview;
  readonly onOptions: (options: Options) => void;
};

/** Without numbers every contact is refused, with its reason; simulated ones reach simulated providers only. */
function Contacts({ options, preview, onOptions }: OptionProps) {
  const text = useTranslations("import");
  return (
    <div className="rounded-md border border-line px-3 py-2.5">
      <label className="flex items-start gap-2.5 text-sm">
        <input
          type="checkbox"
          className="mt-1 size-4 shrink-0 accent-(--simulated)"
          checked={options.contacts === "simulated"}
          onChange={(event) => onOptions({ ...options, contacts: event.target.checked ? "simulated" : "none" })}
        />
        <span>
          <span className="font-semibold text-simulated">{text("simulatedContacts")}</span>
          <span className="mt-0.5 block text-xs text-muted">{text("simulatedContactsNote")}</span>
        </span>
      </label>
      {options.contacts === "none" && !preview.mapsContacts && (
        <p className="mt-2 text-xs text-waiting">{text("noContacts")}</p>
      )}
    </div>
  );
}

function AsOf({ options, preview, onOptions }: OptionProps) {
  const text = useTranslations("import");
  const formats = useFormats();
  const fileDate = preview.fileDataDate === null ? "–" : formats.date(preview.fileDataDate);
  return (
    <Field label={text("asOf")} hint={text("asOfNote", { date: fileDate })}>
      <Select
        value={options.asOf}
        options={[
          { value: "today", label: text("asOfToday") },
          { value: "file", label: text("asOfFile", { date: fileDate }) },
        ]}
        onValue={(asOf) => onOptions({ ...options, asOf })}
      />
    </Field>
  );
}

function FileSettings({
  mapping,
  onMapping,
}: {
  readonly mapping: ImportMapping;
  readonly onMapping: (mapping: ImportMapping) => void;
}) {
  const text = useTranslations("import");
  const zones =
    mapping.timeZone === undefined || ZONES.includes(mapping.timeZone) ? ZONES : [mapping.timeZone, ...ZONES];
  return (
    <>
      <div className="grid grid-cols-2 gap-3">
        <Field label={text("currency")}>
          <Select
            value={mapping.currency}
            options={CURRENCIES.map((currency) => ({ value: currency, label: currency }))}
            onValue={(currency) => onMapping({ ...mapping, currency })}
          />
        </Field>
        <Field label={text("numbers")}>
          <Select
            value={mapping.numberStyle}
            options={NUMBER_STYLES.map((style) => ({ value: style, label: style }))}
            onValue={(numberStyle) => onMapping({ ...mapping, numberStyle })}
          />
        </Field>
      </div>
      <Field label={text("timeZone")} hint={mapping.timeZone === undefined ? text("noZone") : undefined}>
        <Select
          value={mapping.timeZone ?? ""}
          options={[{ value: "", label: text("zoneUnknown") }, ...zones.map((zone) => ({ value: zone, label: zone }))]}
          onValue={(timeZone) =>
            onMapping(timeZone === "" ? withoutSetting(mapping, "timeZone") : { ...mapping, timeZone })
          }
        />
      </Field>
      <Field label={text("dataDate")} hint={text("dataDateNote")}>
        <TextInput
          type="date"
          value={mapping.dataDate ?? ""}
          onChange={(event) => {
            const dataDate = event.target.value;
            onMapping(dataDate === "" ? withoutSetting(mapping, "dataDate") : { ...mapping, dataDate });
          }}
        />
      </Field>
      <Field label={text("scientific")}>
        <Select
          value={mapping.scientificNotation}
          options={[
            { value: "refuse", label: text("scientificRefuse") },
            { value: "exact", label: text("scientificExact") },
          ]}
          onValue={(scientificNotation) => onMapping({ ...mapping, scientificNotation })}
        />
      </Field>
    </>
  );
}
