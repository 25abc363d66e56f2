import type * as z from "zod";
import type { JsonSchema } from "./json-schema.ts";
import type { Arguments } from "./tool.ts";

/** How a tool shows what its operation gives. */
export interface View {
  /** Arguments that the view takes, besides the operation's. */
  readonly fields: Readonly<Record<string, z.ZodType>>;
  /** The schema of what is shown. */
  readonly outputSchema: JsonSchema;
  /**
   * What is shown, as an object.
   *
   * @param options checked with `fields`
   */
  show(answer: unknown, options: Arguments): object;
}

/** The answer as it is; a list as `{ items }`, a number as `{ count }`, and nothing as `{ done: true }`. */
export const AS_IT_IS: View = {
  fields: {},
  outputSchema: { type: "object" },
  show: (answer) => {
    if (answer === undefined) return { done: true };
    if (Array.isArray(answer)) return { items: answer };
    return typeof answer === "object" && answer !== null ? answer : { count: answer };
  },
};

/** The answer as it is, and the address of its resource beside it. */
export function withUri(toUri: (key: string) => string, key: string): View {
  return {
    ...AS_IT_IS,
    show: (answer) => {
      const record = Object(answer) as Arguments;
      return { ...record, uri: toUri(String(record[key])) };
    },
  };
}
