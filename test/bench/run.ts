import { benchCompile } from "./compile";
import { benchExecutor } from "./executor";
import { benchSimulate } from "./simulate";

/** Benches by name. Each answers one JSON document. */
const BENCHES: { readonly [name: string]: () => Promise<object> } = {
  compile: benchCompile,
  executor: benchExecutor,
  simulate: benchSimulate,
};

const USAGE = `usage: npm run -s bench -- <${Object.keys(BENCHES).join("|")}> [--json]\n`;

async function main(args: readonly string[]): Promise<number> {
  const [name, ...options] = args;
  const bench = name !== undefined && Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  if (bench === undefined || options.some((option) => option !== "--json")) {
    process.stderr.write(USAGE);
    return 2;
  }
  const result = await bench();
  process.stdout.write(`${JSON.stringify(result, null, options.includes("--json") ? 0 : 2)}\n`);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
