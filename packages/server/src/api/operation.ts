import { jsonText } from "@rivulet/core";
import * as z from "zod";
import type { AccessLevel } from "../access/access-level.ts";
import type { AuthResult } from "../access/auth.ts";
import { invalidInput } from "../http/failure.ts";
import { readJson, requireJsonType } from "../http/json-body.ts";
import { jsonResponse } from "../http/json-response.ts";
import { readBytes } from "../http/read-body.ts";
import type { Call, Method } from "../router.ts";
import type { Api } from "./api.ts";
import { checkInput } from "./check-input.ts";
import { fieldsOf } from "./json-schema.ts";
import { textFieldReader } from "./read-text-fields.ts";

/** What the table says of an operation. */
interface OperationFacts {
  /** `group.verb`: the operation's id in the OpenAPI document. */
  readonly id: string;
  readonly method: Method;
  /** Below `/api/v1`. */
  readonly path: string;
  readonly access: AccessLevel;
  /** One sentence. */
  readonly summary: string;
}

/** An operation as its entity's file defines it. */
interface OperationDefinition<Params, Query, Body, Output> extends OperationFacts {
  /** @default no parameters */
  readonly params?: z.ZodType<Params>;
  /** @default no query */
  readonly query?: z.ZodType<Query>;
  /** A JSON object, or {@link bytes}. @default nothing is read */
  readonly body?: z.ZodType<Body>;
  /** Sent as JSON; or {@link download}. */
  readonly output: z.ZodType<Output>;
  handler(
    api: Api,
    input: OperationInput<Params, Query, Body>,
  ): Promise<NoInfer<Output>> | NoInfer<Output>;
}

/** What a handler gets, checked. */
export interface OperationInput<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly caller: AuthResult;
  readonly request: Request;
}

/** An operation in the table, whatever its types. */
export interface Operation extends OperationFacts {
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  readonly body: z.ZodType | undefined;
  readonly output: z.ZodType;
  run(api: Api, call: Call): Promise<Response>;
}

/** For a body of raw bytes. */
export const bytes: z.ZodType<Uint8Array> = z.instanceof(Uint8Array);
/** For a response of raw bytes. */
export const download: z.ZodType<Response> = z.instanceof(Response);
/** For an operation that has nothing to say. */
export const nothing: z.ZodType<Record<never, never>> = z.object({});

const NO_FIELDS: z.ZodType = z.object({});

/** Defines an operation: reads and checks what comes in, and sends what the handler gives. */
export function operation<Params, Query, Body, Output>(
  definition: OperationDefinition<Params, Query, Body, Output>,
): Operation {
  const { handler, params, query, body, output, ...facts } = definition;
  const readInput = inputReader(definition);
  return {
    ...facts,
    params: params ?? NO_FIELDS,
    query: query ?? NO_FIELDS,
    body,
    output,
    run: async (api, call) => {
      const result = await handler(api, await readInput(api, call));
      if (result instanceof Response) return result;
      if (api.checkOutput) reportMismatch(api, { schema: output, result, id: facts.id });
      return jsonResponse(result);
    },
  };
}

type InputReader<Params, Query, Body> = (
  api: Api,
  call: Call,
) => Promise<OperationInput<Params, Query, Body>>;

function inputReader<Params, Query, Body>({
  params,
  query,
  body,
}: Pick<OperationDefinition<Params, Query, Body, never>, "params" | "query" | "body">): InputReader<
  Params,
  Query,
  Body
> {
  // Left out, a schema's type is inferred as `unknown`, which an empty object is.
  const readParams = textFieldReader((params ?? NO_FIELDS) as z.ZodType<Params>, "path");
  const readQuery = textFieldReader((query ?? NO_FIELDS) as z.ZodType<Query>, "query");
  const readBody = bodyReader(body);
  return async (api, { caller, request, ...call }) => ({
    caller,
    request,
    params: readParams(call.params),
    query: readQuery(call.query),
    body: await readBody(api, { request, context: call.context }),
  });
}

type BodyReader<Body> = (api: Api, call: Pick<Call, "request" | "context">) => Promise<Body>;

function bodyReader<Body>(schema: z.ZodType<Body> | undefined): BodyReader<Body> {
  if (schema === undefined) {
    return async (_, { request }) => {
      requireJsonType(request);
      return undefined as Body;
    };
  }
  if (Object.is(schema, bytes)) {
    return async ({ maxArtifactBytes: limit }, { request, context }) =>
      checkInput(schema, await readBytes(request, { limit, context, exact: true }), "body");
  }
  const known = fieldsOf(schema);
  return async ({ maxBodyBytes: limit }, { request, context }) => {
    requireJsonType(request);
    const value = await readJson(request, { limit, context });
    for (const name of Object.keys(value ?? {})) {
      if (!known.has(name)) throw invalidInput(`body.${name.slice(0, 100)}`, "is not known here");
    }
    return checkInput(schema, value, "body");
  };
}

interface Answer {
  readonly id: string;
  readonly schema: z.ZodType;
  readonly result: unknown;
}

/** A defect of ours: told to whoever develops, while the caller gets what there is. */
function reportMismatch({ rivulet }: Api, { id, schema, result }: Answer): void {
  // What is sent: JSON names what it has no numbers for.
  const { error } = schema.safeParse(JSON.parse(jsonText(result)));
  if (error === undefined) return;
  rivulet.reportError(new Error(`The answer of ${id} does not fit its schema: ${error.message}`));
}
