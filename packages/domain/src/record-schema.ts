import * as z from "zod";

const PROTO = "__proto__";
/** What `__proto__` is called on its way through zod, whose records leave it out: as a key it is one like any other. */
const STAND_IN = "__proto__\u2060";

/** Schema of an object with any keys, `__proto__` among them. */
export function recordSchema<T>(
  key: z.ZodType<string>,
  value: z.ZodType<T>,
): z.ZodType<Readonly<Record<string, T>>> {
  const record = z.record(key as z.ZodType<string, string>, value);
  return z.preprocess(hide, record).transform((read) => renamed(read, STAND_IN, PROTO));
}

function hide(given: unknown): unknown {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return given;
  return renamed(given, PROTO, STAND_IN);
}

/** The same object with one key called otherwise. */
function renamed<T extends object>(given: T, from: string, to: string): T {
  if (!Object.hasOwn(given, from)) return given;
  const entries = Object.entries(given).map(([key, value]) => [key === from ? to : key, value]);
  return Object.fromEntries(entries) as T;
}
