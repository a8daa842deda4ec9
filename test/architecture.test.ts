import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { nodeDefinitions } from "#engine/nodes/index";

/** The import law of the house (docs/ARCHITECTURE.md), read off the files' own import lines. */

const ROOT = resolve(import.meta.dirname, "..");
const TOP_FOLDERS = ["app", "engine", "designer", "db"] as const;
/** Rooms of the core: pure, the same in Node, a worker thread, a browser tab and a test. */
const CORE = [
  "model",
  "condition",
  "nodes",
  "graph",
  "compile",
  "run",
  "cover",
  "simulate",
  "policy",
  "qa",
  "statistics",
  "experiment",
  "channels",
  "contact",
  "desk",
  "portfolio",
  "explain",
  "agency",
];

/** What each room of the engine may import besides itself; order is downward. */
const ENGINE_ROOMS: { readonly [room: string]: readonly string[] } = {
  model: [],
  condition: ["model"],
  nodes: ["model", "condition"],
  // What the gate would say of a step is asked while it is drawn.
  graph: ["model", "condition", "nodes", "policy", "contact"],
  statistics: ["model"],
  experiment: ["model", "statistics"],
  policy: ["model"],
  qa: ["model", "ports"],
  channels: ["model", "ports"],
  contact: ["model", "policy", "qa", "channels"],
  desk: ["model", "ports"],
  compile: ["model", "condition", "nodes", "graph", "experiment"],
  run: ["model", "condition", "experiment", "compile"],
  explain: ["model", "condition", "compile", "run"],
  // Finds stories by thinking a Program through and running them: above everything a strategy is made and run with.
  cover: ["model", "condition", "nodes", "graph", "experiment", "compile", "run"],
  portfolio: ["model", "condition", "channels"],
  simulate: ["model", "condition", "run", "channels", "contact", "desk", "portfolio", "statistics"],
  // Files exchanged with agencies: results are a channel's codes, numbers are read as those of an account file.
  agency: ["model", "channels", "portfolio"],
  ports: ["model"],
  runtime: [
    "model",
    "condition",
    "ports",
    "run",
    "channels",
    "contact",
    "desk",
    "portfolio",
    "qa",
    "simulate",
    "experiment",
  ],
  packs: ["model", "policy"],
  // A vendor speaks in the channel's codes, parts and limits.
  providers: ["model", "ports", "channels", "agency"],
  testing: [...CORE, "ports", "runtime", "packs", "providers"],
};

const PACKAGES: { readonly [room: string]: readonly string[] } = {
  model: ["zod", "@noble/hashes"],
  condition: ["zod", "re2js"],
  nodes: ["zod"],
  graph: ["zod", "csv-parse"],
  statistics: [],
  experiment: ["zod"],
  policy: ["zod"],
  qa: ["zod"],
  channels: ["zod"],
  contact: ["libphonenumber-js"],
  desk: ["zod"],
  compile: ["zod", "xstate"],
  run: ["zod", "xstate", "json-rules-engine", "@noble/hashes"],
  explain: [],
  agency: ["zod", "csv-parse"],
  cover: [],
  portfolio: ["zod", "csv-parse", "libphonenumber-js"],
  simulate: ["zod", "@noble/hashes"],
  ports: [],
  runtime: [],
  packs: ["zod"],
  providers: [
    "zod",
    "node:crypto",
    "node:dns",
    "node:events",
    "node:fs",
    "node:http",
    "node:https",
    "node:net",
    "node:path",
    "node:stream",
    "node:timers",
    "nodemailer",
    "smpp",
  ],
  testing: ["fast-check", "vitest", "zod", "smtp-server", "smpp", "node:child_process", "node:http", "node:net"],
};

type Import = { readonly file: string; readonly line: number; readonly target: string; readonly typeOnly: boolean };

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" || entry.name.startsWith(".") ? [] : filesUnder(path);
    return /\.(ts|tsx)$/.test(entry.name) ? [path] : [];
  });
}

const isTest = (file: string): boolean => /\.test\.tsx?$/.test(file);

function importsOf(file: string): Import[] {
  const text = readFileSync(file, "utf8");
  const found: Import[] = [];
  const pattern =
    /(?:^|\n)\s*(import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s+)?["']([^"']+)["']|import\(\s*["']([^"']+)["']\s*\)/g;
  for (const match of text.matchAll(pattern)) {
    const line = text.slice(0, match.index).split("\n").length;
    found.push({
      file: relative(ROOT, file),
      line,
      target: match[3] ?? match[4] ?? "",
      typeOnly: match[2] !== undefined,
    });
  }
  return found;
}

/** Repository path an import leads to, or null for a package. */
function placeOf(found: Import): string | null {
  if (found.target.startsWith(".")) return relative(ROOT, resolve(ROOT, dirname(found.file), found.target));
  if (found.target.startsWith("#")) return found.target.slice(1);
  return null;
}

/** What runs, without what is said about it: comments at line starts and block comments taken out. */
const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
const packageOf = (target: string): string =>
  target
    .split("/")
    .slice(0, target.startsWith("@") ? 2 : 1)
    .join("/");
const sources = TOP_FOLDERS.flatMap((folder) => filesUnder(join(ROOT, folder))).filter((file) => !isTest(file));
const everyImport = sources.flatMap(importsOf);
const say = (found: Import, why: string): string => `${found.file}:${found.line} imports ${found.target}: ${why}`;

describe("the import law", () => {
  it("finds the house it is meant to check", () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(everyImport.length).toBeGreaterThan(300);
  });

  it("keeps every room of the engine on what lies below it", () => {
    const broken = everyImport.flatMap((found) => {
      const [top, folder] = found.file.split("/");
      if (top !== "engine" || folder === undefined || folder.endsWith(".ts")) return [];
      // Generators and fakes of a room live beside it and are imported by tests only.
      const room = found.file.includes("/testing/") ? "testing" : folder;
      const place = placeOf(found);
      if (place === null) {
        const allowed = PACKAGES[room] ?? [];
        return allowed.includes(packageOf(found.target))
          ? []
          : [say(found, `engine/${room} may use ${allowed.join(", ") || "no package"}`)];
      }
      const [targetTop, targetRoom] = place.split("/");
      if (targetTop !== "engine")
        return [say(found, "the engine knows no db, app or designer; take it as an argument or through a port")];
      if (targetRoom === room || targetRoom === undefined) return [];
      return (ENGINE_ROOMS[room] ?? []).includes(targetRoom)
        ? []
        : [say(found, `engine/${room} may import ${(ENGINE_ROOMS[room] ?? []).join(", ") || "nothing"}`)];
    });
    expect(broken).toEqual([]);
  });

  it("keeps step types from knowing each other", () => {
    const broken = everyImport.filter((found) => {
      const [, room, folder, file] = found.file.split("/");
      const place = placeOf(found)?.split("/");
      return (
        room === "nodes" && file !== undefined && place?.[1] === "nodes" && place.length > 3 && place[2] !== folder
      );
    });
    expect(broken.map((found) => say(found, "share it in engine/nodes/fragments.ts"))).toEqual([]);
  });

  it("lets the designer know the engine by its front door only, and no server", () => {
    const broken = everyImport.filter((found) => {
      if (!found.file.startsWith("designer/")) return false;
      const place = placeOf(found);
      if (place === null) return found.target.startsWith("node:") || packageOf(found.target) === "next";
      return !(place.startsWith("designer") || place === "engine");
    });
    expect(broken.map((found) => say(found, "props in, callbacks out; the engine through #engine"))).toEqual([]);
  });

  it("keeps the database below the application", () => {
    const broken = everyImport.filter((found) => {
      if (!found.file.startsWith("db/")) return false;
      const place = placeOf(found);
      if (place === null) return ["next", "react", "next-intl"].includes(packageOf(found.target));
      return place.startsWith("app") || place.startsWith("designer") || place.startsWith("engine/runtime");
    });
    expect(broken.map((found) => say(found, "db knows the engine's nouns and ports; composition is app's"))).toEqual(
      [],
    );
  });

  it("keeps slices of the application from importing each other", () => {
    const slices = readdirSync(join(ROOT, "app/_server")).filter((name) =>
      statSync(join(ROOT, "app/_server", name)).isDirectory(),
    );
    const broken = everyImport.filter((found) => {
      const from = /^app\/_server\/([^/]+)\//.exec(found.file)?.[1];
      const to = /^app\/_server\/([^/]+)\//.exec(placeOf(found) ?? "")?.[1];
      return from !== undefined && to !== undefined && from !== to && slices.includes(to);
    });
    expect(broken.map((found) => say(found, "compose above the slices (compose.ts) or move it down"))).toEqual([]);
  });

  it("has no cycle of files", () => {
    const byFile = new Map<string, string[]>();
    const known = new Set(sources.map((file) => relative(ROOT, file)));
    const resolved = (place: string): string | undefined =>
      [place, `${place}.ts`, `${place}.tsx`, `${place}/index.ts`, `${place}/index.tsx`].find((path) => known.has(path));
    for (const found of everyImport) {
      const place = placeOf(found);
      const target = place === null ? undefined : resolved(place);
      if (target !== undefined && !found.typeOnly) byFile.set(found.file, [...(byFile.get(found.file) ?? []), target]);
    }
    expect(firstCycle(byFile)).toBeNull();
  });
});

function firstCycle(edges: ReadonlyMap<string, readonly string[]>): string | null {
  const done = new Set<string>();
  const open: string[] = [];
  const visit = (file: string): string | null => {
    if (done.has(file)) return null;
    if (open.includes(file)) return [...open.slice(open.indexOf(file)), file].join(" -> ");
    open.push(file);
    for (const next of edges.get(file) ?? []) {
      const cycle = visit(next);
      if (cycle !== null) return cycle;
    }
    open.pop();
    done.add(file);
    return null;
  };
  for (const file of edges.keys()) {
    const cycle = visit(file);
    if (cycle !== null) return cycle;
  }
  return null;
}

describe("the core", () => {
  const core = sources.filter((file) => CORE.includes(relative(join(ROOT, "engine"), file).split("/")[0] ?? ""));
  const forbidden: readonly (readonly [RegExp, string])[] = [
    [/\bDate\.now\(/, "take nowMs as an argument"],
    [/\bnew Date\(\s*\)/, "take nowMs as an argument"],
    [/\bMath\.random\(/, "draw from engine/model/draw.ts"],
    [/\b(setTimeout|setInterval|setImmediate)\(/, "timers are rows"],
    [/\bfetch\(/, "effects are rows"],
    [/\bprocess\.(env|exit|cwd|hrtime|nextTick)/, "settings are arguments"],
    [/from "node:/, "the core also runs in a browser tab"],
    [/\bcrypto\.(randomUUID|getRandomValues)/, "ids are arguments"],
    [/\bconsole\./, "the core answers, it does not print"],
  ];

  it("reads no clock, draws no chance and touches nothing", () => {
    const broken = core.flatMap((file) => {
      const text = withoutComments(readFileSync(file, "utf8"));
      return forbidden.flatMap(([pattern, why]) =>
        pattern.test(text) ? [`${relative(ROOT, file)}: ${pattern.source}: ${why}`] : [],
      );
    });
    expect(broken).toEqual([]);
  });

  it("never asks a step for the name of its type", () => {
    const names = nodeDefinitions.map(({ type }) => type.replaceAll(".", "\\."));
    const asked = new RegExp(`\\.type\\s*[!=]==\\s*["'](${names.join("|")})["']`);
    const broken = sources
      .map((file) => relative(ROOT, file))
      .filter((file) => !file.startsWith("engine/nodes/") && asked.test(readFileSync(join(ROOT, file), "utf8")));
    expect(names.length).toBeGreaterThan(7);
    expect(broken).toEqual([]);
  });
});

describe("the manners", () => {
  it("keeps files to 400 lines", () => {
    const long = sources
      .map((file) => [relative(ROOT, file), readFileSync(file, "utf8").split("\n").length - 1] as const)
      .filter(([, lines]) => lines > 400);
    expect(long).toEqual([]);
  });

  it("has no drawer for odds and ends, and exports nothing wholesale", () => {
    const drawers = sources
      .map((file) => relative(ROOT, file))
      .filter((file) => /\/(utils?|helpers?|common|misc)(\/|\.tsx?$)/.test(file));
    const wholesale = sources
      .filter((file) => /^export \*/m.test(readFileSync(file, "utf8")))
      .map((file) => relative(ROOT, file));
    expect({ drawers, wholesale }).toEqual({ drawers: [], wholesale: [] });
  });

  it("leaves nothing half said", () => {
    const found = sources.filter((file) => {
      const text = readFileSync(file, "utf8");
      return /\b(TODO|FIXME|XXX)\b|@ts-ignore/.test(text) || /: any\b|\bas any\b/.test(withoutComments(text));
    });
    expect(found.map((file) => relative(ROOT, file))).toEqual([]);
  });
});
