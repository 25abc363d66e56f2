import { addressOf } from "@rivulet/client/addresses";
import { jsonText, type Operation } from "@rivulet/core";
import { operations } from "@rivulet/core/operations";
import type * as z from "zod";
import { jsonResponse } from "../http/json-response.ts";
import type { Call } from "../router.ts";
import type { Api } from "./api.ts";
import { type Input, inputDecoder } from "./decode-input.ts";
import type { Endpoint } from "./endpoint.ts";

/** Core's operations, each at its address. */
export function operationEndpoints(): readonly Endpoint[] {
  return operations.map(toEndpoint);
}

function toEndpoint(operation: Operation): Endpoint {
  const { id, access, summary, input, output } = operation;
  const { method, path, hasBody } = addressOf(id);
  const decode = inputDecoder(input, hasBody);
  return {
    id,
    method,
    path,
    access,
    summary,
    input,
    body: hasBody ? "json" : "none",
    output,
    run: async (api, call) => {
      const given = withSource(operation, await decode(api, call), call);
      return answer(api, { id, output, result: await operation.run(api.rivulet, given) });
    },
  };
}

const JUDGEMENTS: readonly Operation["id"][] = ["traces.logFeedback", "traces.logExpectation"];

/** Ids of callers of whom nothing is known. */
const NAMELESS: readonly string[] = ["anonymous", "local", "token"];

/**
 * Assessments come from the caller, unless the request names another source. What is done to models is always done by the
 * caller, where they are known.
 */
function withSource({ id, access }: Operation, given: Input, { caller }: Call): Input {
  if (JUDGEMENTS.includes(id)) return { sourceId: caller.id, ...given };
  const isNoted = id.startsWith("models.") && access === "write" && !UNNOTED.includes(id);
  return isNoted && !NAMELESS.includes(caller.id) ? { ...given, userId: caller.id } : given;
}

/** Verbs of models that are in no history. */
const UNNOTED: readonly Operation["id"][] = ["models.update", "models.updateVersion"];

interface Answer {
  readonly id: string;
  readonly output: z.ZodType;
  readonly result: unknown;
}

/** The result of a verb as JSON; 204 when there is none. */
export function answer(api: Api, { id, output, result }: Answer): Response {
  if (result === undefined) return new Response(null, { status: 204 });
  if (api.checkOutput) reportMismatch(api, { id, output, result });
  return jsonResponse(result);
}

/** A mismatch is a bug in Rivulet: it is reported, and the caller still gets the answer. */
function reportMismatch({ rivulet }: Api, { id, output, result }: Answer): void {
  // Checks what is sent: in JSON, NaN and the infinities are strings.
  const { error } = output.safeParse(JSON.parse(jsonText(result)));
  if (error === undefined) return;
  rivulet.reportError(new Error(`The answer of ${id} does not fit its schema: ${error.message}`));
}
