import { type OperationId, optionsSchema, parseInput } from "@rivulet/core";
import { toJsonSchema, withDefaults } from "./json-schema.ts";
import { type Arguments, type McpTool, operationOf, type ToolTexts } from "./tool.ts";
import { AS_IT_IS, type View } from "./view.ts";

/** A tool that is one operation. */
export interface OperationTool extends ToolTexts {
  readonly operation: OperationId;
  /** Values of fields that are not given, where a model needs other ones than core's. @default none */
  readonly defaults?: Arguments;
  /** @default the answer as it is */
  readonly view?: View;
}

/** An operation as a tool: the operation checks its own fields, and the tool only those of its view. */
export function operationTool({
  operation: id,
  defaults = {},
  view = AS_IT_IS,
  ...texts
}: OperationTool): McpTool {
  const operation = operationOf(id);
  const ofView = optionsSchema(view.fields);
  const isOfView = ([name]: [string, unknown]): boolean => Object.hasOwn(view.fields, name);
  const access = operation.access === "read" ? "read" : "write";
  return {
    destructive: false,
    idempotent: access === "read",
    ...texts,
    access,
    operations: [id],
    inputSchema: () => {
      const schema = withDefaults(toJsonSchema(operation.input), defaults);
      const { properties } = toJsonSchema(ofView);
      return { ...schema, properties: { ...schema.properties, ...properties } };
    },
    outputSchema: view.outputSchema,
    call: async (rivulet, given) => {
      const entries = Object.entries(given);
      const shown = parseInput(ofView, Object.fromEntries(entries.filter(isOfView)), "arguments");
      const others = Object.fromEntries(entries.filter((entry) => !isOfView(entry)));
      return view.show(await operation.run(rivulet, { ...defaults, ...others }), shown);
    },
  };
}
