/**
 * The part of zod that the domain and core use: both have it from here, so that an app loads zod once, and without
 * its fifty languages.
 *
 * @module
 */

export {
  array,
  bigint,
  boolean,
  custom,
  date,
  enum,
  int,
  intersection,
  lazy,
  NEVER,
  null,
  number,
  object,
  type output,
  preprocess,
  record,
  strictObject,
  string,
  templateLiteral,
  union,
  unknown,
  void,
  type ZodExactOptional,
  ZodLazy,
  ZodObject,
  ZodPipe,
  type ZodSafeParseResult,
  ZodString,
  type ZodType,
} from "zod";
export type * as core from "zod/v4/core";
