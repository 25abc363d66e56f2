import * as z from "@rivulet/domain/zod";
import type { Features, Rivulet } from "../rivulet.ts";
import { fieldsOf, optionsSchema, parseInput } from "../validation.ts";

/** The client's groups of verbs. */
type Group = keyof Features;

type AsyncVerb = (...given: never[]) => Promise<unknown>;

type VerbsOf<G extends Group> = {
  [Name in keyof Rivulet[G] & string]: Rivulet[G][Name] extends AsyncVerb ? Name : never;
}[keyof Rivulet[G] & string];

/** `group.verb`: the path of the method on the client, such as `runs.search`. */
export type OperationId = { [G in Group]: `${G}.${VerbsOf<G>}` }[Group];

/** What a caller must be allowed to do. */
export type OperationAccess = "read" | "annotate" | "write" | "admin";

type MethodOf<Id extends OperationId> = Id extends `${infer G extends Group}.${infer Name}`
  ? Name extends keyof Rivulet[G]
    ? Extract<Rivulet[G][Name], AsyncVerb>
    : never
  : never;

/** Arguments by their names, and the fields of the options after them, as one object. */
type FlatInput<
  Given extends readonly unknown[],
  Names extends readonly string[],
> = Names extends readonly [infer First extends string, ...infer Others extends readonly string[]]
  ? Given extends readonly [infer Value, ...infer Rest]
    ? { readonly [Name in First]: Value } & FlatInput<Rest, Others>
    : never
  : Given extends readonly [infer Options, ...unknown[]]
    ? Options
    : unknown;

type InputOf<Id extends OperationId, Names extends readonly string[]> = FlatInput<
  Required<Parameters<MethodOf<Id>>>,
  Names
>;

type OutputOf<Id extends OperationId> = Awaited<ReturnType<MethodOf<Id>>>;

/** What a verb of the client takes, returns and requires. HTTP, MCP, the command line and `@rivulet/client` are built from it. */
export interface Operation {
  /** The path of the method on the client, such as `runs.search`. */
  readonly id: OperationId;
  /** What a caller must be allowed to do. */
  readonly access: OperationAccess;
  /** One sentence for people. */
  readonly summary: string;
  /** Names of the arguments before the options object, in order: `["id"]` of `update(id, patch)`. */
  readonly positional: readonly string[];
  /** All arguments and options as one object, with the bounds that the verb itself checks. */
  readonly input: z.ZodType;
  /** The result; `z.void()` when there is none. */
  readonly output: z.ZodType;
  /**
   * Calls the verb, which checks its own input: nothing is validated before it.
   *
   * @throws what the verb throws
   */
  run(rivulet: Rivulet, input: Readonly<Record<string, unknown>>): Promise<unknown>;
}

/** An operation as its entity's file defines it. */
interface OperationDefinition<Id extends OperationId, Names extends readonly string[]> {
  readonly access: OperationAccess;
  readonly summary: string;
  /** @default none */
  readonly positional?: Names;
  readonly input: z.ZodType<NoInfer<InputOf<Id, Names>>>;
  readonly output: z.ZodType<NoInfer<OutputOf<Id>>>;
}

/** Defines the operation of a verb; its schemas must fit the verb's arguments and result. */
export function operation<Id extends OperationId, const Names extends readonly string[] = []>(
  id: Id,
  { positional, input, ...facts }: OperationDefinition<Id, Names>,
): Operation {
  const names: readonly string[] = positional ?? [];
  const [group, verb] = id.split(".") as [Group, string];
  const known = Object.keys(fieldsOf(input));
  const hasOptions = known.some((name) => !names.includes(name));
  const nothingElse = optionsSchema(() => ({}), { known });

  return Object.freeze<Operation>({
    id,
    ...facts,
    positional: names,
    input,
    run: async (rivulet, given) => {
      const options = { ...given };
      for (const name of names) delete options[name];
      // A verb without options would never see the other fields, so they are refused here.
      if (!hasOptions) parseInput(nothingElse, options, "options");
      const verbs = rivulet[group] as unknown as Readonly<Record<string, Verb>>;
      const first = names.map((name) => (Object.hasOwn(given, name) ? given[name] : undefined));
      return verbs[verb]?.(...first, ...(hasOptions ? [options] : []));
    },
  });
}

type Verb = (...given: unknown[]) => Promise<unknown>;

/** The input of a verb whose only argument has this name. */
export function only<Name extends string, T>(
  name: Name,
  schema: z.ZodType<T>,
): z.ZodType<{ readonly [Key in Name]: T }> {
  return optionsSchema(() => ({ [name]: schema })) as never;
}

/** The fields of both, as the input of one verb. */
export function both<One, Other>(
  one: z.ZodType<One>,
  other: z.ZodType<Other>,
): z.ZodType<One & Other> {
  return optionsSchema(() => ({ ...fieldsOf(one), ...fieldsOf(other) })) as never;
}

/** The input of a verb with an argument of this name before its options. */
export function before<Name extends string, T, Options>(
  name: Name,
  schema: z.ZodType<T>,
  options: z.ZodType<Options>,
): z.ZodType<{ readonly [Key in Name]: T } & Options> {
  return both(only(name, schema), options);
}

/** The output of a verb that returns nothing. */
export const nothing: z.ZodType<void> = z.void();
/** The output of a verb that counts. */
export const count: z.ZodType<number> = z.int().nonnegative();
