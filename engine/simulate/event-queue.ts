import type { EpochMs } from "../model/time";

type Entry<TEvent> = { readonly atMs: EpochMs; readonly order: number; readonly event: TEvent };

/**
 * Events of one party in the order of time; those of the same instant in the order they were put in. A binary heap, and small:
 * it holds what one person's accounts have before them.
 */
export type EventQueue<TEvent> = { readonly heap: Entry<TEvent>[]; puts: number };

export function newEventQueue<TEvent>(): EventQueue<TEvent> {
  return { heap: [], puts: 0 };
}

export function putEvent<TEvent>(queue: EventQueue<TEvent>, atMs: EpochMs, event: TEvent): void {
  queue.heap.push({ atMs, order: queue.puts, event });
  queue.puts += 1;
  rise(queue.heap, queue.heap.length - 1);
}

/** Takes the next event out; null when there is none. */
export function takeEvent<TEvent>({ heap }: EventQueue<TEvent>): Entry<TEvent> | null {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined) return null;
  if (heap.length > 0) {
    heap[0] = last;
    sink(heap, 0);
  }
  return first;
}

function before<TEvent>(left: Entry<TEvent>, right: Entry<TEvent>): boolean {
  return left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);
}

function rise<TEvent>(heap: Entry<TEvent>[], from: number): void {
  let index = from;
  while (index > 0) {
    const parentIndex = (index - 1) >> 1;
    const entry = heap[index];
    const parent = heap[parentIndex];
    if (entry === undefined || parent === undefined || !before(entry, parent)) return;
    heap[index] = parent;
    heap[parentIndex] = entry;
    index = parentIndex;
  }
}

function sink<TEvent>(heap: Entry<TEvent>[], from: number): void {
  let index = from;
  while (index < heap.length) {
    const entry = heap[index];
    const smallest = smallerChild(heap, index);
    const child = heap[smallest];
    if (entry === undefined || child === undefined || !before(child, entry)) return;
    heap[index] = child;
    heap[smallest] = entry;
    index = smallest;
  }
}

function smallerChild<TEvent>(heap: readonly Entry<TEvent>[], index: number): number {
  const left = heap[2 * index + 1];
  const right = heap[2 * index + 2];
  return left !== undefined && right !== undefined && before(right, left) ? 2 * index + 2 : 2 * index + 1;
}
