import { describe, expect, it } from "vitest";
import type { Database } from "#db";
import type { Actor } from "#engine";
import { PERMISSIONS } from "#engine/model/actor";
import { AppError } from "./errors";
import { appRouter } from "./router";
import { createCallerFactory, procedure, router } from "./trpc";

type Procedure = { readonly _def: { readonly type: string; readonly meta?: { readonly permission?: string } } };
const procedures = Object.entries(appRouter._def.procedures as unknown as { readonly [path: string]: Procedure });

const NOBODY: Actor = { id: "actor_nobody", name: "Nobody", demo: false, permissions: [] };
const CLERK: Actor = { ...NOBODY, id: "actor_clerk", permissions: ["portfolio.read"] };
/** Touching it is the mistake these tests look for. */
const NO_DATABASE = new Proxy({} as Database, {
  get: (_target, name) => {
    throw new Error(`the database was asked for ${String(name)} before the permission was`);
  },
});

/** Inputs that pass, by procedure, where one is needed to get as far as the permission. */
const anything = {
  about: { scope: "everything", subject: "" },
  kind: "pause",
  reason: "r",
  action: "retry",
  key: "m1",
  versionId: "ver_1",
  accountId: "acct_1",
  jobId: crypto.randomUUID(),
  holdId: "h",
};

describe("every procedure", () => {
  it("is found by this walk", () => {
    expect(procedures.length).toBeGreaterThan(25);
  });

  it.each(procedures)("%s names a permission that exists", (_path, { _def }) => {
    expect(PERMISSIONS).toContain(_def.meta?.permission);
  });

  it.each(procedures)("%s only reads when its permission is a reading one", (_path, { _def }) => {
    const reading = _def.meta?.permission?.endsWith(".read") === true;
    if (reading) expect(_def.type).toBe("query");
    if (_def.type === "mutation") expect(reading).toBe(false);
  });

  it.each(procedures.map(([path]) => path))(
    "%s refuses an actor without it, before anything else happens",
    async (path) => {
      const caller = createCallerFactory(appRouter)({ database: NO_DATABASE, actor: NOBODY });
      const call = path.split(".").reduce<unknown>((node, part) => (node as { [part: string]: unknown })[part], caller);
      const answer = (call as (input: unknown) => Promise<unknown>)(anything);
      await expect(answer).rejects.toMatchObject({ code: "FORBIDDEN" });
    },
  );
});

describe("what a use case refuses", () => {
  const small = router({
    look: procedure("portfolio.read").query(() => {
      throw new AppError("conflict", "strategy.draft-conflict", { params: { revision: 7 } });
    }),
    fall: procedure("portfolio.read").query(() => {
      throw new Error("relation account does not exist");
    }),
  });
  const caller = createCallerFactory(small)({ database: NO_DATABASE, actor: CLERK });

  it("reaches the caller with its code and kind", async () => {
    await expect(caller.look()).rejects.toMatchObject({
      code: "CONFLICT",
      cause: { code: "strategy.draft-conflict", params: { revision: 7 } },
    });
  });

  it("is told apart from what nobody foresaw", async () => {
    await expect(caller.fall()).rejects.toMatchObject({ code: "INTERNAL_SERVER_ERROR" });
  });
});
