import { compareBytes } from "../bytes.ts";

/** What netip.ParseAddr makes of a text. */
export function addressFamily(text: string): "IPv4" | "IPv6" | undefined {
  const mark = /[.:%]/.exec(text)?.[0];
  if (mark === ".") return isIPv4(text) ? "IPv4" : undefined;
  if (mark !== ":") return undefined;
  const [address = "", ...zone] = text.split("%");
  if (zone.length > 0 && zone.join("%") === "") return undefined;
  return isIPv6(address) ? "IPv6" : undefined;
}

/** As net.ParseIP: an address without a zone. */
export const isAddress = (text: string): boolean => !text.includes("%") && addressFamily(text) !== undefined;

export interface Network {
  readonly address: Uint8Array;
  readonly mask: Uint8Array;
}

/** As net.IPNet.Contains, with IPv4 hidden in IPv6 brought to light. */
export function contains(network: Network, address: Uint8Array): boolean {
  const base = toIPv4(network.address);
  const mask = network.mask.length === 16 && base.length === 4 ? network.mask.subarray(12) : network.mask;
  const wanted = toIPv4(address);
  if (wanted.length !== base.length || mask.length !== base.length) return false;
  return wanted.every((octet, i) => (octet & (mask[i] ?? 0)) === ((base[i] ?? 0) & (mask[i] ?? 0)));
}

/** Ones, then zeros. */
export function isMask(mask: Uint8Array): boolean {
  const bits = Array.from(mask, (octet) => octet.toString(2).padStart(8, "0")).join("");
  return /^1*0*$/.test(bits);
}

export function networkText({ address, mask }: Network): string {
  const ones = mask.reduce((sum, octet) => sum + octet.toString(2).replaceAll("0", "").length, 0);
  return `${addressText(address)}/${ones}`;
}

/** Dotted, or groups with the longest run of zeros left out (RFC 5952). */
export function addressText(address: Uint8Array): string {
  if (address.length === 4) return address.join(".");
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((address[2 * i] ?? 0) << 8) | (address[2 * i + 1] ?? 0)).toString(16),
  ).join(":");
  const zeros = [...groups.matchAll(/\b0(?::0)+\b/g)].sort(
    (a, b) => b[0].length - a[0].length || a.index - b.index,
  )[0];
  if (zeros === undefined) return groups;
  const [before, after] = [groups.slice(0, zeros.index), groups.slice(zeros.index + zeros[0].length)];
  return `${before.replace(/:$/, "")}::${after.replace(/^:/, "")}`;
}

const mapped = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff);

function toIPv4(address: Uint8Array): Uint8Array {
  const hidden = address.length === 16 && compareBytes(address.subarray(0, 12), mapped) === 0;
  return hidden ? address.subarray(12) : address;
}

const isIPv4 = (text: string): boolean =>
  /^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/.test(text) &&
  text.split(".").every((field) => Number(field) < 256);

function isIPv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2) return false;
  let groups = 0;
  for (const [i, half] of halves.entries()) {
    const fields = half === "" ? [] : half.split(":");
    if (half === "" && halves.length === 1) return false;
    for (const [j, field] of fields.entries()) {
      const last = i === halves.length - 1 && j === fields.length - 1;
      if (/^[0-9a-f]{1,4}$/i.test(field)) groups += 1;
      else if (last && isIPv4(field)) groups += 2;
      else return false;
    }
  }
  return halves.length === 2 ? groups < 8 : groups === 8;
}
