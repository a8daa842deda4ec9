import { describe } from "vitest";
import { callbackContract } from "./callback-contract";
import { contractScene } from "./contract-scene";
import { enrollmentContract } from "./enrollment-contract";
import { inboxContract } from "./inbox-contract";
import { outboxContract } from "./outbox-contract";
import { standingContract } from "./standing-contract";
import type { StoresUnderTest } from "./stores-under-test";
import { workContract } from "./work-contract";

/** What every implementation of the live shell's stores promises. */
export function storesContract(name: string, open: () => Promise<StoresUnderTest>): void {
  describe(`${name}: the stores of the live shell`, () => {
    const scene = contractScene(open);
    enrollmentContract(scene);
    inboxContract(scene);
    outboxContract(scene);
    callbackContract(scene);
    workContract(scene);
    standingContract(scene);
  });
}
