import { lookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { RivuletError } from "@rivulet/domain";
import ipaddr from "ipaddr.js";

/** Whether private addresses are allowed. */
export interface AddressRules {
  readonly allowPrivate: boolean;
}

/**
 * Checks where deliveries are to be sent, as far as the URL says it.
 *
 * @throws RivuletError `invalid_argument`; `permission_denied` for an address that is not public
 */
export function checkUrl(text: string, { allowPrivate }: AddressRules): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
  if (url === undefined || !isWeb || url.username !== "" || url.password !== "") {
    throw new RivuletError(
      "invalid_argument",
      "webhook.url: must be an https URL without user and password",
      { details: { field: "webhook.url" } },
    );
  }
  if (allowPrivate) return url;
  if (url.protocol !== "https:") throw refused("is not reached by https");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0 && !isPublic(host)) throw refused("is an address that is not public");
  return url;
}

/** Looks names up, and gives only addresses that may be connected to: a name can lead anywhere. */
export function guardedLookup({ allowPrivate }: AddressRules): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      const bad = addresses.find(({ address }) => !allowPrivate && !isPublic(address));
      if (bad !== undefined) return callback(refused("leads to an address that is not public"), []);
      const [first] = addresses;
      if (options.all === true) return callback(null, addresses);
      callback(null, first?.address ?? "", first?.family);
    });
  };
}

/** Whether an address is one of the open internet, also where an IPv6 address holds an IPv4 one. */
function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const read = ipaddr.process(address);
  // RFC 4291 §2.5.5.1: the old way to hold an IPv4 address, ::a.b.c.d.
  const isOldForm =
    read instanceof ipaddr.IPv6 && read.parts.slice(0, 6).every((part) => part === 0);
  return !isOldForm && read.range() === "unicast";
}

function refused(why: string): RivuletError {
  return new RivuletError(
    "permission_denied",
    `webhook.url: ${why}. Choose a public address, or set webhooks.allowPrivate of the client.`,
    { details: { field: "webhook.url" } },
  );
}
