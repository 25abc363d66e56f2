import type { JsonObject, JsonValue } from "@rivulet/core";
import type { JSX } from "preact";
import { JsonTree } from "./json-tree.tsx";
import { PlainText } from "./markdown.tsx";

/** The tools that a model was offered, by the input of its span. */
export function offeredTools(input: JsonValue | undefined): readonly JsonObject[] {
  const tools = isObject(input) ? input["tools"] : undefined;
  return Array.isArray(tools) ? tools.filter(isObject).map(unwrapped) : [];
}

/** OpenAI puts what it says of a tool under `function`. */
function unwrapped(tool: JsonObject): JsonObject {
  const body = tool["function"];
  return isObject(body) ? body : tool;
}

/** Tools that a model could call: each with what it is told of it. */
export function ToolDefinitions({ tools }: { tools: readonly JsonObject[] }): JSX.Element {
  return (
    <details class="payload tool-definitions">
      <summary>{tools.length === 1 ? "1 tool offered" : `${tools.length} tools offered`}</summary>
      {tools.map((tool, index) => (
        <ToolDefinition key={index} tool={tool} />
      ))}
    </details>
  );
}

function ToolDefinition({ tool }: { tool: JsonObject }): JSX.Element {
  const { name, type, description, parameters, inputSchema, input_schema, ...others } = tool;
  const schema = parameters ?? inputSchema ?? input_schema;
  const fields = isObject(schema) && isObject(schema["properties"]) ? schema["properties"] : {};
  const required = isObject(schema) && Array.isArray(schema["required"]) ? schema["required"] : [];
  return (
    <div class="tool-card">
      <p class="tool-title">
        <code>{String(name ?? type ?? "tool")}</code>
      </p>
      {typeof description === "string" ? <PlainText text={description} /> : null}
      <dl class="tool-parameters">
        {Object.entries(fields).map(([field, about]) => (
          <div key={field}>
            <dt>
              <code>{field}</code>{" "}
              <span class="muted">
                {typeWord(about)}
                {required.includes(field) ? "" : ", optional"}
              </span>
            </dt>
            <dd>{isObject(about) ? text(about["description"]) : null}</dd>
          </div>
        ))}
      </dl>
      {Object.keys(others).length === 0 ? null : <JsonTree value={others} label="tool" />}
    </div>
  );
}

function typeWord(about: JsonValue | undefined): string {
  if (!isObject(about)) return "";
  if (Array.isArray(about["enum"])) return about["enum"].map(String).join(" | ");
  return text(about["type"]);
}

function text(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
