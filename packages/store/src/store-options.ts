import { BOOLEAN, FUNCTION, type OptionChecks } from "./check-options.ts";
import type { OpenStoreOptions } from "./port/open-store-options.ts";

/** Whoever writes a file has to be able to read it and to write to it. */
const OWNER_MODE = 0o600;
const WIDEST_MODE = 0o666;

/** What the options of `openStore` may be: a wrong one would drop records, or make files that nobody can open. */
export const STORE_OPTIONS: OptionChecks<OpenStoreOptions> = {
  of: "a store",
  checks: {
    onError: FUNCTION,
    durability: {
      accepts: (value) => value === "tick" || value === "span",
      accepted: '"tick" or "span"',
    },
    journalBytes: {
      accepts: (value) => typeof value === "number" && value >= 0,
      accepted: "a number of bytes",
    },
    readOnly: BOOLEAN,
    spool: {
      accepts: (value) => typeof value === "string" && value !== "" && !value.includes("\0"),
      accepted: "the path of a folder",
    },
    fileMode: {
      accepts: isFileMode,
      accepted: "permissions between 0o600 and 0o666, such as 0o660",
    },
    onJournal: FUNCTION,
  },
};

/** A mode in decimal, such as 600, is found out: it lacks what the owner needs, or has more than files have. */
function isFileMode(value: unknown): boolean {
  if (typeof value !== "number" || !Number.isInteger(value)) return false;
  return (value & OWNER_MODE) === OWNER_MODE && (value & WIDEST_MODE) === value;
}
