import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import type { MarketPack } from "../model/market-pack";
import type { Account, ContactPoint } from "../model/party";
import type { TimeZone } from "../model/time";

/** Where a party is, as far as anybody knows: its region (ISO 3166-2), and every zone its clocks may show; empty = unknown. */
export type Place = { readonly region: string | undefined; readonly timeZones: readonly TimeZone[] };

type PlaceWords = Pick<MarketPack, "regions" | "areaCodes">;

/** Fields a lender's file may name the region in, the surest first. */
const REGION_FIELDS = ["region_code", "province", "state"] as const;
const NOWHERE: readonly TimeZone[] = [];
/** Numbers whose zones are remembered: a batch asks for the same ones again and again. */
const NUMBERS_MAX = 20_000;

/**
 * Zones of a country's numbers. China's fixed lines and mobiles are one zone by law of the land; a country that is not here, or
 * one with several zones and an area code nobody knows, is every zone it has.
 */
const COUNTRY_ZONES: { readonly [country: string]: readonly TimeZone[] } = {
  CN: ["Asia/Shanghai"],
  HK: ["Asia/Hong_Kong"],
  MO: ["Asia/Macau"],
  TW: ["Asia/Taipei"],
  SG: ["Asia/Singapore"],
  GB: ["Europe/London"],
  US: [
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "America/Adak",
    "Pacific/Honolulu",
  ],
};

/**
 * Where the rules reckon: by the party's address (the zone that was imported, else the region), then by the number that would be
 * called, else unknown. Where several zones are possible all are given, and what one of them forbids is forbidden.
 */
export function placeOf(account: Account, to: ContactPoint | null, words: PlaceWords): Place {
  const region = words.regions === undefined ? undefined : regionOf(account, words.regions);
  if (account.timeZone !== null) return { region, timeZones: alone(account.timeZone) };
  const ofRegion = region === undefined ? undefined : words.regions?.[region]?.zones;
  return { region, timeZones: ofRegion ?? numberZones(to, words) };
}

const single = new Map<TimeZone, readonly TimeZone[]>();

function alone(zone: TimeZone): readonly TimeZone[] {
  const known = single.get(zone);
  if (known !== undefined) return known;
  const made = [zone];
  single.set(zone, made);
  return made;
}

type Regions = NonNullable<MarketPack["regions"]>;
const regionsByName = new WeakMap<Regions, ReadonlyMap<string, string>>();

function namesOf(regions: Regions): ReadonlyMap<string, string> {
  const known = regionsByName.get(regions);
  if (known !== undefined) return known;
  const made = new Map(
    Object.entries(regions).flatMap(([code, { names }]) =>
      [code, ...names].map((name) => [plain(name), code] as const),
    ),
  );
  regionsByName.set(regions, made);
  return made;
}

function plain(name: string): string {
  return name.trim().toLowerCase();
}

const regionsByAccount = new WeakMap<Account, { readonly regions: Regions; readonly code: string | undefined }>();

/** An account never moves while it is under way, and the simulator asks at every contact. */
function regionOf(account: Account, regions: Regions): string | undefined {
  const known = regionsByAccount.get(account);
  if (known?.regions === regions) return known.code;
  const code = writtenRegion(account, regions);
  regionsByAccount.set(account, { regions, code });
  return code;
}

function writtenRegion({ fields }: Account, regions: Regions): string | undefined {
  const names = namesOf(regions);
  for (const field of REGION_FIELDS) {
    const written = Object.hasOwn(fields, field) ? fields[field] : undefined;
    const code = typeof written === "string" ? names.get(plain(written)) : undefined;
    if (code !== undefined) return code;
  }
  return undefined;
}

const zonesByNumber = new Map<string, readonly TimeZone[]>();

/** Zones of a number in E.164. A mobile may have moved; that is why an address goes first. */
function numberZones(to: ContactPoint | null, words: PlaceWords): readonly TimeZone[] {
  if (to === null || to.kind !== "phone" || !to.address.startsWith("+")) return NOWHERE;
  const key = `${words.areaCodes === undefined ? "" : "areas "}${to.address}`;
  const known = zonesByNumber.get(key);
  if (known !== undefined) return known;
  const made = reckonedZones(to.address, words);
  if (zonesByNumber.size >= NUMBERS_MAX) zonesByNumber.clear();
  zonesByNumber.set(key, made);
  return made;
}

function reckonedZones(address: string, { regions, areaCodes }: PlaceWords): readonly TimeZone[] {
  const parsed = parsePhoneNumberFromString(address);
  const country = parsed?.country;
  if (country === undefined) return NOWHERE;
  const region = country === "US" ? areaCodes?.[parsed?.nationalNumber.slice(0, 3) ?? ""] : undefined;
  const ofRegion = region === undefined ? undefined : regions?.[region]?.zones;
  return ofRegion ?? (Object.hasOwn(COUNTRY_ZONES, country) ? COUNTRY_ZONES[country] : undefined) ?? NOWHERE;
}
