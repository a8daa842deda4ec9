import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020";
import { describe, expect, test } from "vitest";
import { nodeDefinitions } from "../nodes";
import { shippedStrategies } from "../packs";
import { strategyJsonSchema } from "./json-schema";
import { drawn, exitStep, startStep, step } from "./testing/sample";

const schema = strategyJsonSchema();
const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);

describe("the published JSON Schema of a strategy", () => {
  test("is the one that is published: `npm run -s schema` writes it anew", () => {
    const published = readFileSync(new URL("../../public/schemas/strategy-2.schema.json", import.meta.url), "utf8");
    expect(published).toBe(`${JSON.stringify(schema, null, 2)}\n`);
  });

  test("takes every shipped strategy", () => {
    for (const { key, text } of shippedStrategies("cn")) {
      expect({ key, valid: validate(JSON.parse(text)), errors: validate.errors }).toMatchObject({ key, valid: true });
    }
  });

  test("takes every example of every step type", () => {
    for (const { type, version, examples } of nodeDefinitions) {
      for (const data of examples) {
        const doc = drawn({ nodes: [startStep(), { id: "one", type, version, data }, exitStep("done")] });
        expect({ type, valid: validate(doc), errors: validate.errors }).toMatchObject({ type, valid: true });
      }
    }
  });

  test.each<[string, unknown]>([
    ["a member nobody knows", drawn({ surprise: 1 })],
    ["a known step with data of another", drawn({ nodes: [startStep(), step("one", "exit", { reason: "bored" })] })],
    ["a condition without an operator", drawn({ nodes: [startStep({ fact: "dpd", value: 1 }), exitStep("done")] })],
    ["an id that is a path", drawn({ nodes: [startStep(), exitStep("../done")] })],
  ])("refuses %s", (_, doc) => {
    expect(validate(doc)).toBe(false);
  });

  test("lets a step of a type it does not know through, so that nothing is lost", () => {
    expect(validate(drawn({ nodes: [startStep(), step("one", "teleport", { to: "mars" }), exitStep("done")] }))).toBe(
      true,
    );
  });
});
