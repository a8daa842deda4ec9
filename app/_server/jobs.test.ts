import { describe, expect, it } from "vitest";
import { AppError } from "./errors";
import { createJobs } from "./jobs";

describe("long work", () => {
  it("shows how far it is, then what came of it", async () => {
    const jobs = createJobs<number, string>(1);
    let finish: (result: string) => void = () => undefined;
    const id = jobs.start(0, ({ report }) => {
      report(7);
      return new Promise((resolve) => {
        finish = resolve;
      });
    });
    expect(jobs.view(id)).toMatchObject({ state: "running", progress: 7 });
    finish("recovered");
    expect(await jobs.ended(id)).toMatchObject({ state: "done", result: "recovered" });
  });

  it("refuses more at once than the machine is given to", () => {
    const jobs = createJobs<null, null>(1);
    jobs.start(null, () => new Promise(() => undefined));
    expect(() => jobs.start(null, () => Promise.resolve(null))).toThrow("job.too-many");
  });

  it("waits for its turn, in the order it was asked for", async () => {
    const jobs = createJobs<null, string>(1, 2);
    const begun: string[] = [];
    const finish: (() => void)[] = [];
    const work = (name: string) => () =>
      new Promise<string>((resolve) => {
        begun.push(name);
        finish.push(() => resolve(name));
      });
    const first = jobs.start(null, work("M1"));
    const second = jobs.start(null, work("M2"));
    const third = jobs.start(null, work("M3"));
    expect(() => jobs.start(null, work("M4"))).toThrow("job.too-many");
    expect(begun).toEqual(["M1"]);
    jobs.cancel(second);
    finish[0]?.();
    expect(await jobs.ended(first)).toMatchObject({ result: "M1" });
    expect(await jobs.ended(second)).toEqual({ state: "cancelled" });
    finish[1]?.();
    expect(await jobs.ended(third)).toMatchObject({ result: "M3" });
    expect(begun).toEqual(["M1", "M3"]);
  });

  it("is shared by those who ask the same question while it runs, and done anew afterwards", async () => {
    const jobs = createJobs<null, string>(1);
    let finish: (result: string) => void = () => undefined;
    const slow = () =>
      new Promise<string>((resolve) => {
        finish = resolve;
      });
    const first = jobs.start(null, slow, "M1 over 90 days");
    expect(jobs.start(null, slow, "M1 over 90 days")).toBe(first);
    expect(() => jobs.start(null, slow, "M2 over 90 days")).toThrow("job.too-many");
    finish("done");
    await jobs.ended(first);
    expect(jobs.start(null, slow, "M1 over 90 days")).not.toBe(first);
  });

  it("is cancelled, not failed, when somebody stopped it", async () => {
    const jobs = createJobs<null, null>(1);
    const id = jobs.start(
      null,
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(new Error("stopped half way")));
        }),
    );
    jobs.cancel(id);
    expect(await jobs.ended(id)).toEqual({ state: "cancelled" });
  });

  it("keeps the code of a refusal and hides what nobody foresaw", async () => {
    const jobs = createJobs<null, null>(2);
    const refused = jobs.start(null, () => Promise.reject(new AppError("invalid", "import.refused")));
    const broken = jobs.start(null, () => Promise.reject(new Error("insert into account values ('Wang')")));
    expect(await jobs.ended(refused)).toMatchObject({ state: "failed", code: "import.refused" });
    expect(await jobs.ended(broken)).toEqual({ state: "failed", code: "internal", params: {}, issues: [] });
  });

  it("says so when a job is not known any more", () => {
    expect(() => createJobs<null, null>(1).view("gone")).toThrow("job.not-found");
  });
});
