import { LIMITS, NotJson, paramText, recordSchema, type StringMap } from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import { nameSchema, textSchema, withoutUndefined } from "./validation.ts";

/**
 * Params by key: a plain object, whose type may be an `interface`. They are stored as text: numbers, bigints and booleans
 * as they are written, NaN and the infinities by name, `null` as `null`, dates in ISO 8601, lists and objects as compact
 * JSON. `undefined` counts as absent. What cannot be said as text (a function, a symbol, a promise, a Map, bytes, an
 * instance of a class) is refused with its path: `params.layers.2`.
 */
export type Params = object;

const textOfParam = textSchema(LIMITS.paramValue);

/** Schema of the value of a param: as text. */
export const paramSchema: z.ZodType<string> = z
  .unknown()
  .transform((value, context) => {
    try {
      return paramText(value);
    } catch (error) {
      if (!(error instanceof NotJson)) throw error;
      context.addIssue({ code: "custom", path: [...error.path], message: error.problem });
      return z.NEVER;
    }
  })
  .pipe(textOfParam);

/** Schema of {@link Params}: as they are stored. */
export const paramsSchema: z.ZodType<StringMap> = z
  .preprocess(withoutUndefined, recordSchema(nameSchema(), paramSchema))
  .refine((params) => Object.keys(params).length <= LIMITS.batchParams, {
    message: `at most ${LIMITS.batchParams} params at once`,
  })
  .describe("What it is made with, such as its learning rate; written once, as text or JSON");

/** Params and tags as they are stored. */
interface StoredTexts {
  readonly params?: StringMap;
  readonly tags?: StringMap;
}

/** What a schema makes of the options `T`. */
export type WithTexts<T> = Omit<T, keyof StoredTexts> &
  Pick<StoredTexts, keyof T & keyof StoredTexts>;
