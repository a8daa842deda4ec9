import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import type { designerWords } from "./words";

/** Everything that was changed has reached the server. */
export async function waitUntilSaved(of: Page): Promise<void> {
  await of
    .getByTestId("save-state")
    .getByText(/^saved \d\d:\d\d$/)
    .waitFor();
}

/** What a person sees and does on the chart of the tab that is open then. */
export function chartOf(tab: () => Page, draw: ReturnType<typeof designerWords>) {
  const chart = () => tab().getByRole("region", { name: draw("canvas.title") });
  const cards = () => chart().locator("[data-testid^=step-]");

  /** The card of a step by the words on it. */
  function card(name: string): Locator {
    return cards().filter({ has: tab().getByText(name, { exact: true }) });
  }

  async function expectSteps(count: number): Promise<void> {
    await tab().getByText(draw("status.steps", { count }), { exact: true }).waitFor();
    await expect.poll(() => cards().count()).toBe(count);
  }

  /** Finds a step type in the picker that has just opened, and takes it: by keyboard, as the picker has the focus. */
  async function chooseInPicker(title: string): Promise<void> {
    await tab().getByRole("dialog").getByPlaceholder(draw("picker.search")).fill(title);
    await tab().keyboard.press("Enter");
  }

  /** Drags a step to the right by its middle. */
  async function dragAside(name: string): Promise<void> {
    const box = await card(name).boundingBox();
    if (box === null) throw new Error(`${name} is not on the screen`);
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const { mouse } = tab();
    await mouse.move(middle.x, middle.y);
    await mouse.down();
    await mouse.move(middle.x + 120, middle.y + 10, { steps: 8 });
    await mouse.up();
  }

  /** Where a step stands on the chart, whatever part of the chart is in view. */
  async function positionOf(name: string): Promise<{ readonly x: number; readonly y: number }> {
    const node = chart()
      .locator(".react-flow__node")
      .filter({ has: tab().getByText(name, { exact: true }) });
    const [, x = "", y = ""] =
      /translate\((-?[\d.]+)px, ?(-?[\d.]+)px\)/.exec((await node.getAttribute("style")) ?? "") ?? [];
    return { x: Number(x), y: Number(y) };
  }

  return { chart, card, expectSteps, chooseInPicker, dragAside, positionOf };
}
