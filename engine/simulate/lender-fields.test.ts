import { describe, expect, it } from "vitest";
import { compileStrategy } from "../compile/compile";
import type { Facts } from "../model/facts";
import type { Program } from "../model/program";
import { marketPack } from "../packs";
import { ImportMappingSchema } from "../portfolio/intake/mapping";
import { readAccounts } from "../portfolio/intake/read-accounts";
import { drawnStrategy } from "../run/testing/drawn-strategy";
import { factsAt } from "../runtime/facts-at";
import { simulate } from "./simulate";

/** A lender's own column, from the file through the importer into the rules: simulated and live. */

const pack = marketPack("cn");
const SHOP = {
  key: "custom.shop_visits",
  type: "integer",
  label: { "zh-CN": "到店次数", en: "Shop visits" },
  origin: "column",
  usableInRules: true,
} as const;
const SECRET = { ...SHOP, key: "custom.nickname", type: "text", personal: true, usableInRules: false } as const;
const MAPPING = ImportMappingSchema.parse({
  version: 1,
  name: "with a column of our own",
  market: "cn",
  currency: "CNY",
  dataDate: "2026-03-02",
  timeZone: "Asia/Shanghai",
  fields: [SHOP, SECRET],
  columns: [
    ["account_no", "借据号"],
    ["customer_id", "客户号"],
    ["dpd", "逾期天数"],
    ["overdue_amount", "逾期金额"],
    [SHOP.key, "到店次数"],
    [SECRET.key, "昵称"],
  ].map(([field, column]) => ({ field, from: { column } })),
});
const FILE =
  "借据号,客户号,逾期天数,逾期金额,到店次数,昵称\nA1,C1,10,100,5,小王\nA2,C2,10,100,0,老李\nA3,C3,10,100,,阿三\n";

function read() {
  const bytes = new TextEncoder().encode(FILE);
  const options = { dataDate: null, contacts: "none", encoding: null } as const;
  return readAccounts({ bytes, mapping: MAPPING, fields: pack.fields, options });
}

/** Parts those who come to the shop from those who do not; who knows neither goes a third way. */
function program(): Program {
  const often = { fact: SHOP.key, operator: "greaterThan", value: 2 } as const;
  const leave = (reason: string) => ({ type: "exit", data: { reason }, to: {} });
  const doc = drawnStrategy({
    start: {
      type: "start",
      data: { when: { fact: "dpd", operator: "greaterThan", value: 0 } },
      to: { enter: "which" },
    },
    which: {
      type: "branch",
      data: { rules: [{ id: "often", when: often }] },
      to: { often: "done", otherwise: "people", unknown: "closed" },
    },
    done: leave("completed"),
    people: leave("handed-to-people"),
    closed: leave("escalated"),
  });
  const settings = { ...doc.settings, fields: [{ ...SHOP, aliases: [], personal: false, required: false }] };
  const compiled = compileStrategy({ ...doc, settings }, pack);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  return compiled.value;
}

/** Facts of the first account as the live run makes them. */
function liveFacts(made: Program): Facts {
  const [account] = read().accounts;
  if (account === undefined) throw new Error("the file has accounts");
  const counts = { paidMinor: 0, contacts7d: 0, conversations7d: 0, otherAccounts: 0 };
  const standing = { promise: null, plan: null, periods: {}, simulated: true };
  const snapshot = { account, ...counts, ...standing, arms: {}, contactPoints: [] };
  const nowMs = Date.parse("2026-03-02T10:00:00+08:00");
  return factsAt({ snapshot, startedAtMs: null }, { version: { program: made }, pack, nowMs });
}

describe("a field of the lender's own", () => {
  it("is read from its column, with its type", () => {
    expect(read()).toMatchObject({ refused: false, rejected: [] });
    expect(read().accounts.map(({ fields }) => fields[SHOP.key] ?? null)).toEqual([5, 0, null]);
  });

  it("decides in the simulator", () => {
    const { accounts, contactPoints } = read();
    const input = { program: program(), pack, accounts, contactPoints, from: "2026-03-02", days: 5, seed: 1 } as const;
    expect(simulate({ ...input, locale: "zh-CN" }).exits).toEqual({
      completed: 1,
      "handed-to-people": 1,
      escalated: 1,
    });
  });

  it("is a fact of the live run, the personal one is not, and a strategy that does not declare it never sees it", () => {
    expect(liveFacts(program())).toMatchObject({ [SHOP.key]: 5, dpd: 10 });
    expect(liveFacts(program())).not.toHaveProperty([SECRET.key]);
    const without = { ...program(), settings: { ...program().settings, fields: [] } };
    expect(liveFacts(without)).not.toHaveProperty([SHOP.key]);
  });

  it("is unknown to a Program of format 1, which has no such settings", () => {
    const { variables: _none, fields: _nor, ...settings } = program().settings;
    const old: Program = JSON.parse(JSON.stringify({ ...program(), format: 1, settings }));
    expect(liveFacts(old)).not.toHaveProperty([SHOP.key]);
    expect(liveFacts(old)).toMatchObject({ dpd: 10 });
  });
});
