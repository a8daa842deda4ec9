import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HOUR_MS } from "../model/time";
import { marketPack } from "../packs";
import type { QaStep, QaStepRequest, QaStepVerdict } from "../ports/qa-step";
import { HttpQaConfigSchema, httpQaStep } from "../providers/http-qa/http-qa";
import { textCheckStep } from "../qa/text-check-step";
import { ANN, aLiveRun, MONDAY } from "../testing/live-run";
import { askQaSteps } from "./qa-steps";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const QUESTION: QaStepRequest = {
  ...{ stage: "pre_send", key: "enr_1:2:1", channel: "sms", subject: null, text: "您好", policyVersion: "v1" },
};

const passes = (verdict: QaStepVerdict["verdict"]): QaStep => ({
  id: `says-${verdict}`,
  evaluate: async () => ({ verdict, score: null, findings: [], modelVersion: "1" }),
});
const broken: QaStep = { id: "broken", evaluate: () => Promise.reject(new Error("down")) };
const endless: QaStep = { id: "endless", evaluate: () => new Promise(() => undefined) };
const nonsense: QaStep = {
  id: "nonsense",
  evaluate: async () => JSON.parse('{"verdict":"fine","score":null,"findings":[],"modelVersion":"1"}') as QaStepVerdict,
};

describe("judges of a text", () => {
  it.each([
    ["pass", [], "pass", []],
    ["pass", [passes("pass"), passes("pass")], "pass", []],
    ["review", [passes("pass"), passes("review")], "review", []],
    ["block", [passes("review"), passes("block")], "block", []],
    ["block for one that is down", [passes("pass"), broken], "block", ["broken"]],
    ["block for one that is late", [endless, passes("pass")], "block", ["endless"]],
    ["block for one that talks nonsense", [nonsense], "block", ["nonsense"]],
  ] as const)("%s", async (...[, steps, verdict, silent]) => {
    expect(await askQaSteps(steps, QUESTION, 50)).toEqual({ verdict, silent });
  });
});

describe("the word lists of a market as a judge", () => {
  it("say what the gate says, with the place of every word, the same every time", async () => {
    const step = textCheckStep(marketPack("cn"));
    const asked = { ...QUESTION, text: "再不还款就让你坐牢" };
    const { signal } = new AbortController();
    const verdict = await step.evaluate(asked, { signal });
    expect(verdict.verdict).toBe("block");
    const [finding] = verdict.findings;
    expect(asked.text.slice(finding?.span?.start, finding?.span?.end)).toBe(finding?.evidence);
    expect(await step.evaluate(asked, { signal })).toEqual(verdict);
    expect((await step.evaluate(QUESTION, { signal })).verdict).toBe("pass");
  });
});

describe("before a contact leaves", () => {
  it("is asked, with the words the person would read; only a pass lets it go", async () => {
    const asked: QaStepRequest[] = [];
    const judge: QaStep = {
      id: "judge",
      evaluate: async (request) => {
        asked.push(request);
        return { verdict: "block", score: 10, findings: [], modelVersion: "1" };
      },
    };
    const { shell, enroll, stores, story } = await aLiveRun();
    Object.assign(shell.deps, { qaSteps: [judge] });
    await enroll(ANN);
    await shell.runUntil(MONDAY + HOUR_MS, 10 * 60_000);
    expect(asked[0]?.text).toContain("测试客户");
    expect(shell.sent).toEqual([]);
    expect(await stores.look.attempts()).toEqual([]);
    expect(await story()).toContain("call: blocked dispatch.qa-refused");
  });

  it("nothing leaves while a judge is down", async () => {
    const { shell, enroll, story } = await aLiveRun();
    Object.assign(shell.deps, { qaSteps: [broken] });
    await enroll(ANN);
    await shell.runUntil(MONDAY + HOUR_MS, 10 * 60_000);
    expect(shell.sent).toEqual([]);
    expect(await story()).toContain("call: blocked dispatch.qa-silent");
  });
});

describe("a judge in another system", () => {
  let answer = "";
  let asked: unknown = null;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      asked = { body: JSON.parse(body), id: request.headers["webhook-id"] };
      response.writeHead(200, { "content-type": "application/json" }).end(answer);
    });
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
  afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const step = () => {
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const config = { url: `http://127.0.0.1:${port}/v1/evaluate`, secret: SECRET, allowLoopback: true };
    return httpQaStep("tone", HttpQaConfigSchema.parse(config));
  };

  it("is asked signed, and its verdict taken", async () => {
    answer = JSON.stringify({ verdict: "review", modelVersion: "m-3", score: 61 });
    expect(await askQaSteps([step()], QUESTION)).toEqual({ verdict: "review", silent: [] });
    expect(asked).toEqual({ body: { type: "qa.evaluate", ...QUESTION }, id: "qa:pre_send:enr_1:2:1" });
  });

  it.each(['{"verdict":"pass"}', "pass", '{"verdict":"PASS","modelVersion":"1"}', "<html>"])(
    "that answers %s has not passed the text",
    async (said) => {
      answer = said;
      expect(await askQaSteps([step()], QUESTION)).toEqual({ verdict: "block", silent: ["tone"] });
    },
  );
});
