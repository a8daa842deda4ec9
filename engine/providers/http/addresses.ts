import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";

/** One address a name resolved to. */
export type Address = { readonly address: string; readonly family: 4 | 6 };

/** Everything that is not the open internet: this machine, private and shared networks, cloud metadata, tunnels, tests. */
const CLOSED_V4 = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const;
const CLOSED_V6 = [
  ["::", 96],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
  ["5f00::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
] as const;
/** IPv4 written as IPv6: refused whole, nobody publishes a service under one. */
const MAPPED_V4 = /^::ffff:/i;

type Lists = { readonly closed: BlockList; readonly loopback: BlockList };
let lists: Lists | null = null;

/** Made at the first question and not while loading: they live outside the heap, and a process started from a snapshot has none. */
function listsOf(): Lists {
  if (lists !== null) return lists;
  const closed = new BlockList();
  for (const [network, prefix] of CLOSED_V4) closed.addSubnet(network, prefix, "ipv4");
  for (const [network, prefix] of CLOSED_V6) closed.addSubnet(network, prefix, "ipv6");
  const loopback = new BlockList();
  loopback.addSubnet("127.0.0.0", 8, "ipv4");
  loopback.addAddress("::1", "ipv6");
  lists = { closed, loopback };
  return lists;
}

/** Null = no address, or one of a link of this machine (`fe80::1%eth0`). */
function familyOf(address: string): "ipv4" | "ipv6" | null {
  const version = address.includes("%") ? 0 : isIP(address);
  return version === 0 ? null : version === 4 ? "ipv4" : "ipv6";
}

/** Whether an address is this machine itself, written plainly. */
export function isLoopback(address: string): boolean {
  const family = familyOf(address);
  return family !== null && !MAPPED_V4.test(address) && listsOf().loopback.check(address, family);
}

/** Whether questions may go to an address: on the open internet, or this machine where that is allowed. */
export function isOpenAddress(address: string, allowLoopback: boolean): boolean {
  const family = familyOf(address);
  if (family === null || MAPPED_V4.test(address)) return false;
  return isLoopback(address) ? allowLoopback : !listsOf().closed.check(address, family);
}

export type Resolve = (hostname: string) => Promise<readonly Address[]>;

/** Addresses of a name, as the system resolves it. */
export const resolveHost: Resolve = async (hostname) => {
  const found = await lookup(hostname, { all: true, verbatim: true });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
};

/**
 * The address to connect to, looked up once so that nobody can change it between the check and the connection. Null when any of
 * the name's addresses is closed: a name that leads inside and outside at once is a trick.
 */
export async function openAddressOf(
  hostname: string,
  { resolve, allowLoopback }: { readonly resolve: Resolve; readonly allowLoopback: boolean },
): Promise<Address | null> {
  const literal = hostname.replace(/^\[|\]$/g, "");
  const version = isIP(literal);
  const found =
    version === 0 ? await resolve(hostname) : [{ address: literal, family: version === 6 ? 6 : 4 } as const];
  const [first] = found;
  return first !== undefined && found.every(({ address }) => isOpenAddress(address, allowLoopback)) ? first : null;
}
