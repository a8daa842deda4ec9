import { build } from "esbuild";
import { expect, it } from "vitest";
import { isMutation, MUTATIONS, mutating } from "./mutations";

it.each(Object.keys(MUTATIONS).filter(isMutation))("what %s takes out is still there to be taken out", async (name) => {
  const { outputFiles } = await build({
    ...{ entryPoints: ["test/chaos/worker.ts"], bundle: true, platform: "node", format: "esm", write: false },
    ...{ packages: "external", plugins: [mutating(MUTATIONS[name])], logLevel: "silent" },
  });
  expect(outputFiles).toHaveLength(1);
});
