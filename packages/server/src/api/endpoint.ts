import type { Operation } from "@rivulet/core";
import type * as z from "zod";
import type { AccessLevel } from "../access/access-level.ts";
import type { Call, Method } from "../router.ts";
import type { Api } from "./api.ts";

/** One address of the API: what the router and the OpenAPI document are made from. */
export interface Endpoint {
  /** `group.verb`: the operation's id in the OpenAPI document. */
  readonly id: Operation["id"] | `system.${string}`;
  readonly method: Method;
  /** Below `/api/v1`, with `:name` for fields of the input. */
  readonly path: string;
  readonly access: AccessLevel;
  /** One sentence. */
  readonly summary: string;
  /** All fields: those in the path, and those of the query or body. */
  readonly input: z.ZodType;
  /** Where the fields are that are not in the path; `bytes`: in the query, and the body is a file. */
  readonly body: "none" | "json" | "bytes";
  /** What is sent as JSON; or a file. */
  readonly output: z.ZodType | "bytes";
  run(api: Api, call: Call): Promise<Response>;
}

/** Names of the fields that a path holds. */
export function namesIn(path: string): readonly string[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name);
}
