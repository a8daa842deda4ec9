import { benchCompile } from "./compile";
import { benchDesigner } from "./designer/designer";
import { benchExecutor } from "./executor";
import { benchSimulate } from "./simulate/simulate";
import { benchTick } from "./tick/tick";

/** Benches by name. Each answers one JSON document; what follows the name is its own. */
const BENCHES: { readonly [name: string]: (args: readonly string[]) => Promise<object> } = {
  compile: withoutOptions(benchCompile),
  designer: withoutOptions(benchDesigner),
  executor: withoutOptions(benchExecutor),
  simulate: benchSimulate,
  tick: benchTick,
};

const USAGE = `usage: npm run -s bench -- <${Object.keys(BENCHES).join("|")}> [--json]
  simulate: [--accounts N] [--days N] [--threads N]
  tick: [--accounts N] [--seconds N] [--workers N] [--rounds N] [--jobs N]
`;

class UsageError extends Error {}

function withoutOptions(bench: () => Promise<object>): (args: readonly string[]) => Promise<object> {
  return (args) => {
    if (args.length > 0) throw new UsageError(`unknown option ${args[0]}`);
    return bench();
  };
}

async function main(args: readonly string[]): Promise<number> {
  const [name, ...options] = args;
  const bench = name !== undefined && Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  if (bench === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  try {
    const result = await bench(options.filter((option) => option !== "--json"));
    process.stdout.write(`${JSON.stringify(result, null, options.includes("--json") ? 0 : 2)}\n`);
    return 0;
  } catch (error) {
    const isUsage =
      error instanceof UsageError || error instanceof RangeError || codeOf(error).startsWith("ERR_PARSE_ARGS");
    if (!isUsage) throw error;
    process.stderr.write(`${error instanceof Error ? error.message : ""}\n${USAGE}`);
    return 2;
  }
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}

process.exitCode = await main(process.argv.slice(2));
