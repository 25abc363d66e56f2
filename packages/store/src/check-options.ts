import { RivuletError } from "@rivulet/domain";
import { closestMatch } from "leven";

/** The values that an option accepts. */
export interface OptionCheck {
  /** Whether a value is allowed. */
  readonly accepts: (value: unknown) => boolean;
  /** The allowed values in words, for messages: `true or false`. */
  readonly accepted: string;
}

/** The options that a function accepts. */
export interface OptionChecks<T> {
  /** What the options belong to, for messages: `a store`. */
  readonly of: string;
  /** Every option and its check. */
  readonly checks: Readonly<Record<keyof T, OptionCheck>>;
  /** Options that people look for here although they belong elsewhere → what to do instead. */
  readonly elsewhere?: Readonly<Record<string, string>>;
}

/** Most edits between a misspelt name and the one that is suggested. */
const SIMILAR = 3;

/**
 * Checks options early: a wrong value would surface late, a misspelt name never. `undefined` counts as absent.
 *
 * @throws RivuletError `invalid_argument` with the accepted values, or the nearest known name
 */
export function checkOptions<T extends object>(options: T, rules: OptionChecks<T>): void {
  try {
    checkEach(options, rules);
  } catch (cause) {
    if (cause instanceof RivuletError) throw cause;
    // Getters and proxies may throw anything.
    const message = `Options of ${rules.of} cannot be read.`;
    throw new RivuletError("invalid_argument", message, { cause });
  }
}

function checkEach<T extends object>(
  options: T,
  { of, checks, elsewhere = {} }: OptionChecks<T>,
): void {
  if (!OBJECT.accepts(options)) {
    const message = `Options of ${of} are ${OBJECT.accepted}, not ${textOf(options)}.`;
    throw new RivuletError("invalid_argument", message);
  }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(checks, name)) throw unknown(name, of, { checks, elsewhere });
    const check = checks[name as keyof T];
    if (check.accepts(value)) continue;
    const message = `Option ${name} of ${of} is ${check.accepted}, not ${textOf(value)}.`;
    throw new RivuletError("invalid_argument", message, { details: { option: name } });
  }
}

/** `true` or `false`. */
export const BOOLEAN: OptionCheck = {
  accepts: (value) => typeof value === "boolean",
  accepted: "true or false",
};

/** A function. */
export const FUNCTION: OptionCheck = {
  accepts: (value) => typeof value === "function",
  accepted: "a function",
};

/** A non-empty string. */
export const TEXT: OptionCheck = {
  accepts: (value) => typeof value === "string" && value !== "",
  accepted: "a text that is not empty",
};

/** An object, such as nested options. */
export const OBJECT: OptionCheck = {
  accepts: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  accepted: "an object",
};

/** A duration, 0 or more. */
export const MILLISECONDS: OptionCheck = {
  accepts: (value) => typeof value === "number" && value >= 0,
  accepted: "a number of milliseconds",
};

function unknown(
  option: string,
  of: string,
  { checks, elsewhere }: { checks: object; elsewhere: Readonly<Record<string, string>> },
): RivuletError {
  const hint = nameHint(option, { known: Object.keys(checks), elsewhere });
  return new RivuletError("invalid_argument", `There is no option ${option} of ${of}. ${hint}`, {
    details: { option },
  });
}

/** Which names there are. */
export interface KnownNames {
  /** All of them. */
  readonly known: readonly string[];
  /** Names that some would look for here → what to do instead. */
  readonly elsewhere?: Readonly<Record<string, string>>;
}

/** What is meant by a name that is not known: `Did you mean filter?` where one is near, else all that there are. */
export function nameHint(name: string, { known, elsewhere = {} }: KnownNames): string {
  if (Object.hasOwn(elsewhere, name)) return elsewhere[name] ?? "";
  // Of a short name, three edits make any other.
  const maxDistance = Math.min(SIMILAR, Math.ceil(name.length / 2));
  const nearest = closestMatch(name, known, { maxDistance });
  if (nearest !== undefined) return `Did you mean ${nearest}?`;
  return known.length === 0 ? "There are none." : `There are ${known.join(", ")}.`;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? (value === null ? "null" : "an object") : String(value);
}
