import { RivuletError } from "@rivulet/domain/errors";
import { type Address, parseAddress } from "./addresses.ts";
import type { ApiRequest } from "./send.ts";

type Input = Readonly<Record<string, unknown>>;

/** The request for a call: its arguments and options go into the path, query or body. */
export function encodeCall(address: Address, given: readonly unknown[]): ApiRequest {
  const input = toInput(address.positional ?? [], given);
  const { method, hasBody } = parseAddress(address);
  if (!hasBody) return { method, path: encodePlace(address, input) };
  return { method, path: filledPath(address, input), json: othersOf(address, input) };
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
  if (typeof options !== "object" || Array.isArray(options)) {
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
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function unfit(field: string, problem: string): RivuletError {
  return new RivuletError("invalid_argument", `${field}: ${problem}`, { details: { field } });
}
