import * as z from "zod";

/**
 * Schema of an object with these fields. It is made when it is first used: to make every schema at import took longer
 * than everything else that an app waits for when it starts.
 */
export function objectSchema<T extends z.ZodRawShape>(
  fields: () => T,
): z.ZodType<z.output<z.ZodObject<T>>> {
  return z.lazy(() => z.object(fields()));
}
