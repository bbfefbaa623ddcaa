import { BlockList, isIPv4, isIPv6 } from "node:net";

/** Where no request of ours goes unless the operator says so: RFC 6890 and what tunnels lead to. */
const refusedV4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
];
/** Everything that is no global unicast, and of that what is for documentation or carries IPv4. */
const globalV6 = "2000::/3";
const refusedV6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

/** Whether a request may go to this address. */
export type MayReach = (address: string) => boolean;

/** @param networks addresses or networks that are allowed although they are private */
export function openAddressGuard(networks: readonly string[]): MayReach {
  const allowed = blockList(networks);
  const refused = blockList([...refusedV4, ...refusedV6]);
  const global = blockList([globalV6]);
  return (address) => {
    const plain = plainAddress(address);
    if (isIPv4(plain)) return allowed.check(plain, "ipv4") || !refused.check(plain, "ipv4");
    if (!isIPv6(plain)) return false;
    return allowed.check(plain, "ipv6") || (global.check(plain, "ipv6") && !refused.check(plain, "ipv6"));
  };
}

/** An IPv6 address that only wraps an IPv4 one is that one; zones do not matter. */
function plainAddress(address: string): string {
  const [bare = ""] = address.split("%", 1);
  if (!isIPv6(bare)) return bare;
  // The URL parser writes any spelling of an address in the shortest one.
  const shortest = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const wrapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(shortest);
  if (wrapped === null) return shortest;
  const [high, low] = [Number.parseInt(wrapped[1] ?? "", 16), Number.parseInt(wrapped[2] ?? "", 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits] = network.split("/");
    const family = isIPv4(address) ? "ipv4" : "ipv6";
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}
