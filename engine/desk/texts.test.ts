import { expect, it } from "vitest";
import { LOCALES } from "../model/locale";
import { EXTERNAL_FAILURES, TASK_KINDS, TASK_OUTCOMES } from "../model/program";
import { PROMISE_RESULTS } from "../model/promise";
import { deskTexts } from "./texts";

it.each(LOCALES)(
  "every kind of work, every end of it and of a promise has its word, and none is left over (%s)",
  (locale) => {
    const { tasks, outcomes, promise } = deskTexts[locale];
    expect(Object.keys(tasks).sort()).toEqual([...TASK_KINDS].sort());
    const ends = new Set<string>([...Object.values(TASK_OUTCOMES).flat(), ...EXTERNAL_FAILURES]);
    expect(Object.keys(outcomes).sort()).toEqual([...ends].sort());
    expect(Object.keys(promise).sort()).toEqual([...PROMISE_RESULTS].sort());
  },
);
