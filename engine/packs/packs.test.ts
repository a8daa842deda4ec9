import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { channelOf } from "../channels";
import { placeholdersOf, renderContent, renderSubject } from "../channels/render";
import { compileStrategy } from "../compile/compile";
import { lintStrategy } from "../graph/lint";
import { readStrategyText } from "../graph/read";
import { writeStrategy } from "../graph/write";
import { CHANNELS } from "../model/content";
import type { FactValue } from "../model/facts";
import { LOCALES, type Locale } from "../model/locale";
import type { StrategyDoc } from "../model/strategy";
import { addDays, isLocalDate, parseInstant, weekdayOf } from "../model/time";
import { definitionOf, nodeDefinitions } from "../nodes";
import { checkText } from "../qa/check-text";
import { isWorkingDay, wakeAtOf } from "../run/wake-up";
import { marketPack, shippedStrategies } from ".";

/** Everything that ships is run once: content is part of the product (design D14). */

const pack = marketPack("cn");
const FOLDER = join(import.meta.dirname, "cn", "strategies");
/** What every imported account has. A shipped strategy may say nothing that needs more, or it would fall silent. */
const ALWAYS_KNOWN = ["dpd", "overdue_amount"];

/** A value of a field's type, as an account could have it. */
const SAMPLES: { readonly [type: string]: FactValue } = {
  integer: 12,
  number: 612,
  money: 1_234_567,
  percent: 0.24,
  date: "2026-03-02",
  text: "王小明",
  enum: "low",
  boolean: true,
};
const sampleValues = Object.fromEntries(
  Object.values(pack.fields).map((field) => [field.key, SAMPLES[field.type] ?? null]),
);

function docOf(text: string): StrategyDoc {
  const read = readStrategyText(text);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

describe("the field catalogue", () => {
  const fields = Object.values(pack.fields);

  it("names every field in both languages and every enum's values", () => {
    for (const field of fields) {
      expect(field.label["zh-CN"] && field.label.en, field.key).toBeTruthy();
      expect(field.values === undefined, field.key).toBe(field.type !== "enum");
      for (const known of field.values ?? []) expect(known.label["zh-CN"] && known.label.en, field.key).toBeTruthy();
    }
  });

  it("recognises a column by one field only", () => {
    const normal = (title: string) => title.toLowerCase().replace(/[\s_\-()（）]/g, "");
    const owners = new Map<string, string>();
    for (const field of fields) {
      const titles = [field.key, field.label["zh-CN"] ?? "", field.label.en ?? "", ...field.aliases];
      for (const title of new Set(titles.map(normal))) {
        expect(owners.get(title), `${title} of ${field.key}`).toBeUndefined();
        owners.set(title, field.key);
      }
    }
  });

  it("never lets a rule decide on personal data", () => {
    expect(fields.filter((field) => field.personal && field.usableInRules)).toEqual([]);
    const kept = [
      "gender",
      "age",
      "birth_date",
      "marital_status",
      "education",
      "province",
      "city",
      "customer_name",
      "mobile",
    ];
    expect(kept.filter((key) => pack.fields[key]?.usableInRules !== false)).toEqual([]);
  });

  it("has the facts the engine itself supplies", () => {
    const supplied = [
      "bucket",
      "paid_amount",
      "days_in_strategy",
      "local_weekday",
      "other_accounts",
      "contacts_7d",
      "conversations_7d",
    ];
    expect(
      supplied.filter((key) => pack.fields[key]?.origin === undefined || pack.fields[key]?.origin === "column"),
    ).toEqual([]);
  });
});

describe("the rule pack", () => {
  const rulePack = pack.rulePacks["cn-default"];
  const rules = rulePack?.rules ?? [];

  it("cites a source for every rule, and asks counsel to check every number of the law", () => {
    expect(rules.length).toBeGreaterThan(0);
    for (const rule of rules) {
      expect(rule.title["zh-CN"] && rule.title.en, rule.id).toBeTruthy();
      expect(rule.source.name, rule.id).toBeTruthy();
      expect(rule.source.counselCheck, rule.id).toBe(rule.source.kind !== "house-policy");
      if (rule.source.kind !== "house-policy") {
        expect(rule.source.article, rule.id).toBeTruthy();
        expect(rule.source.retrieved, rule.id).toBeTruthy();
      }
      expect(isLocalDate(rule.effectiveFrom), rule.id).toBe(true);
      // House policy advises; only law and self-regulation stop a contact.
      if (rule.source.kind === "house-policy") expect(rule.severity, rule.id).toBe("warn");
    }
  });

  it("gives every rule its own id", () => {
    expect(new Set(rules.map((rule) => rule.id)).size).toBe(rules.length);
  });

  it.each(CHANNELS)("puts %s under hours, holds, consent and the rule of whom to contact", (channel) => {
    const kinds = rules
      .filter((rule) => rule.severity === "block" && rule.channels?.includes(channel))
      .map((rule) => rule.kind);
    expect(kinds).toEqual(expect.arrayContaining(["window", "hold", "consent", "party"]));
  });
});

describe("the calendar of working days", () => {
  const { calendar } = pack;
  const works = (date: string): boolean => isWorkingDay(date, calendar);

  it("knows the Spring Festival of 2026 and the two Saturdays worked for it", () => {
    const festival = Array.from({ length: 9 }, (_, day) => addDays("2026-02-15", day));
    expect(festival.at(-1)).toBe("2026-02-23");
    expect(festival.filter(works)).toEqual([]);
    expect([works("2026-02-13"), works("2026-02-14"), works("2026-02-24"), works("2026-02-28")]).toEqual(
      Array(4).fill(true),
    );
  });

  it("knows the other adjusted week-ends, and leaves ordinary ones alone", () => {
    expect(["2026-01-04", "2026-05-09", "2026-09-20", "2026-10-10", "2025-01-26"].map(works)).toEqual(
      Array(5).fill(true),
    );
    expect(["2026-03-07", "2026-03-08", "2026-10-01", "2026-10-07"].map(works)).toEqual(Array(4).fill(false));
  });

  it("says until when it knows, names no day twice, and calls only week-ends worked and only known days", () => {
    const { holidays = [], workdays = [], knownUntil = "" } = calendar ?? {};
    const days = [...holidays, ...workdays];
    expect(new Set(days).size).toBe(days.length);
    expect(days.every((day) => isLocalDate(day) && day <= knownUntil)).toBe(true);
    expect(workdays.every((day) => weekdayOf(day) > 5)).toBe(true);
    expect(knownUntil).toBe("2026-12-31");
  });

  it("lets a wait of three working days begin before the festival and end after it", () => {
    const nowMs = parseInstant("2026-02-13T15:00:00+08:00") ?? Number.NaN;
    const context = { facts: {}, vars: {}, nowMs, timeZone: "Asia/Shanghai", calendar };
    // Saturday the 14th is worked, then nine days off: the 24th is the second, the 25th the third.
    expect(wakeAtOf({ mode: "until-working-day", count: 3, at: "10:00" }, context)).toBe(
      parseInstant("2026-02-25T10:00:00+08:00"),
    );
  });
});

const contents = Object.values(pack.contents);
const spoken = contents.flatMap((content) => LOCALES.map((locale): [string, Locale] => [content.id, locale]));

describe.each(spoken)("text %s in %s", (id, locale) => {
  const content = pack.contents[id];
  if (content === undefined) throw new Error(id);
  const written = content.text[locale] ?? "";

  it("renders with an account's values and passes every word list without a finding", () => {
    const rendered = renderContent(content, sampleValues, locale);
    if (!rendered.ok) throw new Error(JSON.stringify(rendered.error));
    expect(rendered.value.length).toBeLessThanOrEqual(channelOf(content.channel).textMax);
    const subject = renderSubject(content, [sampleValues], locale);
    if (!subject.ok) throw new Error(JSON.stringify(subject.error));
    for (const lexicon of Object.values(pack.lexicons)) {
      for (const said of [rendered.value, subject.value ?? ""]) {
        expect(checkText(said, lexicon)).toEqual({ verdict: "pass", findings: [] });
      }
    }
  });

  it("exists in the language, quotes known fields, says who speaks", () => {
    expect(written).not.toBe("");
    expect(content.title[locale]).toBeTruthy();
    expect(placeholdersOf(written).filter(({ variable }) => pack.fields[variable] === undefined)).toEqual([]);
    expect(written).toMatch(/示例机构|Sample Lender/);
  });

  it("says what its channel and stage demand", () => {
    if (content.channel === "robot")
      expect(written).toMatch(/(智能语音助手.*录音)|(automated voice assistant.*recorded)/);
    if (content.channel === "sms") expect(written).toMatch(/^(【.+】|\[.+\])/);
    if (channelOf(content.channel).subjectMax === null) expect(content.subject).toBeUndefined();
    else expect(content.subject?.[locale]).toBeTruthy();
    // People who go by a guide are told to verify before they state anything.
    if (channelOf(content.channel).byPeople) {
      const [verified, stated] = [written.search(/本人|holder|person is verified/), written.search(/\{\{/)];
      expect(verified).toBeGreaterThan(-1);
      expect(verified).toBeLessThan(stated);
    }
    if (content.stages.includes("M0")) expect(written).not.toMatch(/催收|逾期|overdue|collection/i);
    if (content.stages.includes("M1") && content.tone === "friendly")
      expect(written).not.toMatch(/征信|credit bureau/i);
  });
});

describe("the texts together", () => {
  it("have something to say on every channel", () => {
    for (const channel of CHANNELS)
      expect(
        contents.some((content) => content.channel === channel),
        channel,
      ).toBe(true);
  });

  it("hold a demand letter with everything article 69 asks for", () => {
    const letter = pack.contents["letter.demand"];
    const [zh, en] = [letter?.text["zh-CN"] ?? "", letter?.text.en ?? ""];
    const asked: readonly (readonly [zh: RegExp, en: RegExp])[] = [
      [/\{\{customer_name\}\}/, /\{\{customer_name\}\}/],
      [/欠款情况.*overdue_amount.*total_outstanding/, /What is owed.*overdue_amount.*total_outstanding/],
      [/事由与依据.*民法典.*合同/, /on what ground.*Civil Code.*contract/],
      [/权利与义务/, /rights and duties/],
      [/查询.*还款.*异议.*证据/, /look up.*pay.*dispute.*evidence/],
      [/联系方式/, /How to reach us/],
      [/盖章/, /\(seal\)/],
    ];
    for (const [inChinese, inEnglish] of asked) {
      expect(zh).toMatch(new RegExp(inChinese, "s"));
      expect(en).toMatch(new RegExp(inEnglish, "s"));
    }
  });

  it("are the ones the step types quote as examples", () => {
    const contact = nodeDefinitions.flatMap((definition) => definition.examples);
    const named = contact.flatMap((data) => (typeof data.contentId === "string" ? [data.contentId] : []));
    expect(named.filter((id) => pack.contents[id] === undefined)).toEqual([]);
  });
});

describe("the shipped strategies", () => {
  it("are the files of the folder, each once", () => {
    const keys = shippedStrategies("cn").map(({ key }) => key);
    const files = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ""));
    expect([...keys].sort()).toEqual(files.sort());
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe.each(shippedStrategies("cn").map(({ key, text }) => [key, text]))("strategy %s", (key, text) => {
  const doc = docOf(text);

  it("is its file, byte for byte, and writes back to the same bytes", () => {
    expect(readFileSync(join(FOLDER, `${key}.json`), "utf8")).toBe(text);
    expect(writeStrategy(doc)).toBe(text);
    expect(doc.key).toBe(key);
    expect(doc.id).toBe(`strat_${key}`);
  });

  it("has nothing to remark on and compiles to the same Program each time", () => {
    expect(lintStrategy(doc, pack)).toEqual([]);
    const compiled = compileStrategy(doc, pack);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
    expect(compileStrategy(docOf(text), pack)).toEqual(compiled);
    expect(Object.keys(compiled.value.steps).sort()).toEqual(doc.nodes.map((node) => node.id).sort());
  });

  it("speaks only of what every account has", () => {
    const compiled = compileStrategy(doc, pack);
    if (!compiled.ok) throw new Error(key);
    for (const content of Object.values(compiled.value.contents)) {
      const quoted = LOCALES.flatMap((locale) => placeholdersOf(content.text[locale] ?? ""));
      expect(
        quoted.filter(({ variable }) => !ALWAYS_KNOWN.includes(variable)),
        content.id,
      ).toEqual([]);
    }
  });

  it("reads well: every step and rule named in both languages and placed where no other stands", () => {
    for (const node of doc.nodes) {
      expect(node.name?.["zh-CN"] && node.name.en, node.id).toBeTruthy();
      expect(definitionOf(node.type), node.type).toBeDefined();
    }
    expect(doc.description?.["zh-CN"] && doc.description.en).toBeTruthy();
    const places = doc.nodes.map((node) => doc.layout.positions[node.id]);
    expect(places.every((place) => place !== undefined)).toBe(true);
    for (const [index, place] of places.entries()) {
      const overlapping = places.filter(
        (other, at) =>
          at > index && place && other && Math.abs(place.x - other.x) < 240 && Math.abs(place.y - other.y) < 88,
      );
      expect(overlapping, doc.nodes[index]?.id ?? "").toEqual([]);
    }
  });

  it("leaves by the four exits every strategy begins with", () => {
    expect(doc.settings.exits.map((exit) => exit.reason)).toEqual(["cured", "closed", "sold", "written-off"]);
    expect(doc.settings).toMatchObject({
      market: "cn",
      currency: "CNY",
      timeZone: "Asia/Shanghai",
      rulePack: "cn-default",
    });
  });
});

describe("what is offered instead of a listed word", () => {
  const offered = Object.values(pack.lexicons).flatMap((lexicon) =>
    lexicon.entries.flatMap(({ words, instead = {} }) =>
      Object.entries(instead).map(([word, wording]) => ({ words, word, wording })),
    ),
  );

  it("stands for a word of its list, and may itself be said", () => {
    expect(offered.length).toBeGreaterThan(20);
    for (const { words, word, wording } of offered) {
      expect([...words["zh-CN"], ...words.en]).toContain(word);
      for (const lexicon of Object.values(pack.lexicons))
        expect([word, checkText(wording, lexicon).verdict]).toEqual([word, "pass"]);
    }
  });
});
