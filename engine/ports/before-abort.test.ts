import { afterEach, describe, expect, it, vi } from "vitest";
import { withinDeadline } from "./before-abort";

afterEach(() => {
  vi.useRealTimers();
});

describe("work under a deadline", () => {
  it("comes to what it comes to, and leaves no timer behind that would keep it in memory", async () => {
    vi.useFakeTimers();
    expect(await withinDeadline(async () => "answered", 10_000, "late")).toBe("answered");
    await expect(withinDeadline(() => Promise.reject(new Error("broken")), 10_000, "late")).rejects.toThrow("broken");
    await Promise.resolve();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is late when it takes longer, hears of it by its signal, and is not heard any more", async () => {
    vi.useFakeTimers();
    let heard: unknown = null;
    const asked = withinDeadline<string>(
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => {
            heard = signal.reason.name;
            reject(signal.reason);
          });
        }),
      10_000,
      "late",
    );
    await vi.advanceTimersByTimeAsync(9_999);
    expect(heard).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(await asked).toBe("late");
    expect(heard).toBe("TimeoutError");
  });
});
