import fc from "fast-check";
import { expect, test } from "vitest";
import { loopsOf, reachableFrom, stronglyConnected, wayRound } from "./strongly-connected";

const graph = fc
  .integer({ min: 1, max: 9 })
  .chain((size) => fc.array(fc.array(fc.nat(size - 1), { maxLength: 3 }), { minLength: size, maxLength: size }));

/** Reachability worked out the slow way: squaring the relation until it stops growing. */
function closure(adjacency: readonly (readonly number[])[]): readonly ReadonlySet<number>[] {
  const reached = adjacency.map((successors) => new Set(successors));
  for (let round = 0; round < adjacency.length; round += 1) {
    for (const set of reached) for (const middle of [...set]) for (const end of reached[middle] ?? []) set.add(end);
  }
  return reached;
}

test("two steps are in one component exactly when each can be reached from the other", () => {
  fc.assert(
    fc.property(graph, (adjacency) => {
      const reached = closure(adjacency);
      const components = stronglyConnected(adjacency);
      expect(components.flat().sort((left, right) => left - right)).toEqual(adjacency.map((_, index) => index));
      adjacency.forEach((_, left) => {
        adjacency.forEach((__, right) => {
          const together = components.some((component) => component.includes(left) && component.includes(right));
          const mutual = left === right || (reached[left]?.has(right) === true && reached[right]?.has(left) === true);
          expect(together).toBe(mutual);
        });
      });
    }),
    { numRuns: 500 },
  );
});

test("a loop has a way round that really leads from step to step and back", () => {
  fc.assert(
    fc.property(graph, (adjacency) => {
      const reached = closure(adjacency);
      const looping = new Set(loopsOf(adjacency).flat());
      adjacency.forEach((_, index) => {
        expect(looping.has(index)).toBe(reached[index]?.has(index) === true);
      });
      for (const component of loopsOf(adjacency)) {
        const first = component[0] ?? 0;
        const way = wayRound(adjacency, component, first);
        expect([way[0], way.at(-1)]).toEqual([first, first]);
        way.slice(1).forEach((step, index) => {
          expect(adjacency[way[index] ?? -1]).toContain(step);
        });
      }
    }),
    { numRuns: 500 },
  );
});

test("what can be reached is what the relation says, roots included", () => {
  fc.assert(
    fc.property(graph, (adjacency) => {
      const expected = new Set([0, ...(closure(adjacency)[0] ?? [])]);
      expect(reachableFrom(adjacency, [0])).toEqual(expected);
    }),
  );
});

test("a chain of 100,000 steps does not exhaust the call stack", () => {
  const chain = Array.from({ length: 100_000 }, (_, index) => [index + 1].filter((next) => next < 100_000));
  expect(stronglyConnected(chain)).toHaveLength(100_000);
  expect(loopsOf([...chain.slice(0, -1), [0]])).toHaveLength(1);
});
