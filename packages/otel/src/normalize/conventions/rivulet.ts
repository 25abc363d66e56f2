import { type PromptRef, SPAN_TYPES, type SpanStatus, type SpanType } from "@rivulet/core";
import type { Convention } from "../convention.ts";
import { timeOf } from "../times.ts";

const TYPES: Readonly<Record<string, SpanType>> = Object.fromEntries(
  SPAN_TYPES.map((type) => [type, type]),
);
const STATUSES: Readonly<Record<string, Exclude<SpanStatus, "in_progress" | "ok">>> = {
  cancelled: "cancelled",
  interrupted: "interrupted",
  abandoned: "abandoned",
};

/** What another Rivulet exported: what OpenTelemetry has no name for. */
export const rivulet: Convention = {
  name: "Rivulet",
  roots: ["rivulet"],
  read: {
    type({ attributes }) {
      const type = attributes.oneOf(TYPES, "rivulet.type");
      // It is the same, in the words of others.
      if (type !== undefined) attributes.drop("gen_ai.operation.name");
      return type;
    },
    prompts: ({ attributes }) => readPrompts(attributes.json("rivulet.prompts")),
    outcome({ attributes }) {
      const status = attributes.oneOf(STATUSES, "rivulet.status");
      return status === undefined ? undefined : { status };
    },
    firstTokenTime: ({ attributes }) => timeOf(attributes.take("rivulet.first_token_time")),
    tags: ({ attributes }) => objectOf(attributes.json("rivulet.tags")),
    metadata: ({ attributes }) => objectOf(attributes.json("rivulet.metadata")),
  },
};

function readPrompts(given: unknown): readonly PromptRef[] | undefined {
  if (!Array.isArray(given)) return undefined;
  const prompts = given.filter(
    (item: Partial<PromptRef> | null): item is PromptRef =>
      typeof item?.name === "string" && Number.isInteger(item.version) && Number(item.version) > 0,
  );
  return prompts.map(({ name, version, alias }) => ({
    name,
    version,
    ...(typeof alias === "string" ? { alias } : {}),
  }));
}

function objectOf(given: unknown): Readonly<Record<string, string>> | undefined {
  return typeof given === "object" && given !== null && !Array.isArray(given)
    ? (given as Readonly<Record<string, string>>)
    : undefined;
}
