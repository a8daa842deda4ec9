import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Listening, startListening } from "#engine/providers/testing/child";
import { SECRET } from "#engine/providers/testing/http-subject";
import { runCommandLine } from "../command-line";

let folder: string;
let provider: Listening;
const before = process.env.DUECOURSE_CHANNELS_FILE;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "providers-"));
  provider = await startListening(["docs/examples/provider/provider.mjs"], {
    ...{ PROVIDER_SECRET: SECRET, PROVIDER_PORT: "0", PROVIDER_CHANNEL: "sms" },
  });
});
afterAll(async () => {
  await provider.close();
  rmSync(folder, { recursive: true });
  if (before === undefined) delete process.env.DUECOURSE_CHANNELS_FILE;
  else process.env.DUECOURSE_CHANNELS_FILE = before;
});

async function asked(providers: object) {
  process.env.DUECOURSE_CHANNELS_FILE = join(folder, "channels.json");
  writeFileSync(process.env.DUECOURSE_CHANNELS_FILE, JSON.stringify({ providers }));
  const { exit, stdout } = await runCommandLine(["providers", "--json"]);
  return { exit, ...JSON.parse(stdout) };
}
const acme = (change: object = {}) => ({
  ...{ kind: "http", channel: "sms", url: `http://127.0.0.1:${provider.port}`, secrets: [SECRET], allowLoopback: true },
  ...change,
});

it("says of every provider whether it lets us in and agrees with the file", async () => {
  const fine = { name: "acme", kind: "http", channel: "sms", ok: true, problems: [] };
  expect(await asked({ acme: acme() })).toEqual({ exit: 0, providers: [fine] });
  const stranger = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;
  const answers = await asked({
    acme: acme({ secrets: [stranger] }),
    other: acme({ channel: "push", idempotency: "query" }),
    nobody: acme({ channel: "robot", url: "http://127.0.0.1:1" }),
    inside: acme({ channel: "letter", url: "http://10.0.0.1" }),
  });
  const problems = answers.providers.map(({ problems: found }: { problems: readonly string[] }) => found);
  expect([answers.exit, problems]).toEqual([
    1,
    [["status-401"], ["channel-differs", "idempotency-differs"], ["unreachable"], ["address-refused"]],
  ]);
});

it("has no stack trace and no secret for a file that cannot be read", async () => {
  process.env.DUECOURSE_CHANNELS_FILE = join(folder, "channels.json");
  writeFileSync(process.env.DUECOURSE_CHANNELS_FILE, `{"providers": {"acme": "${SECRET}"`);
  const { exit, stdout, stderr } = await runCommandLine(["providers"]);
  expect(exit).toBe(2);
  expect(`${stdout}${stderr}`).not.toContain(SECRET);
  expect(`${stdout}${stderr}`).not.toContain(" at ");
});
