import { RivuletError } from "@rivulet/domain";
import type { OpenStoreOptions } from "./port/open-store-options.ts";

interface Check {
  readonly accepts: (value: unknown) => boolean;
  /** What is accepted, in words. */
  readonly accepted: string;
}

/** Whoever writes a file has to be able to read it and to write to it. */
const OWNER_MODE = 0o600;
const WIDEST_MODE = 0o666;

const CHECKS: Readonly<Partial<Record<keyof OpenStoreOptions, Check>>> = {
  durability: {
    accepts: (value) => value === "tick" || value === "span",
    accepted: '"tick" or "span"',
  },
  journalBytes: {
    accepts: (value) => typeof value === "number" && value >= 0,
    accepted: "a number of bytes",
  },
  readOnly: { accepts: (value) => typeof value === "boolean", accepted: "true or false" },
  spool: {
    accepts: (value) => typeof value === "string" && value !== "" && !value.includes("\0"),
    accepted: "the path of a folder",
  },
  fileMode: {
    accepts: isFileMode,
    accepted: "permissions between 0o600 and 0o666, such as 0o660",
  },
};

/**
 * Checks the options of `openStore`: a wrong one would drop records, or make files that nobody can open.
 *
 * @throws RivuletError `invalid_argument`
 */
export function checkOptions(options: OpenStoreOptions): void {
  for (const [name, check] of Object.entries(CHECKS)) {
    const value = options[name as keyof OpenStoreOptions];
    if (value === undefined || check.accepts(value)) continue;
    throw new RivuletError(
      "invalid_argument",
      `Option ${name} of a store is ${check.accepted}, not ${textOf(value)}.`,
      { details: { option: name } },
    );
  }
}

/** A mode in decimal, such as 600, is found out: it lacks what the owner needs, or has more than files have. */
function isFileMode(value: unknown): boolean {
  if (typeof value !== "number" || !Number.isInteger(value)) return false;
  return (value & OWNER_MODE) === OWNER_MODE && (value & WIDEST_MODE) === value;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "object" ? (value === null ? "null" : "an object") : String(value);
}
