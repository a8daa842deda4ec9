"use client";

import { useId } from "react";
import { LOCALES, type LocalText } from "#engine";
import { Input } from "../controls/inputs";
import { useText } from "../store/context";

type EditedText = { readonly [locale in (typeof LOCALES)[number]]?: string | undefined };

/** A name in both languages, one below the other; an empty one is left out, both empty is no name. */
export function LocalTextField({
  label,
  value,
  placeholder,
  maximum,
  readOnly,
  onValue,
}: {
  readonly label: string;
  readonly value: EditedText | undefined;
  readonly placeholder?: (locale: (typeof LOCALES)[number]) => string;
  readonly maximum: number;
  readonly readOnly: boolean;
  readonly onValue: (value: LocalText | undefined, locale: (typeof LOCALES)[number]) => void;
}) {
  const id = useId();
  const text = useText();
  return (
    <fieldset className="dz-field">
      <legend className="dz-field-label">{label}</legend>
      {LOCALES.map((locale) => (
        <div key={locale} className="dz-local">
          <label htmlFor={`${id}-${locale}`} className="dz-local-tag" title={text(`locales.${locale}`)}>
            {text(`locales.short-${locale}`)}
          </label>
          <Input
            id={`${id}-${locale}`}
            value={value?.[locale] ?? ""}
            placeholder={placeholder?.(locale)}
            maxLength={maximum}
            readOnly={readOnly}
            onChange={(event) => {
              const { [locale]: _before, ...others } = value ?? {};
              const typed = event.target.value;
              const next = (typed === "" ? others : { ...others, [locale]: typed }) as LocalText;
              onValue(Object.keys(next).length === 0 ? undefined : next, locale);
            }}
          />
        </div>
      ))}
    </fieldset>
  );
}
