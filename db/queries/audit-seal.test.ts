import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "../client";
import { openTestDatabase, type TestDatabase } from "../testing";
import { insertAudit } from "./audit";
import { auditHead, countUnsealed, sealAudit, verifyAudit } from "./audit-seal";

let opened: TestDatabase;
let database: Database;
beforeAll(async () => {
  opened = await openTestDatabase();
  database = opened.database;
});
afterAll(() => opened.drop());
beforeEach(async () => {
  await database.sql`truncate audit`;
});

async function note(count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const detail = { number, nested: { b: [1, 2.5, null], a: "甲" } };
    await insertAudit(database.sql, {
      actorId: "actor_a",
      action: "strategy.published",
      subject: `s${number}`,
      detail,
    });
  }
}

async function sealed(count: number): Promise<void> {
  await note(count);
  expect(await sealAudit(database)).toBe(count);
}

describe("the sealed audit", () => {
  it("holds as long as nobody touches it, and grows from where it ended", async () => {
    await sealed(3);
    await sealed(2);
    await note(1);
    const head = await auditHead(database.sql);
    expect(await verifyAudit(database.sql, head)).toEqual({ ok: true, head, unsealed: 1 });
    expect(head.seq).toBe(5);
    expect(await sealAudit(database)).toBe(1);
    expect(await sealAudit(database)).toBe(0);
    expect(await countUnsealed(database.sql)).toBe(0);
  });

  it("seals a row that was begun earlier and committed later behind those that were sealed meanwhile", async () => {
    await database.sql.begin(async (late) => {
      await insertAudit(late, { actorId: "actor_a", action: "late", subject: "l", detail: null });
      await sealed(2);
    });
    expect(await sealAudit(database)).toBe(1);
    const [row] = await database.sql`select seq from audit where action = 'late'`;
    expect(row).toMatchObject({ seq: 3 });
    expect(await verifyAudit(database.sql)).toMatchObject({ ok: true });
  });

  it("is sealed once, however many sealers there are", async () => {
    await note(40);
    const counts = await Promise.all(Array.from({ length: 4 }, () => sealAudit(database)));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(40);
    expect(await verifyAudit(database.sql)).toMatchObject({ ok: true, head: { seq: 40 } });
  });

  it.each([
    {
      when: "one character of a detail is changed",
      harm: `update audit set detail = jsonb_set(detail, '{nested,a}', '"乙"') where seq = 4`,
      found: { firstBadSeq: 4, fault: "changed" },
    },
    {
      when: "somebody else is said to have done it",
      harm: "update audit set actor_id = 'actor_b' where seq = 2",
      found: { firstBadSeq: 2, fault: "changed" },
    },
    {
      when: "it is said to have happened a millisecond later",
      harm: "update audit set at = at + interval '1 millisecond' where seq = 5",
      found: { firstBadSeq: 5, fault: "changed" },
    },
    {
      when: "a hash is changed",
      harm: "update audit set hash = repeat('f', 64) where seq = 3",
      found: { firstBadSeq: 3, fault: "changed" },
    },
    {
      when: "a row is taken out",
      harm: "delete from audit where seq = 3",
      found: { firstBadSeq: 3, fault: "missing" },
    },
    {
      when: "the first row is taken out",
      harm: "delete from audit where seq = 1",
      found: { firstBadSeq: 1, fault: "missing" },
    },
    {
      when: "two rows change places",
      harm: `update audit set seq = case seq when 2 then -3 else -2 end where seq in (2, 3);
        update audit set seq = -seq where seq < 0`,
      found: { firstBadSeq: 2, fault: "changed" },
    },
  ] as const)("names the first bad place when $when", async ({ harm, found }) => {
    await sealed(6);
    await database.sql.unsafe(harm);
    expect(await verifyAudit(database.sql)).toEqual({ ok: false, ...found });
  });

  it("shows a tail cut off, and a chain made anew, only to whoever kept the head", async () => {
    await sealed(6);
    const kept = await auditHead(database.sql);
    await database.sql`delete from audit where seq > 4`;
    expect(await verifyAudit(database.sql)).toMatchObject({ ok: true });
    expect(await verifyAudit(database.sql, kept)).toEqual({ ok: false, firstBadSeq: 5, fault: "cut-off" });
    await database.sql`update audit set seq = null, hash = null, subject = 'forged'`;
    await note(2);
    await sealAudit(database);
    expect(await verifyAudit(database.sql)).toMatchObject({ ok: true });
    expect(await verifyAudit(database.sql, kept)).toEqual({ ok: false, firstBadSeq: 6, fault: "rewritten" });
  });

  it("reads chains longer than one page", async () => {
    await database.sql`insert into audit (actor_id, action, subject, detail)
      select 'actor_a', 'many', n::text, '{}'::jsonb from generate_series(1, 2500) n`;
    expect([await sealAudit(database), await sealAudit(database), await sealAudit(database)]).toEqual([
      1000, 1000, 500,
    ]);
    await database.sql`update audit set subject = 'x' where seq = 2100`;
    expect(await verifyAudit(database.sql)).toMatchObject({ firstBadSeq: 2100 });
  });
});
