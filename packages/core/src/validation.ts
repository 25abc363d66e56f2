import {
  type JsonObject,
  type JsonValue,
  jsonObjectSchema,
  LIMITS,
  RivuletError,
  recordSchema,
  type StringMap,
} from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import { type KnownNames, nameHint } from "@rivulet/store";

/** Most problems that one error lists. */
const MAX_PROBLEMS = 3;
/** Most unknown names that are remembered, so that each is reported only once. */
const MAX_TOLD = 100;
/** Most characters of a field's name in an error. */
const MAX_FIELD = 300;

/** What {@link optionsSchema} takes besides the fields. */
export interface OptionsRules {
  /** Fields that people may expect here → what to use instead. */
  readonly elsewhere?: Readonly<Record<string, string>>;
  /** Names that a refusal offers. @default those of the fields */
  readonly known?: readonly string[];
}

/** Name → schema of its value. */
export type Fields = Readonly<Record<string, z.ZodType>>;

/**
 * Schema of an object with a fixed set of fields: an unknown one is refused with the nearest name. A field whose value
 * is `undefined` counts as absent.
 *
 * @param fields a function that returns them is called when the schema is first used: an app's start is spared what it
 * may never need
 */
export function optionsSchema<T extends Fields>(
  fields: T | (() => T),
  { elsewhere = {}, known }: OptionsRules = {},
): z.ZodType<z.output<z.ZodObject<T>>> {
  return z.lazy(() => {
    const shape = typeof fields === "function" ? fields() : fields;
    const names = { known: known ?? Object.keys(shape), elsewhere };
    const error = (issue: z.core.$ZodRawIssue): string | undefined => {
      if (issue.code === "invalid_type") return "must be an object";
      if (issue.code !== "unrecognized_keys") return undefined;
      const [name = ""] = issue.keys;
      return unknownNameText(name, names);
    };
    return z.preprocess(withoutUndefined, z.strictObject(shape, { error }));
  });
}

/** The fields of an {@link optionsSchema}; none of any other schema. */
export function fieldsOf(schema: z.ZodType): Fields {
  if (schema instanceof z.ZodLazy) return fieldsOf(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodPipe) return fieldsOf(schema.out as z.ZodType);
  return schema instanceof z.ZodObject ? schema.shape : {};
}

/** Says that a name is unknown, and which one was probably meant. */
function unknownNameText(name: string, names: KnownNames): string {
  return `is not known here. ${nameHint(name, names)}`;
}

/** What {@link reportUnknownNames} looks for. */
export interface ExpectedNames extends KnownNames {
  /** What the options are of, for the message: `logMetrics`. */
  readonly of: string;
  /** Names that were reported before: each is reported once. */
  readonly told: Set<string>;
  /** Told of each name that is not known. */
  readonly report: (error: RivuletError) => void;
}

/**
 * For verbs that record and must not fail because of a misspelt name: they report the name and do the rest. A value
 * of `undefined` counts as absent. Never throws.
 */
export function reportUnknownNames(
  options: unknown,
  { of, told, report, ...names }: ExpectedNames,
): void {
  if (typeof options !== "object" || options === null) return;
  try {
    for (const [name, value] of Object.entries(options)) {
      if (value === undefined || names.known.includes(name) || told.has(name)) continue;
      if (told.size < MAX_TOLD) told.add(name);
      const field = `${of}.${name.slice(0, MAX_FIELD)}`;
      const message = `${field}: ${unknownNameText(name, names)}`;
      report(new RivuletError("invalid_argument", message, { details: { field } }));
    }
  } catch {
    // Options that throw when they are read: the verb deals with them itself.
  }
}

/**
 * Checks what a user gave and copies it, so that later changes of theirs cannot reach the store.
 *
 * @param what what the input is, for the message
 * @throws RivuletError `invalid_argument` naming the field
 */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown, what: string): T {
  return readInput(what, () => {
    const result = schema.safeParse(input);
    if (result.success) return result.data;
    // Only here the problems are put into words, for which the input is looked at once more.
    throw invalidInput(result.error.issues, what);
  });
}

/**
 * Gives what `read` makes of what a user gave.
 *
 * @param what what the input is, for the message
 * @throws RivuletError what `read` throws, or `invalid_argument` when it fails because the input cannot be read
 */
export function readInput<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof RivuletError) throw cause;
    const problem = cause instanceof RangeError ? "is nested too deeply" : "cannot be read";
    throw new RivuletError("invalid_argument", `${what}: ${problem}`, {
      cause,
      details: { field: what },
    });
  }
}

/** The error to throw for these issues. */
function invalidInput(issues: readonly z.core.$ZodIssue[], what: string): RivuletError {
  // A misspelt name is usually the reason why another one is missing.
  const unknownFirst = issues.toSorted((one, other) => rank(one) - rank(other));
  const problems = unknownFirst.slice(0, MAX_PROBLEMS).map((issue) => {
    const specific = mostSpecific(issue);
    const field = [what, ...pathOf(specific)].map(String).join(".").slice(0, MAX_FIELD);
    return { field, message: `${field}: ${issueText(specific)}` };
  });
  return new RivuletError("invalid_argument", problems.map(({ message }) => message).join("; "), {
    details: { field: problems[0]?.field ?? what },
  });
}

function rank({ code }: z.core.$ZodIssue): number {
  return code === "unrecognized_keys" ? 0 : 1;
}

function pathOf(issue: z.core.$ZodIssue): readonly PropertyKey[] {
  return issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0] ?? ""] : issue.path;
}

/** The problem within the alternative that the input comes closest to. */
function mostSpecific(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== "invalid_union") return issue;
  const firsts = issue.errors.flatMap(([first]) =>
    first === undefined || isOfAnotherKind(first) ? [] : [first],
  );
  const [deepest] = firsts.toSorted((one, other) => other.path.length - one.path.length);
  if (deepest === undefined) return issue;
  return mostSpecific({ ...deepest, path: [...issue.path, ...deepest.path] });
}

const OF_ANOTHER_KIND: ReadonlySet<string> = new Set([
  "invalid_type",
  "invalid_value",
  "invalid_format",
]);

/** Whether the input itself is nothing like this alternative, so that its problem with it says nothing. */
function isOfAnotherKind({ code, path }: z.core.$ZodIssue): boolean {
  return path.length === 0 && OF_ANOTHER_KIND.has(code);
}

function issueText(issue: z.core.$ZodIssue): string {
  const inner = issue.code === "invalid_key" ? issue.issues[0] : undefined;
  return inner === undefined ? issue.message : inner.message;
}

/** The fields that are given: one that is `undefined` counts as absent. What is no plain object is `null`. */
export function withoutUndefined(input: unknown): unknown {
  if (typeof input !== "object" || input === null || Array.isArray(input)) return input;
  // Maps would count as empty, and to list the names of bytes takes seconds.
  const kind = Object.prototype.toString.call(input);
  if (kind !== "[object Object]" && kind !== "[object Module]") return null;
  const entries = Object.entries(input);
  const given = entries.filter(([, value]) => value !== undefined);
  return given.length === entries.length ? input : Object.fromEntries(given);
}

/**
 * A list of at most so many items. Its length is looked at before its items are: a list can be far longer than what it
 * holds, and too long to be walked through.
 *
 * @param problem what a longer list is refused with
 */
export function listOf<T>(
  item: z.ZodType<T>,
  max: number,
  problem: string = `at most ${max} at once`,
): z.ZodType<T[]> {
  return refuseLonger(z.array(item).max(max, problem), max, problem);
}

/** The schema of something that may be a list, which is refused by its length alone when that is above the limit. */
export function refuseLonger<T>(schema: z.ZodType<T>, max: number, problem: string): z.ZodType<T> {
  return z.preprocess((given, context) => {
    if (!Array.isArray(given) || given.length <= max) return given;
    context.addIssue({ code: "custom", message: problem });
    return z.NEVER;
  }, schema);
}

/** Text as stores keep it: half a surrogate pair, for which UTF-8 has no form, becomes U+FFFD. */
export function storedText(): z.ZodString {
  return z.string().overwrite((text) => text.toWellFormed());
}

/** A name: not blank, no control characters, bounded. */
export function nameSchema(limit: number = LIMITS.name): z.ZodType<string> {
  return storedText()
    .max(limit, `must have at most ${limit} characters`)
    .regex(/\S/, "must not be empty")
    .refine((name) => !hasControlCharacter(name), "must not contain control characters");
}

/** A name that is also used in references such as `name@alias` and as one segment of a URL. */
export function referenceNameSchema(pattern: RegExp, allowed: string): z.ZodType<string> {
  return nameSchema()
    .refine((name) => pattern.test(name), `may contain only ${allowed}`)
    .refine((name) => name !== "." && name !== "..", "must not be a path");
}

/** Text up to a limit. NUL is refused because some databases cannot store it. */
export function textSchema(limit: number): z.ZodType<string, string> {
  return storedText()
    .max(limit, `must have at most ${limit} characters`)
    .refine((text) => !text.includes("\0"), "must not contain the character NUL");
}

/** An id made by the store. Only its size is checked, because an unknown id is `not_found`. */
export const idSchema: z.ZodType<string> = storedText()
  .min(1, "must not be empty")
  .max(256, "must have at most 256 characters");

/** What names a version: `name`, `name@3` or `name@alias`. */
export const referenceSchema: z.ZodType<string> = z
  .string("must be text such as 'name', 'name@3' or 'name@production'")
  .min(1, "must not be empty")
  .max(600, "must have at most 600 characters")
  .describe("name, name@version, name@alias or MLflow's; a name alone is the latest version");

/** Tags as an app may give them, by key: numbers and booleans are stored as text. */
export type Tags = Readonly<Record<string, string | number | boolean>>;

/** The value of a tag as text. */
const tagValueSchema: z.ZodType<string> = z
  .union([storedText(), z.number(), z.boolean()], "must be text, a finite number, true or false")
  .transform(String)
  .pipe(textSchema(LIMITS.tagValue));

/** Tags: any key, bounded values. */
export const tagsSchema: z.ZodType<StringMap> = recordSchema(nameSchema(), tagValueSchema)
  .refine((tags) => Object.keys(tags).length <= LIMITS.batchTags, {
    message: `at most ${LIMITS.batchTags} tags at once`,
  })
  .describe("Labels to set, to search by: key and text");

/** Keys of tags to remove. */
export const tagKeysSchema: z.ZodType<string[]> = listOf(nameSchema(), LIMITS.batchTags).describe(
  "Keys of labels to remove; unknown ones are ignored",
);

/** A description. */
export const descriptionSchema: z.ZodType<string> = textSchema(LIMITS.description).describe(
  "What it is, for people to read",
);

/** Schema of the `updatedAt` that what is changed must have. */
export const expectedSchema: z.ZodType<number> = z
  .number()
  .describe("updatedAt that it must have, so that nobody's change is lost; default any");

/** Changes that the `update` methods of the registries take. Absent fields stay as they are. */
export interface DescribedPatch {
  /** New description, up to 5,000 characters. */
  readonly description?: string;
  /** Tags to add or overwrite, up to 100. */
  readonly tags?: StringMap;
  /** Keys of tags to remove; unknown ones are ignored. */
  readonly removeTags?: readonly string[];
  /** The `updatedAt` that it must have, so that nobody's change is lost; another one is a `conflict`. @default any */
  readonly expected?: number;
}

/** Schema of {@link DescribedPatch}. */
export const describedPatchSchema: z.ZodType<DescribedPatch> = optionsSchema(() => ({
  description: descriptionSchema.exactOptional(),
  tags: tagsSchema.exactOptional(),
  removeTags: tagKeysSchema.exactOptional(),
  expected: expectedSchema.exactOptional(),
}));

/** A version: a whole number from 1. */
export const versionSchema: z.ZodType<number> = z
  .int("must be a whole number")
  .positive("must be 1 or more")
  .describe("Number of the version, from 1");

/** An alias: MLflow's characters, but no word that means a version by itself. */
export const aliasSchema: z.ZodType<string> = z
  .string()
  .min(1, "must not be empty")
  .max(LIMITS.alias, `must have at most ${LIMITS.alias} characters`)
  .regex(/^[\w-]*$/, "may contain only letters, digits, _ and -")
  .refine(
    (alias) => alias.toLowerCase() !== "latest",
    "is reserved: 'latest' is the newest version",
  )
  .refine((alias) => !/^v?\d+$/i.test(alias), "is reserved: it reads like a version")
  .describe("Name that points at a version, such as production");

/** Who does something, and why. */
export interface Act {
  /** Who does it; over HTTP the caller, where the server knows them. @default nobody in particular */
  readonly userId?: string;
  /** Why, for the history. @default no reason */
  readonly why?: string;
}

/** The fields of {@link Act}. */
export interface ActFields extends Fields {
  readonly userId: z.ZodExactOptional<z.ZodType<string>>;
  readonly why: z.ZodExactOptional<z.ZodType<string>>;
}

/** Schemas of the fields of {@link Act}. */
export function actFields(): ActFields {
  return {
    userId: nameSchema().describe("Who does it, for the history").exactOptional(),
    why: textSchema(LIMITS.description).describe("Why, for the history").exactOptional(),
  };
}

/** Schema of {@link Act}. */
export const actSchema: z.ZodType<Act> = optionsSchema(actFields);

/** Schema of what `deleteAlias` of the registries takes. */
export const aliasKeySchema: z.ZodType<{ readonly name: string; readonly alias: string }> =
  optionsSchema(() => ({
    name: idSchema.describe("Name of the model or prompt"),
    alias: idSchema.describe("The alias to remove"),
  }));

/** Aliases to set on a new version. */
export const aliasesSchema: z.ZodType<string[]> = listOf(aliasSchema, 50).describe(
  "Aliases to point at the new version, such as production",
);

/** A JSON object of at most this many bytes. */
export function boundedObjectSchema(bytes: number): z.ZodType<JsonObject> {
  return jsonObjectSchema.refine(
    (value) => jsonBytes(value) <= bytes,
    `must have at most ${bytes} bytes as JSON`,
  );
}

/** Size of a value as JSON in bytes. */
export function jsonBytes(value: JsonValue): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 32 || code === 127) return true;
  }
  return false;
}
