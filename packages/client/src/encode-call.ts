import { RivuletError } from "@rivulet/domain/errors";
import { type Address, parseAddress } from "./addresses.ts";
import { readGiven, unfit } from "./read-given.ts";
import type { ApiRequest } from "./send.ts";

type Input = Readonly<Record<string, unknown>>;

/**
 * The request for a call: its arguments and options go into the path, query or body.
 *
 * @throws RivuletError `invalid_argument` for what JSON cannot hold
 */
export function encodeCall(address: Address, given: readonly unknown[]): ApiRequest {
  return readGiven(() => encode(address, given));
}

function encode(address: Address, given: readonly unknown[]): ApiRequest {
  const input = withDigits(toInput(address.positional ?? [], given));
  const { method, hasBody } = parseAddress(address);
  if (!hasBody) return { method, path: encodePlace(address, input) };
  return { method, path: filledPath(address, input), json: jsonText(othersOf(address, input)) };
}

/** Params may be bigints, which are kept as their digits; JSON has none. */
function withDigits(input: Input): Input {
  const { params } = input;
  if (Object.prototype.toString.call(params) !== "[object Object]") return input;
  const texts = Object.entries(params as Input).map(([name, value]) => [
    name,
    typeof value === "bigint" ? String(value) : value,
  ]);
  return { ...input, params: Object.fromEntries(texts) };
}

/** Path and query of an input that has no JSON body. */
export function encodePlace(address: Address, input: Input): string {
  return filledPath(address, input) + queryText(othersOf(address, input));
}

function filledPath(address: Address, input: Input): string {
  const { path } = parseAddress(address);
  return path.replaceAll(/:(\w+)/g, (_, name: string) => segment(name, input[name]));
}

/** The fields that are given and not in the path. */
function othersOf(address: Address, input: Input): Input {
  const { inPath } = parseAddress(address);
  const others = Object.entries(input).filter(([name]) => !inPath.includes(name));
  return Object.fromEntries(others.filter(([, value]) => value !== undefined));
}

function toInput(positional: readonly string[], given: readonly unknown[]): Input {
  const options = given[positional.length] ?? {};
  // Maps, lists and bytes are no options either.
  if (Object.prototype.toString.call(options) !== "[object Object]") {
    throw new RivuletError("invalid_argument", "options: must be an object", {
      details: { field: "options" },
    });
  }
  const named = positional.map((name, index) => [name, given[index]] as const);
  for (const [name] of named) {
    if (Object.hasOwn(options, name)) throw unfit(name, "is the argument before the options");
  }
  return { ...options, ...Object.fromEntries(named) };
}

/** One segment of a path. Dots would lead elsewhere, and an empty one would vanish. */
function segment(name: string, value: unknown): string {
  if (typeof value !== "string" && typeof value !== "number") throw unfit(name, "must be text");
  if (value === "") throw unfit(name, "must not be empty");
  if (value === "." || value === "..") throw unfit(name, "must not be a path");
  return encodeURIComponent(String(value));
}

/** Lists become repeated fields. */
function queryText(input: Input): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input)) {
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, textOf(one));
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

function textOf(value: unknown): string {
  return typeof value === "object" || isLost(value) ? jsonText(value) : String(value);
}

/** JSON has no NaN and no infinities: they are sent by name. What it would leave out or empty is refused. */
function jsonText(value: unknown): string {
  return JSON.stringify(value, (name, part: unknown) => {
    if (typeof part === "number" && !Number.isFinite(part)) return String(part);
    if (isLost(part) || isSpecial(part)) throw unfit(name, "is something that JSON cannot hold");
    return part;
  });
}

function isLost(value: unknown): boolean {
  return typeof value === "function" || typeof value === "symbol";
}

/** Whether a value is an object that is neither a list nor made by `{}`, in whatever realm: a Map, bytes, a Promise. */
function isSpecial(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype !== "object" || prototype === null) return false;
  return !Object.hasOwn(prototype, "isPrototypeOf");
}
