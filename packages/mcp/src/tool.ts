import { type OperationId, parseInput, type Rivulet } from "@rivulet/core";
import * as z from "zod";
import { fieldOf } from "./operation-field.ts";

/** One operation that a model may call. Knows nothing of the protocol. */
export interface McpTool {
  /** snake_case, at most 40 characters: some hosts drop longer ones. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly access: "read" | "write";
  /** Operations of core that the tool offers. */
  readonly operations: readonly OperationId[];
  /** The call can replace what is there, such as where an alias points. */
  readonly destructive: boolean;
  readonly idempotent: boolean;
  readonly inputSchema: z.ZodType;
  readonly outputSchema: z.ZodType;
  /** Parses the arguments, runs, and parses the result: what goes out fits `outputSchema`. */
  call(rivulet: Rivulet, input: unknown): Promise<unknown>;
}

interface ToolDefinition<Input, Output> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** @default 'read' */
  readonly access?: "read" | "write";
  readonly operations: readonly OperationId[];
  readonly destructive?: boolean;
  readonly idempotent?: boolean;
  readonly input: z.ZodType<Input>;
  readonly output: z.ZodType<Output>;
  run(rivulet: Rivulet, input: Input): Promise<Output>;
}

/** Joins a definition's typed halves into one {@link McpTool}. */
export function defineTool<Input, Output>(definition: ToolDefinition<Input, Output>): McpTool {
  const { access = "read", input, output } = definition;
  return {
    name: definition.name,
    title: definition.title,
    description: definition.description,
    access,
    operations: definition.operations,
    destructive: definition.destructive ?? false,
    idempotent: definition.idempotent ?? access === "read",
    inputSchema: input,
    outputSchema: output,
    async call(rivulet, raw) {
      return output.parse(await definition.run(rivulet, parseInput(input, raw ?? {}, "arguments")));
    },
  };
}

/**
 * A record of the store as a tool gives it out. What it holds is not spelled out to the model: the schemas of
 * all records together would be larger than everything else a host is told.
 */
export function anyRecord<T>(): z.ZodType<T> {
  return z.record(z.string(), z.unknown()) as unknown as z.ZodType<T>;
}

/** Items per page of a search tool: fewer than elsewhere, because a model reads them all. */
export const limitSchema: z.ZodType<number> = fieldOf<number>("runs.search", "limit")
  .default(20)
  .describe("Rows");

/** Continues a search. */
export const cursorSchema: z.ZodExactOptional<z.ZodType<string>> = fieldOf<string>(
  "runs.search",
  "pageToken",
)
  .describe("nextCursor of the page before")
  .exactOptional();

/** Which columns a search shows. */
export const fieldsSchema: z.ZodExactOptional<z.ZodType<string[]>> = z
  .array(z.string())
  .describe("Columns to show instead of the default ones")
  .exactOptional();

/** Bound of a result's long texts. */
export const maxCharsSchema: z.ZodType<number> = z
  .number()
  .int()
  .min(200)
  .max(40_000)
  .default(12_000)
  .describe("Longer texts are cut");
