"use client";

import { type Content, channelOf, inLocale, type Locale, longestText, smsParts } from "#engine";
import { useDesigner, useFields, useText } from "../store/context";

/** How long a message gets when every value is as long as values plausibly are, against what its channel takes. */
export function TextLength({ content, locale }: { readonly content: Content; readonly locale: Locale }) {
  const text = useText();
  const fields = useFields();
  const shownLocale = useDesigner((state) => state.locale);
  const limit = channelOf(content.channel).textMax;
  const longest = longestText(content, fields, locale);
  const count = [...longest].length;
  const written = inLocale(content.text, locale);
  const number = (value: number): string => value.toLocaleString(shownLocale);
  const over = longest.length > limit;
  return (
    <p className="dz-length" data-worst={over ? "error" : undefined} title={text("content.length-why")}>
      {text(written === longest ? "content.length" : "content.length-most", {
        count: number(count),
        limit: number(limit),
      })}
      {content.channel === "sms" && <Parts text={longest} />}
      {over && <b> · {text("content.too-long")}</b>}
    </p>
  );
}

/** Encoding and billed parts of a short message. */
export function Parts({ text: message }: { readonly text: string }) {
  const text = useText();
  const { encoding, parts } = smsParts(message);
  return (
    <span>
      {" · "}
      {text(`content.encodings.${encoding}`)}
      {" · "}
      {text("content.parts", { count: parts })}
    </span>
  );
}
