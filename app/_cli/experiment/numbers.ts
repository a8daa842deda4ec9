import { type CommandInput, flagText, UsageError } from "../command";
import type { Speaker } from "../language";

type Range = { readonly minimum: number; readonly maximum: number; readonly fallback: number | null };

/** A decimal number from an option. Throws UsageError when it is missing without a fallback, no number or out of range. */
export function flagNumber(input: CommandInput, name: string, { minimum, maximum, fallback }: Range): number {
  const text = flagText(input, name);
  if (text === undefined && fallback !== null) return fallback;
  const option = `--${name}`;
  if (text === undefined) throw new UsageError("usage.option-missing", "usage.option-missing", { option });
  const value = Number(text);
  if (text.trim() !== "" && value >= minimum && value <= maximum) return value;
  throw new UsageError("usage.not-a-decimal", "usage.not-a-decimal", {
    option,
    minimum,
    maximum,
    found: text.slice(0, 40),
  });
}

/** `12.3 %`, with a sign where one is asked for. */
export function percentText(share: number, { locale }: Speaker, sign: "always" | "auto" = "auto"): string {
  if (!Number.isFinite(share)) return share > 0 ? "∞" : "-∞";
  return new Intl.NumberFormat(locale, {
    style: "percent",
    minimumFractionDigits: 1,
    maximumFractionDigits: Math.abs(share) < 0.01 ? 2 : 1,
    signDisplay: sign === "always" ? "exceptZero" : "auto",
  }).format(share);
}

export function numberText(value: number, { locale }: Speaker, digits = 2): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
}

export function pText(p: number | null): string {
  if (p === null) return "";
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}
