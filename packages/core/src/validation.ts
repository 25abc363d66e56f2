import {
  type JsonObject,
  type JsonValue,
  jsonObjectSchema,
  LIMITS,
  RivuletError,
  type StringMap,
} from "@rivulet/domain";
import * as z from "zod";

/**
 * Checks what a user gave and copies it, so that later changes of theirs cannot reach the store. A property
 * whose value is `undefined` counts as left out.
 *
 * @param what what the input is, for the message
 * @throws RivuletError `invalid_argument` naming the field
 */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown, what: string): T {
  const result = safeParse(schema, withoutUndefined(input), what);
  if (result.success) return result.data;
  const problems = result.error.issues
    .slice(0, 3)
    .map(mostSpecific)
    .map((issue) => {
      const field = [what, ...issue.path.map(String)].join(".");
      return { field: field.slice(0, 300), message: `${field.slice(0, 300)}: ${issueText(issue)}` };
    });
  throw new RivuletError("invalid_argument", problems.map(({ message }) => message).join("; "), {
    details: { field: problems[0]?.field ?? what },
  });
}

function safeParse<T>(schema: z.ZodType<T>, input: unknown, what: string): z.ZodSafeParseResult<T> {
  try {
    return schema.safeParse(input);
  } catch (cause) {
    throw new RivuletError("invalid_argument", `${what} is nested too deeply.`, { cause });
  }
}

/** What is wrong inside the form that the input comes nearest to, where there are several. */
function mostSpecific(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== "invalid_union") return issue;
  const firsts = issue.errors.flatMap(([first]) => (first === undefined ? [] : [first]));
  const [deepest] = firsts.toSorted((one, other) => other.path.length - one.path.length);
  if (deepest === undefined || deepest.path.length === 0) return issue;
  return mostSpecific({ ...deepest, path: [...issue.path, ...deepest.path] });
}

function issueText(issue: z.core.$ZodIssue): string {
  const inner = issue.code === "invalid_key" ? issue.issues[0] : undefined;
  return inner === undefined ? issue.message : inner.message;
}

function withoutUndefined(input: unknown): unknown {
  if (typeof input !== "object" || input === null || Array.isArray(input)) return input;
  const entries = Object.entries(input);
  const given = entries.filter(([, value]) => value !== undefined);
  return given.length === entries.length ? input : Object.fromEntries(given);
}

/** A name: not blank, no control characters, bounded. */
export function nameSchema(limit: number = LIMITS.name): z.ZodType<string> {
  return z
    .string()
    .max(limit, `must have at most ${limit} characters`)
    .refine((name) => name.trim() !== "", "must not be empty")
    .refine((name) => !hasControlCharacter(name), "must not contain control characters");
}

/** A name that also stands in references such as `name@alias` and as one segment of a URL. */
export function referenceNameSchema(pattern: RegExp, allowed: string): z.ZodType<string> {
  return nameSchema()
    .refine((name) => pattern.test(name), `may contain only ${allowed}`)
    .refine((name) => name !== "." && name !== "..", "must not be a path");
}

/** Text up to a limit. NUL is refused because not every database can keep it. */
export function textSchema(limit: number): z.ZodType<string> {
  return z
    .string()
    .max(limit, `must have at most ${limit} characters`)
    .refine((text) => !text.includes("\0"), "must not contain the character NUL");
}

/** An id as the store made it; only its size is checked, because an unknown id is `not_found`. */
export const idSchema: z.ZodType<string> = z
  .string()
  .min(1, "must not be empty")
  .max(256, "must have at most 256 characters");

/** Tags: any key, bounded values. */
export const tagsSchema: z.ZodType<StringMap> = z
  .record(nameSchema(), textSchema(LIMITS.tagValue))
  .refine((tags) => Object.keys(tags).length <= LIMITS.batchTags, {
    message: `at most ${LIMITS.batchTags} tags at once`,
  });

/** Keys of tags to remove. */
export const tagKeysSchema: z.ZodType<string[]> = z.array(nameSchema()).max(LIMITS.batchTags);

/** Changes that the `update` methods of the registries take. Absent fields stay as they are. */
export interface DescribedPatch {
  /** New description, up to 5,000 characters. */
  readonly description?: string;
  /** Tags to add or overwrite, up to 100. */
  readonly tags?: StringMap;
  /** Keys of tags to remove; unknown ones are ignored. */
  readonly removeTags?: readonly string[];
}

/** Schema of {@link DescribedPatch}. */
export const describedPatchSchema: z.ZodType<DescribedPatch> = z.object({
  description: textSchema(LIMITS.description).exactOptional(),
  tags: tagsSchema.exactOptional(),
  removeTags: tagKeysSchema.exactOptional(),
});

/** A whole number from 1: a version. */
export const versionSchema: z.ZodType<number> = z
  .int("must be a whole number")
  .positive("must be 1 or more");

/** An alias: MLflow's characters, and none of the words that mean a version by themselves. */
export const aliasSchema: z.ZodType<string> = z
  .string()
  .min(1, "must not be empty")
  .max(LIMITS.alias, `must have at most ${LIMITS.alias} characters`)
  .regex(/^[\w-]*$/, "may contain only letters, digits, _ and -")
  .refine(
    (alias) => alias.toLowerCase() !== "latest",
    "is reserved: 'latest' is the newest version",
  )
  .refine((alias) => !/^v?\d+$/i.test(alias), "is reserved: it reads like a version");

/** Aliases to set on a new version. */
export const aliasesSchema: z.ZodType<string[]> = z.array(aliasSchema).max(50);

/** A JSON object of at most `bytes`. */
export function boundedObjectSchema(bytes: number): z.ZodType<JsonObject> {
  return jsonObjectSchema.refine(
    (value) => jsonBytes(value) <= bytes,
    `must have at most ${bytes} bytes as JSON`,
  );
}

/** Bytes of a value as JSON. */
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
