import { RivuletError } from "@rivulet/core";
import type * as z from "zod";

const MAX_PROBLEMS = 3;
const MAX_FIELD = 200;

/**
 * Checks a part of a request.
 *
 * @param where `path`, `query` or `body`
 * @throws RivuletError `invalid_argument` that names the fields
 */
export function checkInput<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.slice(0, MAX_PROBLEMS).map((issue) => ({
    field: [where, ...issue.path.map(String)].join(".").slice(0, MAX_FIELD),
    text: textOf(issue),
  }));
  const message = problems.map(({ field, text }) => `${field}: ${text}`).join("; ");
  throw new RivuletError("invalid_argument", message, {
    details: { field: problems[0]?.field ?? where },
  });
}

function textOf(issue: z.core.$ZodIssue): string {
  const inner = issue.code === "invalid_key" ? issue.issues[0] : undefined;
  return inner === undefined ? issue.message : inner.message;
}
