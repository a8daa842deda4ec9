import { describe, expect, it } from "vitest";
import { compileStrategy } from "../compile/compile";
import type { StrategyDoc } from "../model/strategy";
import { marketPack, shippedStrategies } from "../packs";
import { strategyContentHash } from "./hash";
import { lintStrategy } from "./lint";
import { readStrategyText } from "./read";
import { writeStrategy } from "./write";

const pack = marketPack("cn");
const [shipped] = shippedStrategies("cn");
function read(text: string): StrategyDoc {
  const found = readStrategyText(text);
  if (!found.ok) throw new Error(JSON.stringify(found.error));
  return found.value;
}
const plain = read(shipped?.text ?? "");
const choosing = (onRelease: StrategyDoc["settings"]["onRelease"] & object): StrategyDoc => ({
  ...plain,
  settings: { ...plain.settings, onRelease },
});

describe("what a strategy chooses beforehand for a release", () => {
  it("is nothing in a document that does not speak of it, whose text and hash stay what they were", () => {
    expect(writeStrategy(plain)).toBe(shipped?.text);
    expect(writeStrategy(plain)).not.toContain("onRelease");
  });

  it.each([{ mode: "resume" }, { mode: "re-evaluate" }, { mode: "exit", reason: "handed-to-people" }] as const)(
    "travels with the document and into what runs: %o",
    (onRelease) => {
      const doc = choosing(onRelease);
      expect(read(writeStrategy(doc)).settings.onRelease).toEqual(onRelease);
      expect(strategyContentHash(doc)).not.toBe(strategyContentHash(plain));
      const compiled = compileStrategy(doc, pack);
      expect(compiled.ok && compiled.value.settings.onRelease).toEqual(onRelease);
    },
  );

  it("is refused where it is no choice", () => {
    const swapped = writeStrategy(choosing({ mode: "resume" })).replace('"mode": "resume"', '"mode": "leave"');
    expect(readStrategyText(swapped).ok).toBe(false);
  });

  it("is warned of when everybody would leave, and otherwise never", () => {
    const codes = (doc: StrategyDoc) => lintStrategy(doc, pack).map(({ code }) => code);
    expect(codes(choosing({ mode: "exit", reason: "completed" }))).toContain("graph.release-leaves");
    expect(codes(choosing({ mode: "re-evaluate" }))).not.toContain("graph.release-leaves");
    expect(codes(plain)).not.toContain("graph.release-leaves");
  });
});
