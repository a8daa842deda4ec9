import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newEventQueue, putEvent, takeEvent } from "./event-queue";

describe("the event queue", () => {
  it("gives events back in the order of time, and of arrival within one instant", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 }), (instants) => {
        const queue = newEventQueue<number>();
        instants.forEach((atMs, index) => {
          putEvent(queue, atMs, index);
        });
        const taken: number[] = [];
        for (let next = takeEvent(queue); next !== null; next = takeEvent(queue)) taken.push(next.event);
        const expected = instants
          .map((atMs, index) => ({ atMs, index }))
          .sort((a, b) => a.atMs - b.atMs || a.index - b.index);
        expect(taken).toEqual(expected.map(({ index }) => index));
      }),
    );
  });
});
