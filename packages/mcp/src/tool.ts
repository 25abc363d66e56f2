import type { OperationId, Rivulet } from "@rivulet/core";
import { operations } from "@rivulet/core/operations";
import type { JsonSchema } from "./json-schema.ts";

/** The arguments of a call, as the host sent them. */
export type Arguments = Readonly<Record<string, unknown>>;

/** Something that a model may call. Knows nothing of the protocol. */
export interface McpTool {
  /** snake_case, at most 40 characters: some hosts drop longer ones. */
  readonly name: string;
  /** For people to read. */
  readonly title: string;
  /** What the model is told. */
  readonly description: string;
  /** A tool that writes is only there where writes are allowed. */
  readonly access: "read" | "write";
  /** Operations of core that the tool runs. */
  readonly operations: readonly OperationId[];
  /** The call can replace what is there, such as where an alias points. */
  readonly destructive: boolean;
  /** Calling it again changes nothing more. */
  readonly idempotent: boolean;
  /** The schema of the arguments. Worked out when tools are first listed. */
  readonly inputSchema: () => JsonSchema;
  /** The schema of the answer, as far as hosts need it. */
  readonly outputSchema: JsonSchema;
  /**
   * Runs the tool's operations, which check the arguments, and shows the answer as a JSON object.
   *
   * @throws what the operations throw
   */
  call(rivulet: Rivulet, given: Arguments): Promise<object>;
}

/** What a tool says of itself to hosts and models. */
export interface ToolTexts {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** @default false */
  readonly destructive?: boolean;
  /** @default true for tools that only read */
  readonly idempotent?: boolean;
}

/** A tool that is more than one operation. */
export interface JoinedTool extends ToolTexts, Pick<McpTool, "inputSchema" | "call"> {
  readonly operations: readonly OperationId[];
  /** @default an object of any shape */
  readonly outputSchema?: JsonSchema;
}

/** A tool that runs several operations, in its own way. */
export function joinedTool({ operations: ids, ...tool }: JoinedTool): McpTool {
  const readsOnly = ids.every((id) => operationOf(id).access === "read");
  return {
    destructive: false,
    idempotent: readsOnly,
    outputSchema: { type: "object" },
    ...tool,
    access: readsOnly ? "read" : "write",
    operations: ids,
  };
}

const byId = new Map(operations.map((operation) => [operation.id, operation]));

/** The operation of an id. */
export function operationOf(id: OperationId): (typeof operations)[number] {
  const operation = byId.get(id);
  if (operation === undefined) throw new Error(`There is no operation ${id}.`);
  return operation;
}

/**
 * Runs an operation, which checks its input itself.
 *
 * @typeParam T what the operation gives
 * @throws what the operation throws
 */
export function run<T>(rivulet: Rivulet, id: OperationId, input: Arguments): Promise<T> {
  return operationOf(id).run(rivulet, input) as Promise<T>;
}
