import { parentPort, workerData } from "node:worker_threads";
import { marketPack } from "#engine/packs/index";
import { simulatePart, simulatePartOnReference } from "#engine/simulate/simulate";
import { LENDER_MARKET } from "../lender";
import type { WorkerSetting, WorkerSlice } from "./threads";

/** Thread that simulates slices of a portfolio, one message each, until it is ended by its host. */
const { input } = workerData as { readonly input: WorkerSetting };
const { executor, ...frame } = input;
const pack = marketPack(LENDER_MARKET);

parentPort?.on("message", async ({ plan, ...slice }: WorkerSlice) => {
  const whole = { ...frame, pack, ...slice };
  const part = executor === "reference" ? await simulatePartOnReference(whole, plan) : simulatePart(whole, { plan });
  parentPort?.postMessage(part);
});
