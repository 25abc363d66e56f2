import { BOOLEAN, FUNCTION, type OptionCheck, type OptionChecks } from "./check-options.ts";
import type { OpenStoreOptions } from "./port/open-store-options.ts";

/** The owner must be able to read and write a file. */
const OWNER_MODE = 0o600;
const WIDEST_MODE = 0o666;

const BYTES: OptionCheck = {
  accepts: (value) => typeof value === "number" && value >= 0,
  accepted: "a number of bytes",
};

/** The options of `openStore`. A wrong value could drop records, or create files that nobody can open. */
export const STORE_OPTIONS: OptionChecks<OpenStoreOptions> = {
  of: "a store",
  checks: {
    onError: FUNCTION,
    durability: {
      accepts: (value) => value === "tick" || value === "span",
      accepted: '"tick" or "span"',
    },
    journalBytes: BYTES,
    attachmentBytes: BYTES,
    artifacts: {
      accepts: (value) => typeof value === "string" && value.startsWith("s3://"),
      accepted: "a place such as s3://bucket/prefix?region=eu-central-1",
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

/** Also rejects a mode written in decimal, such as 600: it lacks owner permissions, or has bits that files never have. */
function isFileMode(value: unknown): boolean {
  if (typeof value !== "number" || !Number.isInteger(value)) return false;
  return (value & OWNER_MODE) === OWNER_MODE && (value & WIDEST_MODE) === value;
}
