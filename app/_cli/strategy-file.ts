import { compileStrategy } from "#engine/compile/compile";
import { lintStrategy } from "#engine/graph/lint";
import { locateIssues, readStrategyText } from "#engine/graph/read";
import { hasErrors, type Issue, issue } from "#engine/model/issue";
import type { MarketPack } from "#engine/model/market-pack";
import type { Program } from "#engine/model/program";
import { STRATEGY_LIMITS, type StrategyDoc } from "#engine/model/strategy";
import { marketPack } from "#engine/packs/index";
import { ProblemsError } from "./command";
import { readText } from "./files";

/** A strategy file read to the end, with what the linter says about it, located in the file's lines. */
export type CheckedStrategy = {
  readonly doc: StrategyDoc;
  readonly pack: MarketPack;
  readonly issues: readonly Issue[];
};

/** Rules and words of the document's market. Only the Chinese pack ships so far. */
function packFor(path: string, doc: StrategyDoc): MarketPack {
  const { market } = doc.settings;
  if (market === "cn") return marketPack(market);
  throw new ProblemsError(path, [issue("cli.market-not-shipped", { path: "settings.market" }, { market })]);
}

/** Reads and lints a file. Throws UsageError or ProblemsError when it cannot even be read. */
export function checkStrategyFile(path: string): CheckedStrategy {
  const text = readText(path, STRATEGY_LIMITS.fileBytes);
  const read = readStrategyText(text);
  if (!read.ok) throw new ProblemsError(path, read.error);
  const pack = packFor(path, read.value);
  return { doc: read.value, pack, issues: locateIssues(text, lintStrategy(read.value, pack)) };
}

/** Reads, lints and compiles a file; throws ProblemsError when it has errors. */
export function compileStrategyFile(path: string): CheckedStrategy & { readonly program: Program } {
  const checked = checkStrategyFile(path);
  if (hasErrors(checked.issues)) throw new ProblemsError(path, checked.issues);
  const compiled = compileStrategy(checked.doc, checked.pack);
  if (!compiled.ok) throw new ProblemsError(path, compiled.error);
  return { ...checked, program: compiled.value };
}
