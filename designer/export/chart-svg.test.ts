import { describe, expect, it } from "vitest";
import { parseStrategy, type StepWords, type StrategyDoc } from "#engine";
import { exitStep, samplePack, startStep, step, strategy } from "#engine/graph/testing/sample";
import { flowOf } from "../canvas/bundles";
import { automaticLayout, bundleLabels, drawingOf } from "../canvas/drawing";
import { chartSvg, fitted, textWidth } from "./chart-svg";

const words: StepWords = { locale: "zh-CN", fields: samplePack.fields, contents: samplePack.contents };

function svgOf(doc: StrategyDoc): string {
  const flow = flowOf(doc);
  const labels = bundleLabels(flow, doc, words);
  return chartSvg(doc, drawingOf({ doc, flow, labels, layout: automaticLayout(doc, flow, labels) }), words);
}

const DOC = strategy({
  name: { "zh-CN": "早期 <提醒> & 跟进" },
  nodes: [
    startStep(),
    step("fork", "branch", { rules: [{ id: "late", when: { fact: "dpd", operator: "greaterThan", value: 30 } }] }),
    exitStep("done"),
    exitStep("late-done"),
  ],
  edges: [
    ["start", "enter", "fork"],
    ["fork", "late", "late-done"],
    ["fork", "otherwise", "done"],
    ["fork", "unknown", "done"],
  ],
});

describe("the chart as a file", () => {
  it("keeps every name, sentence and label a text, in the reader's language", () => {
    const svg = svgOf(DOC);
    for (const said of ["入催", "条件分流", "逾期天数 &gt; 30 天", "早期 &lt;提醒&gt; &amp; 跟进"])
      expect(svg).toContain(said);
    expect(svg.match(/<g transform/g)).toHaveLength(DOC.nodes.length);
    expect(svg).not.toMatch(/foreignObject|href|var\(--|NaN|undefined/);
  });

  it("is the same for the same strategy, wherever its boxes were listed", () => {
    const read = parseStrategy(JSON.parse(JSON.stringify(DOC)));
    expect(read.ok && svgOf(read.value)).toBe(svgOf(DOC));
  });

  it("shortens what does not fit, and keeps the whole as the tooltip", () => {
    const long = "非常非常长的步骤名称用来说明这里要做的每一件事情";
    expect(textWidth(fitted(long, 13, 100), 13)).toBeLessThanOrEqual(100);
    expect(fitted("short", 13, 100)).toBe("short");
    const svg = svgOf({
      ...DOC,
      nodes: DOC.nodes.map((node) => (node.id === "fork" ? { ...node, name: { "zh-CN": long } } : node)),
    });
    expect(svg).toContain(`<title>${long}</title>`);
  });
});
