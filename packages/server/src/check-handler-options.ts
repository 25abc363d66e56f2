import {
  BOOLEAN,
  checkOptions,
  FUNCTION,
  type OptionCheck,
  type OptionChecks,
  TEXT,
} from "@rivulet/core";
import { ACCESS_LEVELS } from "./access/access-level.ts";
import type { HandlerOptions } from "./settings.ts";

const MODES: readonly unknown[] = ["token", "local", "none"];
const LEVELS: readonly unknown[] = ACCESS_LEVELS;

const TEXTS: OptionCheck = {
  accepts: (value) => Array.isArray(value) && value.every(TEXT.accepts),
  accepted: "a list of texts",
};
const BYTES: OptionCheck = {
  accepts: (value) => typeof value === "number" && value > 0,
  accepted: "a number of bytes",
};

const HANDLER: OptionChecks<HandlerOptions> = {
  of: "the handler",
  checks: {
    auth: {
      accepts: (value) => FUNCTION.accepts(value) || MODES.includes(value),
      accepted: "a function, 'token', 'local' or 'none'",
    },
    token: TEXT,
    access: { accepts: (value) => LEVELS.includes(value), accepted: LEVELS.join(", ") },
    readOnly: BOOLEAN,
    allowedHosts: TEXTS,
    trustedOrigins: TEXTS,
    serves: {
      accepts: (value) => value === "everything" || value === "extensions",
      accepted: "'everything' or 'extensions'",
    },
    extensions: { accepts: Array.isArray, accepted: "a list of extensions" },
    maxBodyBytes: BYTES,
    maxArtifactBytes: BYTES,
    maxEventStreams: {
      accepts: (value) => Number.isInteger(value) && (value as number) >= 0,
      accepted: "a whole number, 0 or more",
    },
    uiFolder: TEXT,
  },
};

/**
 * Checks the options of a handler: a misspelt `readOnly` would leave the door open.
 *
 * @throws RivuletError `invalid_argument` with the option that is meant, or the values that it takes
 */
export function checkHandlerOptions(options: HandlerOptions): void {
  checkOptions(options, HANDLER);
}
