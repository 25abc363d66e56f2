import type { Prompt, PromptEntry, Rivulet } from "@rivulet/core";
import { RivuletError } from "@rivulet/core";
import type { McpSettings } from "./mcp-options.ts";

/** What a prompt's `config.variables.<name>` may say about a variable. */
export interface VariableFacts {
  readonly description?: string;
  readonly required: boolean;
  /** What completion proposes. */
  readonly choices: readonly string[];
}

/** The version of a listed prompt that is served: the alias's, else the latest. */
export function servedVersion(
  rivulet: Rivulet,
  entry: PromptEntry,
  { promptAlias }: McpSettings,
): Promise<Prompt> {
  const alias = Object.hasOwn(entry.aliases, promptAlias) ? promptAlias : "latest";
  return rivulet.prompts.get(`${entry.name}@${alias}`);
}

/** The prompt behind an MCP name: `greet`, `greet@3` or `greet@staging`. */
export async function findServed(
  rivulet: Rivulet,
  name: string,
  settings: McpSettings,
): Promise<Prompt> {
  if (name.includes("@")) return rivulet.prompts.get(name);
  return servedVersion(rivulet, await rivulet.prompts.getEntry(name), settings);
}

/** What is known of a variable. */
export function variableFacts({ config }: Prompt, variable: string): VariableFacts {
  const described = ownObject(ownObject(config, "variables"), variable);
  const description = described?.["description"];
  return {
    ...(typeof description === "string" ? { description } : {}),
    required: described?.["default"] === undefined,
    choices: textList(described?.["enum"] ?? described?.["examples"]),
  };
}

/** The arguments with the defaults of `config.variables`. @throws `invalid_argument` naming what is missing. */
export function completeValues(
  prompt: Prompt,
  given: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const values = new Map<string, unknown>();
  for (const variable of prompt.variables) {
    const fallback = ownObject(ownObject(prompt.config, "variables"), variable)?.["default"];
    const value = Object.hasOwn(given, variable) ? given[variable] : fallback;
    if (value !== undefined) values.set(variable, value);
  }
  const missing = prompt.variables.filter((variable) => !values.has(variable));
  if (missing.length > 0) {
    throw new RivuletError(
      "invalid_argument",
      `Prompt "${prompt.name}" needs the arguments: ${missing.join(", ")}.`,
    );
  }
  return Object.fromEntries(values);
}

function ownObject(value: unknown, key: string): Record<string, unknown> | undefined {
  if (value === null || typeof value !== "object" || !Object.hasOwn(value, key)) return undefined;
  const found = (value as Record<string, unknown>)[key];
  return found !== null && typeof found === "object"
    ? (found as Record<string, unknown>)
    : undefined;
}

function textList(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
