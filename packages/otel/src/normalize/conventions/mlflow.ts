import { SPAN_TYPES, type SpanType } from "@rivulet/core";
import type { Convention } from "../convention.ts";
import { valueBody } from "../convention.ts";
import { numberOf } from "../span-attributes.ts";
import { fieldAt, usageOf } from "../usage-counts.ts";

/** They are ours, in capitals. */
const TYPES: Readonly<Record<string, SpanType>> = Object.fromEntries(
  SPAN_TYPES.map((type) => [type.toUpperCase(), type]),
);

/** MLflow's SDKs. Their values are all JSON in a text. */
export const mlflow: Convention = {
  name: "MLflow",
  roots: ["mlflow"],
  read: {
    type: ({ attributes }) => attributes.oneOf(TYPES, "mlflow.spanType"),
    input: ({ attributes }) => valueBody(attributes.json("mlflow.spanInputs")),
    output: ({ attributes }) => valueBody(attributes.json("mlflow.spanOutputs")),
    tools: ({ attributes }) => attributes.json("mlflow.chat.tools"),
    model: ({ attributes }) => ({ response: textOf(attributes.json("mlflow.llm.model")) }),
    provider: ({ attributes }) => textOf(attributes.json("mlflow.llm.provider")),
    usage: ({ attributes }) => usageOf(attributes.json("mlflow.chat.tokenUsage")),
    cost: ({ attributes }) => numberOf(fieldAt(attributes.json("mlflow.llm.cost"), "total_cost")),
    prompts: ({ attributes }) => readPrompts(attributes.json("mlflow.linkedPrompts")),
    sessionId: ({ attributes }) => textOf(attributes.json("mlflow.trace.session")),
    userId: ({ attributes }) => textOf(attributes.json("mlflow.trace.user")),
    tags({ attributes }) {
      const tags = attributes.below("mlflow.traceTag.");
      return (
        tags && Object.fromEntries(Object.entries(tags).map(([key, tag]) => [key, String(tag)]))
      );
    },
  },
};

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function readPrompts(given: unknown): readonly { name: string; version: number }[] | undefined {
  if (!Array.isArray(given)) return undefined;
  const prompts = given.flatMap((item: unknown) => {
    const name = textOf(fieldAt(item, "name"));
    const version = numberOf(fieldAt(item, "version"));
    const isKnown =
      name !== undefined && version !== undefined && Number.isInteger(version) && version > 0;
    return isKnown ? [{ name, version }] : [];
  });
  return prompts.length === 0 ? undefined : prompts;
}
