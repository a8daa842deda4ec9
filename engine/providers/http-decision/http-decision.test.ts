import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { type Address, isOpenAddress } from "../http/addresses";
import type { EndpointOptions } from "../http/endpoint";
import { ANSWER_BYTES_MAX } from "../http/exchange";
import { httpDecision } from "./http-decision";
import { IntegrationsSchema } from "./integration";

const SECRET_BYTES = Buffer.alloc(32, 7);
const SECRET = `whsec_${SECRET_BYTES.toString("base64")}`;

type Heard = { readonly headers: IncomingHttpHeaders; readonly body: string; readonly url: string };

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(
    servers.splice(0).map(
      (server) =>
        new Promise<void>((resolve) => {
          server.closeAllConnections();
          server.close(() => resolve());
        }),
    ),
  );
});

/** A system that answers as it is told, on this machine, and remembers what it was asked. */
async function aSystem(answer: RequestListener) {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      heard.push({ headers: request.headers, body, url: request.url ?? "" });
      answer(request, response);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { heard, port, url: `http://127.0.0.1:${port}/decide?x=1` };
}

const json =
  (value: unknown, type = "application/json"): RequestListener =>
  (_, response) =>
    response.writeHead(200, { "content-type": type }).end(typeof value === "string" ? value : JSON.stringify(value));

const QUESTION = { key: "enr_1:2:1", integration: "risk", facts: { dpd: 10, region: null }, timeoutMs: 2000, nowMs: 0 };
const portTo = (url: string, options: EndpointOptions = { allowLoopback: true }) =>
  httpDecision("risk", { url, secret: SECRET, simulated: [] }, options);
const asked = async (answer: RequestListener, timeoutMs = 2000) => {
  const system = await aSystem(answer);
  return { ...system, reply: await portTo(system.url).decide({ ...QUESTION, timeoutMs }) };
};

describe("a question over HTTP", () => {
  it("is posted with the facts and the idempotency key, and its answer read", async () => {
    const { heard, reply } = await asked(json({ outcome: "low", values: { score: 712, tier: "A" }, more: [1] }));
    expect(reply).toEqual({
      ...{ kind: "answered", delayMs: 0, costMinor: 0 },
      outcome: "low",
      values: { score: 712, tier: "A" },
    });
    expect(heard).toHaveLength(1);
    expect(JSON.parse(heard[0]?.body ?? "")).toEqual({
      type: "decision.requested",
      idempotencyKey: QUESTION.key,
      integration: "risk",
      facts: QUESTION.facts,
    });
    expect(heard[0]).toMatchObject({ url: "/decide?x=1", headers: { "accept-encoding": "identity" } });
  });

  it("is signed so that the system can tell who asks, when, and that nothing was changed", async () => {
    const system = await aSystem(json({ outcome: "low" }));
    const port = portTo(system.url, { allowLoopback: true, now: () => 1_772_416_800_999 });
    await port.decide(QUESTION);
    const { headers = {}, body = "" }: Partial<Heard> = system.heard[0] ?? {};
    expect(headers).toMatchObject({ "webhook-id": QUESTION.key, "webhook-timestamp": "1772416800" });
    const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
    const expected = createHmac("sha256", SECRET_BYTES).update(signed).digest("base64");
    expect(headers["webhook-signature"]).toBe(`v1,${expected}`);
  });

  it("that is put again has the same id, so that a system answers one question once", async () => {
    const answers = new Map<string, string>();
    const system = await aSystem((request, response) => {
      const id = String(request.headers["webhook-id"]);
      answers.set(id, answers.get(id) ?? `answer-${answers.size}`);
      json({ outcome: answers.get(id) })(request, response);
    });
    const port = portTo(system.url);
    const replies = [await port.decide(QUESTION), await port.decide(QUESTION)];
    expect(replies.map((reply) => reply.kind === "answered" && reply.outcome)).toEqual(["answer-0", "answer-0"]);
    expect(new Set(system.heard.map(({ body }) => body)).size).toBe(1);
  });

  it("keeps to so many at once; whoever cannot be asked in time has timed out", async () => {
    let open = 0;
    let most = 0;
    const system = await aSystem((request, response) => {
      open += 1;
      most = Math.max(most, open);
      const leave = setTimeout(() => {
        open -= 1;
        json({ outcome: "low" })(request, response);
      }, 30);
      leave.unref();
    });
    const port = portTo(system.url);
    const replies = await Promise.all(
      Array.from({ length: 40 }, (_, index) => port.decide({ ...QUESTION, key: `k${index}`, timeoutMs: 5000 })),
    );
    expect(most).toBe(8);
    expect(replies.every(({ kind }) => kind === "answered")).toBe(true);
  });
});

describe("an answer that is none", () => {
  const silent: RequestListener = () => undefined;
  const trickling: RequestListener = (_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const drip = setInterval(() => response.write(" "), 10);
    response.on("close", () => clearInterval(drip));
  };

  it.each([
    ["nothing", silent],
    ["a byte now and then", trickling],
  ])("is a timeout after %s", async (_, answer) => {
    const { reply } = await asked(answer, 150);
    expect(reply).toMatchObject({ kind: "failed", failure: "timeout" });
  });

  it.each([
    ["500", (_request, response) => response.writeHead(500).end("secret trace"), "status-500"],
    ["204", (_request, response) => response.writeHead(204).end(), "status-204"],
    [
      "a redirect",
      (_request, response) => response.writeHead(302, { location: "http://169.254.169.254/" }).end(),
      "status-302",
    ],
    ["a broken connection", (request) => request.socket.destroy(), "unreachable"],
  ] as readonly (readonly [string, RequestListener, string])[])("is a failure: %s", async (_, answer, reason) => {
    const { reply, heard } = await asked(answer);
    expect(reply).toMatchObject({ kind: "failed", failure: "failed", reason });
    expect(heard).toHaveLength(1);
  });

  const deep = `{"outcome":"low","x":${"[".repeat(5000)}${"]".repeat(5000)}}`;
  it.each([
    ["no JSON", json("{outcome: low}"), "not-json"],
    ["half of it", json('{"outcome":"lo'), "not-json"],
    [
      "no UTF-8",
      (_, response) =>
        response.writeHead(200, { "content-type": "application/json" }).end(Buffer.from([0x22, 0xff, 0x22])),
      "not-json",
    ],
    ["another type", json({ outcome: "low" }, "text/html"), "content-type"],
    ["no type", (_, response) => response.writeHead(200).end('{"outcome":"low"}'), "content-type"],
    [
      "a packed body",
      (_, response) =>
        response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end("x"),
      "content-encoding",
    ],
    [
      "too large, and says so",
      (_, response) =>
        response
          .writeHead(200, { "content-type": "application/json", "content-length": ANSWER_BYTES_MAX + 1 })
          .end(Buffer.alloc(ANSWER_BYTES_MAX + 1)),
      "too-large",
    ],
    [
      "too large, and does not",
      (_, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        for (let part = 0; part < 40; part += 1) response.write(Buffer.alloc(4096, 32));
        response.end();
      },
      "too-large",
    ],
    ["nested too deep", json(deep), "too-deep"],
    ["no outcome", json({ values: {} }), "schema"],
    ["an outcome of another type", json({ outcome: 7 }), "schema"],
    ["an outcome that is a sentence", json({ outcome: "low risk" }), "schema"],
    ["nested values", json({ outcome: "low", values: { a: { b: 1 } } }), "schema"],
    ["a list", json([1]), "schema"],
    ["a text the database cannot hold", json('{"outcome":"low","values":{"a":"\\u0000"}}'), "schema"],
  ] as readonly (readonly [string, RequestListener, string])[])("is malformed: %s", async (_, answer, reason) => {
    expect((await asked(answer)).reply).toMatchObject({ kind: "failed", failure: "malformed", reason });
  });

  it("leaves what every object inherits out of the values", async () => {
    const { reply } = await asked(json('{"outcome":"low","values":{"__proto__":{"a":1},"score":2}}'));
    expect(reply).toMatchObject({ kind: "answered", outcome: "low" });
    expect(JSON.stringify(reply)).not.toContain("__proto__");
  });

  it.each(["application/json; charset=utf-8", "application/problem+json", "APPLICATION/JSON"])(
    "%s is JSON",
    async (type) => {
      expect((await asked(json({ outcome: "low" }, type))).reply).toMatchObject({ kind: "answered" });
    },
  );
});

describe("an address that is not the open internet", () => {
  const refused = async (url: string, options: EndpointOptions = {}) => portTo(url, options).decide(QUESTION);

  it.each([
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://0.0.0.0/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[fd00:ec2::254]/",
    "https://[fe80::1]/",
    "https://10.1.2.3/",
    "https://100.100.100.200/",
    "https://172.31.255.255/",
    "https://192.168.1.1/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
  ])("is not asked: %s", async (url) => {
    expect(await refused(url)).toMatchObject({ kind: "failed", failure: "failed", reason: "address-refused" });
  });

  it.each(["https://[::ffff:127.0.0.1]/", "https://10.0.0.1/", "https://169.254.169.254/"])(
    "is not asked in a test either, but for this machine itself: %s",
    async (url) => {
      expect(await refused(url, { allowLoopback: true })).toMatchObject({ reason: "address-refused" });
    },
  );

  it("is not asked by a name that leads there, alone or among others", async () => {
    const outside: Address = { address: "93.184.216.34", family: 4 };
    for (const inside of ["127.0.0.1", "10.0.0.7", "::1", "::ffff:10.0.0.7", "fe80::1%eth0", "not-an-address"]) {
      const resolve = async () => [outside, { address: inside, family: 4 } as const];
      expect(await refused("https://decisions.example/", { resolve })).toMatchObject({ reason: "address-refused" });
    }
    expect(await refused("https://nowhere.example/", { resolve: async () => [] })).toMatchObject({
      reason: "address-refused",
    });
  });

  it("is asked where the name led when it was looked up, once, whatever it leads to afterwards", async () => {
    const system = await aSystem(json({ outcome: "low" }));
    let looked = 0;
    const resolve = async (): Promise<readonly Address[]> => {
      looked += 1;
      return [{ address: looked === 1 ? "127.0.0.1" : "10.0.0.1", family: 4 }];
    };
    const reply = await refused(`http://decisions.example:${system.port}/`, { resolve, allowLoopback: true });
    expect(reply).toMatchObject({ kind: "answered" });
    expect([looked, system.heard[0]?.headers.host]).toEqual([1, `decisions.example:${system.port}`]);
  });

  it("is not asked without encryption", async () => {
    const resolve = async (): Promise<readonly Address[]> => [{ address: "93.184.216.34", family: 4 }];
    expect(await refused("http://decisions.example/", { resolve, allowLoopback: true })).toMatchObject({
      reason: "not-https",
    });
  });

  it("is a failure when a name cannot be looked up, and a timeout when that takes too long", async () => {
    const broken = async () => Promise.reject(new Error("ENOTFOUND"));
    expect(await refused("https://nowhere.example/", { resolve: broken })).toMatchObject({ reason: "unreachable" });
    const never = () => new Promise<readonly Address[]>(() => undefined);
    const port = portTo("https://nowhere.example/", { resolve: never });
    expect(await port.decide({ ...QUESTION, timeoutMs: 50 })).toMatchObject({ failure: "timeout" });
  });

  it("leaves the open internet open", () => {
    for (const address of ["93.184.216.34", "1.1.1.1", "172.32.0.1", "2606:4700:4700::1111", "2001:4860:4860::8888"]) {
      expect(isOpenAddress(address, false)).toBe(true);
    }
  });
});

describe("the list of systems", () => {
  const system = { url: "https://decisions.example/v1", secret: SECRET };

  it("is read with what each is declared to answer in a simulation", () => {
    const simulated = [{ outcome: "low", weight: 2, values: { score: 1 } }];
    expect(IntegrationsSchema.parse({ risk: system, "fraud-check": { ...system, simulated } })).toEqual({
      risk: { ...system, simulated: [] },
      "fraud-check": { ...system, simulated },
    });
  });

  it.each([
    ["a name no strategy may use", { Risk: system }],
    ["a short secret", { risk: { ...system, secret: "whsec_c2hvcnQ=" } }],
    ["a secret of another kind", { risk: { ...system, secret: "hunter2-hunter2-hunter2-hunter2" } }],
    ["a password in the address", { risk: { ...system, url: "https://user:pass@decisions.example/" } }],
    ["another scheme", { risk: { ...system, url: "file:///etc/passwd" } }],
    ["no address", { risk: { ...system, url: "decisions" } }],
    ["an unknown member", { risk: { ...system, verifyTls: false } }],
    ["a negative weight", { risk: { ...system, simulated: [{ outcome: "low", weight: -1 }] } }],
  ])("is refused with %s", (_, value) => {
    expect(IntegrationsSchema.safeParse(value).success).toBe(false);
  });
});
