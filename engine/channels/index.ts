import type { Channel } from "../model/content";
import type { ChannelDefinition } from "./define";
import { robot } from "./robot/channel";
import { sms } from "./sms/channel";

const definitions: { readonly [channel in Channel]: ChannelDefinition } = { sms, robot };

/** What is known of a channel: its outcome table, its costs, the contact points it reaches. */
export function channelOf(channel: Channel): ChannelDefinition {
  return definitions[channel];
}
