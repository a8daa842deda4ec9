import { plainDigits } from "./values";

/** Longest address of RFC 5321. */
const EMAIL_MAX = 254;
/** One `@`, something before it, and a domain of at least two labels. No pattern tells more: only a mailbox knows its own name. */
const EMAIL = /^[^\s@]{1,64}@[^\s@.]+(?:\.[^\s@.]+)+$/;
const APP_ID = /^[\w.@:+=/-]{4,128}$/;
/** Shorter than "a street and a number" is no place anybody finds. */
const POSTAL_MIN = 5;
const POSTAL_MAX = 300;
const STARS = /[*＊]{2,}/;
/** What a spreadsheet makes of a long number. */
const EXPONENT = /^\+?\d+(\.\d+)?[eE]\+?\d+$/;

/** An address as it was written, and whether it can be used. */
export type ReadAddress =
  | { readonly kind: "address"; readonly address: string; readonly status: "valid" | "invalid" | "masked" }
  /** The spreadsheet has thrown digits away: nobody knows the address any more. */
  | { readonly kind: "precision-lost" };

function judged(address: string, isValid: boolean): ReadAddress {
  return { kind: "address", address, status: STARS.test(address) ? "masked" : isValid ? "valid" : "invalid" };
}

/** An email address; its domain in lower case, so that one mailbox is one address. */
export function readEmail(cell: string): ReadAddress {
  const written = plainDigits(cell);
  const at = written.lastIndexOf("@");
  const address = at === -1 ? written : written.slice(0, at) + written.slice(at).toLowerCase();
  return judged(address, address.length <= EMAIL_MAX && EMAIL.test(address));
}

/** The person's account in the lender's app, or in its WeChat service. */
export function readAppId(cell: string): ReadAddress {
  const written = plainDigits(cell);
  return EXPONENT.test(written) ? { kind: "precision-lost" } : judged(written, APP_ID.test(written));
}

/** Where letters go; whether the place exists only a carrier knows. */
export function readPostalAddress(cell: string): ReadAddress {
  const address = cell.replace(/\s+/g, " ").trim();
  return judged(address, address.length >= POSTAL_MIN && address.length <= POSTAL_MAX);
}
