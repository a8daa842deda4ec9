import type { Channel } from "../model/content";
import { agent } from "./agent/channel";
import type { ChannelDefinition } from "./define";
import { email } from "./email/channel";
import { letter } from "./letter/channel";
import { push } from "./push/channel";
import { robot } from "./robot/channel";
import { sms } from "./sms/channel";
import { visit } from "./visit/channel";

const definitions: { readonly [channel in Channel]: ChannelDefinition } = {
  sms,
  email,
  push,
  robot,
  agent,
  letter,
  visit,
};

/** What is known of a channel: its outcome table, its costs, the contact points it reaches. */
export function channelOf(channel: Channel): ChannelDefinition {
  return definitions[channel];
}
