import { CHANNELS, type Channel } from "../model/content";
import { type ConformanceSubject, channelConformance, type ProviderFault } from "../testing/channel-conformance";
import { simulatedChannel } from "./simulated";
import type { SimulatedFaults } from "./simulated-faults";

const FAULTS: { readonly [fault in ProviderFault]?: SimulatedFaults } = {
  busy: { busy: 1 },
  throttled: { throttled: 1 },
  error: { serverError: 1 },
  "timeout-accepted": { timeoutAccepted: 1 },
  garbage: { garbage: 1 },
};

async function simulated(channel: Channel): Promise<ConformanceSubject> {
  let present = simulatedChannel(channel, { seed: 42 });
  return {
    adapter: { ...present, send: (request, context) => present.send(request, context) },
    faults: Object.keys(FAULTS) as ProviderFault[],
    addresses: { good: "sim:1700000001", refused: "+8613800138001" },
    taken: null,
    setFault: async (fault) => {
      const faults = fault === null ? undefined : FAULTS[fault];
      present = simulatedChannel(channel, { seed: 42, ...(faults === undefined ? {} : { faults }) });
    },
    forget: async () => undefined,
    heard: () => ({ events: [], turnedAway: 0 }),
    close: async () => undefined,
  };
}

for (const channel of CHANNELS) channelConformance(`simulated ${channel}`, () => simulated(channel));
