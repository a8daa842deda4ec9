"use client";

import { type ComponentProps, type RefObject, useRef } from "react";
import { TextArea } from "../controls/inputs";
import { type Mark, placeMarks, segmentsOf } from "./segments";

/**
 * A text field with what is wrong underlined at its place. The field is the platform's own textarea, so that input methods, undo,
 * screen readers and phones work as everywhere; the underlines lie on a copy of the text behind it that nobody reads or touches.
 */
export function CheckedTextArea({
  marks,
  areaRef,
  value,
  ...rest
}: Omit<ComponentProps<"textarea">, "ref" | "value"> & {
  readonly value: string;
  readonly marks: readonly Mark[];
  readonly areaRef: RefObject<HTMLTextAreaElement | null>;
}) {
  const behind = useRef<HTMLDivElement>(null);
  return (
    <div className="dz-checked">
      <div ref={behind} className="dz-input dz-textarea dz-checked-behind" aria-hidden>
        {segmentsOf(value, [...placeMarks(value), ...marks]).map(({ text, start, kind }) =>
          kind === null ? (
            text
          ) : (
            <mark key={start} data-kind={kind}>
              {text}
            </mark>
          ),
        )}
        {/* A last line that is empty takes its height only when something stands in it. */}
        {"\u200b"}
      </div>
      <TextArea
        {...rest}
        ref={areaRef}
        value={value}
        onScroll={({ currentTarget }) => {
          if (behind.current !== null) behind.current.scrollTop = currentTarget.scrollTop;
        }}
      />
    </div>
  );
}
