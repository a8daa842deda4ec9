import { type CountryCode, parsePhoneNumberFromString } from "libphonenumber-js/max";
import type { MarketPack } from "../../model/market-pack";
import type { ReadAddress } from "./addresses";
import { plainDigits } from "./values";

/** Country a number without a country code is taken to be of. Several countries share the `eu` market, so there it must be written. */
const HOME: { readonly [market in MarketPack["market"]]: CountryCode | null } = {
  cn: "CN",
  us: "US",
  uk: "GB",
  eu: null,
};
const MASKED = /[*＊xX#]{2,}/;
const EXPONENT = /^\+?\d+(\.\d+)?[eE]\+?\d+$/;

/** A written phone number as E.164. Masked ones (138****1234) and numbers that cannot exist are kept with their status, never called. */
export function readPhone(cell: string, market: MarketPack["market"]): ReadAddress {
  const written = plainDigits(cell);
  if (EXPONENT.test(written)) return { kind: "precision-lost" };
  if (MASKED.test(written)) return { kind: "address", address: written, status: "masked" };
  const home = HOME[market];
  const international = written.replace(/^00/, "+");
  const parsed = parsePhoneNumberFromString(international, home === null ? {} : { defaultCountry: home });
  if (parsed === undefined || !parsed.isValid()) return { kind: "address", address: written, status: "invalid" };
  return { kind: "address", address: parsed.number, status: "valid" };
}
