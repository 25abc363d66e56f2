import { fieldsOf } from "../runs/read-fields.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What the providers call the lists of the tools that a model may use. */
const LISTS = ["tools", "functions"] as const;
/** Fields of a request that hold tools: they are the span's input, and no settings. */
export const TOOL_FIELDS: ReadonlySet<string> = new Set([...LISTS, "toolConfig"]);

/** The tools of a request, each with its name, and all that is said of it; `undefined` when there are none. */
export function readTools(invocation: Fields): readonly Fields[] | undefined {
  const given =
    LISTS.map((name) => invocation[name]).find(Array.isArray) ??
    fieldsOf(invocation["toolConfig"])["tools"];
  if (!Array.isArray(given) || given.length === 0) return undefined;
  return given.flatMap(toolsIn);
}

/** Google puts all functions into one tool. */
function toolsIn(tool: unknown): readonly Fields[] {
  const { functionDeclarations, ...rest } = fieldsOf(tool);
  if (!Array.isArray(functionDeclarations)) return [readTool(fieldsOf(tool))];
  const functions = functionDeclarations.map((declared) => readTool(fieldsOf(declared)));
  return Object.keys(rest).length === 0 ? functions : [...functions, readTool(rest)];
}

/**
 * OpenAI puts the tool under `function`, Bedrock under `toolSpec`. Tools that the provider itself runs have a type
 * instead of parameters, and limits of their own: all of it is kept.
 */
function readTool(given: Fields): Fields {
  const { function: body, toolSpec, type, ...beside } = given;
  const isWrapped = typeof (body ?? toolSpec) === "object";
  const { name, description, ...rest } = isWrapped
    ? { ...beside, ...fieldsOf(body ?? toolSpec) }
    : beside;
  const { parameters, input_schema, inputSchema, schema, ...others } = rest;
  const fields = parameters ?? input_schema ?? fieldsOf(inputSchema)["json"] ?? schema;
  return {
    name: name ?? type ?? Object.keys(others)[0],
    ...(description === undefined ? {} : { description }),
    ...(fields === undefined ? {} : { parameters: fields }),
    ...(type === undefined || type === "function" ? {} : { type }),
    ...others,
  };
}
