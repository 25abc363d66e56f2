import type { SpanType } from "@rivulet/core";
import type { Convention } from "../convention.ts";
import { valueBody } from "../convention.ts";
import { numberOf, parsed } from "../span-attributes.ts";
import { tagsOf } from "../tags.ts";
import { afterSeconds } from "../times.ts";
import { fieldAt, usageOf } from "../usage-counts.ts";

const TYPES: Readonly<Record<string, SpanType>> = {
  llm: "chat_model",
  score: "evaluator",
  function: "chain",
  eval: "workflow",
  task: "task",
  tool: "tool",
};

/** Braintrust. */
export const braintrust: Convention = {
  name: "Braintrust",
  roots: ["braintrust"],
  read: {
    type: ({ attributes }) =>
      TYPES[String(fieldAt(attributes.json("braintrust.span_attributes"), "type") ?? "")],
    input: ({ attributes }) =>
      valueBody(attributes.json("braintrust.input_json", "braintrust.input")),
    output: ({ attributes }) =>
      valueBody(attributes.json("braintrust.output_json", "braintrust.output")),
    model: ({ attributes }) => {
      const model = fieldAt(parsed(attributes.peek("braintrust.metadata")), "model");
      return typeof model === "string" && model !== "" ? { response: model } : undefined;
    },
    firstTokenTime({ attributes, span }) {
      const metrics = parsed(attributes.peek("braintrust.metrics"));
      return afterSeconds(span.startTime, numberOf(fieldAt(metrics, "time_to_first_token")));
    },
    usage: ({ attributes }) => usageOf(parsed(attributes.peek("braintrust.metrics"))),
    cost: ({ attributes }) =>
      numberOf(fieldAt(parsed(attributes.peek("braintrust.metrics")), "estimated_cost")),
    tags: ({ attributes }) => tagsOf(attributes.words("braintrust.tags")),
  },
};
