import { execFile } from "node:child_process";
import { builtinModules, createRequire } from "node:module";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { build, type Plugin } from "esbuild";

const run = promisify(execFile);
const require = createRequire(import.meta.url);

/** Built-in modules a heap snapshot can hold; every other one is opened when it is first used. */
const HELD = new Set(["assert", "buffer", "events", "path", "string_decoder", "url", "util", "v8"]);
/** Packages of real providers: a worker of the chaos run talks to none of them. */
const PROVIDER_PACKAGES = ["nodemailer", "smpp"] as const;

/** One file for a process that is started once. */
export async function bundle(entry: string, outfile: string, plugins: Plugin[] = []): Promise<string> {
  await build({
    ...{ entryPoints: [resolve(entry)], outfile, bundle: true, platform: "node", format: "esm", target: "node20" },
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    ...{ plugins, logLevel: "error" },
  });
  return outfile;
}

/**
 * One file, loaded, with its heap as it stands after loading: a process started from it begins with everything read and made, at
 * about twice the price of an empty one instead of five times (processor time). Returns the arguments that start it.
 */
export async function snapshot(
  entry: string,
  { folder, plugins }: { readonly folder: string; readonly plugins: readonly Plugin[] },
): Promise<readonly string[]> {
  const outfile = join(folder, "snapshot.cjs");
  const blob = join(folder, "snapshot.blob");
  await build({
    ...{ entryPoints: [resolve(entry)], outfile, bundle: true, platform: "node", format: "cjs", target: "node20" },
    ...{ minify: true, keepNames: true, plugins: [...plugins, opensLate()], logLevel: "error" },
  });
  await run(process.execPath, ["--no-warnings", "--snapshot-blob", blob, "--build-snapshot", outfile]);
  return ["--snapshot-blob", blob, entry];
}

/** Modules that live partly outside the heap stand in the snapshot as a list of names that open them. */
function opensLate(): Plugin {
  const packages = `^(${PROVIDER_PACKAGES.join("|")})$`;
  const builtins = `^(node:)?(${builtinModules.filter((name) => !name.startsWith("_")).join("|")})$`;
  return {
    name: "opens-late",
    setup: (building) => {
      building.onResolve({ filter: new RegExp(`${packages}|${builtins}`) }, ({ path, namespace }) => {
        const name = path.replace(/^node:/, "");
        return namespace === "late" || HELD.has(name) ? { path, external: true } : { path: name, namespace: "late" };
      });
      building.onLoad({ filter: /.*/, namespace: "late" }, ({ path }) => ({
        contents: `let opened; const open = () => (opened ??= require(${JSON.stringify(path)}));
          for (const name of ${JSON.stringify(Object.keys(require(path) as object))})
            Object.defineProperty(exports, name, { enumerable: true, get: () => open()[name] });`,
      }));
    },
  };
}
