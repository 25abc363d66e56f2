import type { SpanType } from "@rivulet/core";
import type { Convention, SpanView } from "../convention.ts";
import { valueBody } from "../convention.ts";
import { langfuseUsage } from "../langfuse-usage.ts";
import { renameSettings } from "../settings.ts";
import { numberOf, parsed } from "../span-attributes.ts";
import { tagsOf } from "../tags.ts";
import { timeOf } from "../times.ts";
import { fieldAt } from "../usage-counts.ts";

const TYPES: Readonly<Record<string, SpanType>> = {
  span: "unknown",
  event: "unknown",
  generation: "chat_model",
  embedding: "embedding",
  agent: "agent",
  tool: "tool",
  chain: "chain",
  retriever: "retriever",
  evaluator: "evaluator",
  guardrail: "guardrail",
};
/** What the SDKs of other products write in its place is left to those. */
const OF = "langfuse.observation.";
/** Facts of a trace that are tags here. */
const TAGS = ["environment", "release", "version"] as const;

/** Langfuse's SDKs, from version 3 on. */
export const langfuse: Convention = {
  name: "Langfuse",
  roots: ["langfuse"],
  read: {
    type: ({ attributes }) => attributes.oneOf(TYPES, `${OF}type`),
    input: ({ attributes }) => valueBody(attributes.json(`${OF}input`, "langfuse.trace.input")),
    output: ({ attributes }) => valueBody(attributes.json(`${OF}output`, "langfuse.trace.output")),
    model: ({ attributes }) => ({ response: attributes.text(`${OF}model.name`, `${OF}model`) }),
    usage: ({ attributes }) => langfuseUsage(attributes.json(`${OF}usage_details`)),
    cost: ({ attributes }) => costOf(attributes.json(`${OF}cost_details`)),
    firstTokenTime: ({ attributes }) => timeOf(attributes.take(`${OF}completion_start_time`)),
    settings: ({ attributes }) =>
      renameSettings(attributes.json(`${OF}model.parameters`, `${OF}model_parameters`)),
    details: (view) => ({ agentName: view.type === "agent" ? view.span.name : undefined }),
    outcome: ({ attributes }) => ({
      isError: /^(?:ERROR|FATAL|CRITICAL)$/i.test(String(attributes.peek(`${OF}level`))),
      message: attributes.text(`${OF}status_message`),
    }),
    prompts: readPrompts,
    sessionId: ({ attributes }) => attributes.text("langfuse.session.id"),
    userId: ({ attributes }) => attributes.text("langfuse.user.id"),
    tags: readTags,
    metadata({ attributes }) {
      const metadata = attributes.below("langfuse.trace.metadata.");
      const name = attributes.text("langfuse.trace.name");
      return name === undefined ? metadata : { ...metadata, traceName: name };
    },
  },
};

function readPrompts({
  attributes,
}: SpanView): readonly { name: string; version: number }[] | undefined {
  const version = numberOf(
    attributes.peek(`${OF}prompt.version`) ?? attributes.peek("langfuse.prompt.version"),
  );
  if (version === undefined || !Number.isInteger(version) || version < 1) return undefined;
  const name = attributes.text(`${OF}prompt.name`, "langfuse.prompt.name");
  if (name === undefined) return undefined;
  attributes.drop(`${OF}prompt.version`, "langfuse.prompt.version");
  return [{ name, version }];
}

function readTags({ attributes, span }: SpanView): Readonly<Record<string, string>> {
  const tags: Record<string, string> = {
    ...tagsOf(attributes.words("langfuse.trace.tags", "langfuse.tags")),
  };
  for (const name of TAGS) {
    const value = attributes.text(`langfuse.${name}`) ?? span.resource?.[`langfuse.${name}`];
    if (typeof value === "string" && value !== "") tags[name] = value;
  }
  return tags;
}

function costOf(details: unknown): number | undefined {
  const total = numberOf(fieldAt(details, "total"));
  if (total !== undefined) return total;
  if (typeof details !== "object" || details === null) return undefined;
  const costs = Object.values(details).map(parsed).map(numberOf);
  const known = costs.filter((cost) => cost !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, cost) => sum + cost, 0);
}
