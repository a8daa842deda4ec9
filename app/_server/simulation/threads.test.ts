import { describe, expect, it } from "vitest";
import { compileStrategy, readStrategyText } from "#engine";
import { marketPack, shippedStrategies } from "#engine/packs/index";
import { synthesisePortfolio } from "#engine/portfolio/synthesise";
import { simulate } from "#engine/simulate/simulate";
import { simulateInThreads } from "./threads";

const pack = marketPack("cn");

function aSimulation() {
  const doc = readStrategyText(shippedStrategies("cn")[0]?.text ?? "");
  const program = doc.ok ? compileStrategy(doc.value, pack) : null;
  if (program === null || !program.ok) throw new Error("the shipped strategy does not compile");
  const portfolio = synthesisePortfolio({ seed: 7, accounts: 400, dataDate: "2026-03-02" });
  const { accounts, contactPoints } = portfolio;
  const frame = { from: "2026-03-02", days: 20, seed: 11, locale: "zh-CN" } as const;
  return { program: program.value, pack, accounts, contactPoints, ...frame };
}

describe("a simulation in threads", () => {
  it("has the same result for one thread, for three, and for none", async () => {
    const input = aSimulation();
    const [one, three] = await Promise.all([
      simulateInThreads({ input, executor: "compiled", threads: 1 }),
      simulateInThreads({ input, executor: "compiled", threads: 3 }),
    ]);
    expect(three).toEqual(one);
    expect(one).toEqual(simulate(input));
    expect(one.enrolled).toBeGreaterThan(0);
  });

  it("says how far it is, up to the last account", async () => {
    const input = aSimulation();
    const seen: number[] = [];
    await simulateInThreads({ input, executor: "compiled", threads: 2, onProgress: (done) => seen.push(done) });
    expect(seen.at(-1)).toBe(input.accounts.length);
    expect([...seen].sort((left, right) => left - right)).toEqual(seen);
  });

  it("stops when it is told to, and leaves no thread behind", async () => {
    const abort = new AbortController();
    const running = simulateInThreads({
      input: aSimulation(),
      executor: "compiled",
      threads: 2,
      signal: abort.signal,
      onProgress: () => abort.abort(new Error("cancelled")),
    });
    await expect(running).rejects.toThrow("cancelled");
  });

  it("is done at once where there is nobody", async () => {
    const input = { ...aSimulation(), accounts: [], contactPoints: [] };
    expect(await simulateInThreads({ input, executor: "compiled", threads: 2 })).toMatchObject({
      accounts: 0,
      steps: 0,
    });
  });
});
