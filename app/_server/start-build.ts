import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** What the built console depends on. A change in one of these means building again. */
const SOURCE_FOLDERS = ["app", "engine", "designer", "db", "public"];
const SOURCE_FILES = ["package-lock.json", "next.config.js", "postcss.config.mjs"];
const NOT_IN_THE_BUILD = /(\.test\.tsx?$)|(^app\/_cli\/)|(^db\/migrations\/)/;
const MARK_FILE = ".next/duecourse-sources";

export const NEXT_BINARY = createRequire(import.meta.url).resolve("next/dist/bin/next");

/** Hash over everything the build reads. By content, because checking out a branch or copying a folder changes all file times. */
export function hashOfSources(): string {
  const hash = createHash("sha256");
  const files = [...SOURCE_FOLDERS.flatMap(filesUnder), ...SOURCE_FILES.filter((file) => existsSync(file))];
  for (const file of files.sort()) {
    if (!NOT_IN_THE_BUILD.test(file)) hash.update(file).update("\0").update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}

function filesUnder(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}

/** Whether what lies in `.next` was made from these sources. */
export function isBuilt(sources: string): boolean {
  if (!existsSync(".next/BUILD_ID") || !existsSync(MARK_FILE)) return false;
  return readFileSync(MARK_FILE, "utf8") === sources;
}

/** Builds the console and marks it with its sources. Resolves with the exit code; the output goes to `logFile`. Stopped by `signal`. */
export async function build(sources: string, logFile: string, signal: AbortSignal): Promise<number> {
  const log = openSync(logFile, "w");
  const environment = { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" } as const;
  const child = spawn(process.execPath, [NEXT_BINARY, "build"], {
    stdio: ["ignore", log, log],
    env: environment,
    signal,
  });
  closeSync(log);
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (exitCode) => resolve(exitCode ?? 1));
  });
  if (code === 0) writeFileSync(MARK_FILE, sources);
  return code;
}
