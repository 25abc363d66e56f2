import type { JsonObject, Span } from "@rivulet/core";
import type { ComponentChildren, JSX } from "preact";
import { useQuery } from "../../../api/use-query.ts";
import { Answered } from "../../../components/answered.tsx";
import { PromptLinks } from "../../../components/chips.tsx";
import { Icon } from "../../../components/icon.tsx";
import { type Fact, Facts } from "../../../components/page.tsx";
import { StatusBadge } from "../../../components/status.tsx";
import { Duration } from "../../../components/time.tsx";
import { DownloadButton } from "../../../content/download-button.tsx";
import { JsonTree } from "../../../content/json-tree.tsx";
import { Payload } from "../../../content/payload.tsx";
import { offeredTools, ToolDefinitions } from "../../../content/tool-definitions.tsx";
import { formatDuration } from "../../../format/times.ts";
import { askSpan } from "../../../questions/traces.ts";
import { costWords, unpricedModels } from "../cost-words.ts";
import { spanTypeWord } from "../span-type.tsx";
import { describeUsage } from "../token-usage.ts";
import { AttributeSearch } from "./attribute-search.tsx";
import { SpanEvents, StackTrace, stackOf } from "./events-panel.tsx";
import { ModelMetadata, SpanLinks } from "./span-metadata.tsx";

/** Which span a panel is about. */
export interface SpanKey {
  readonly traceId: string;
  readonly spanId: string;
}

function WithSpan({
  span: { traceId, spanId },
  children,
}: {
  span: SpanKey;
  children: (span: Span) => ComponentChildren;
}): JSX.Element {
  const answer = useQuery(askSpan(traceId, spanId));
  return <Answered answer={answer}>{children}</Answered>;
}

/** What went in and out of a span. */
export function SpanPanel(key: SpanKey): JSX.Element {
  return (
    <WithSpan span={key}>
      {(span) => (
        <div class="span-panel" key={span.id}>
          <h2>{span.name}</h2>
          <SpanFacts span={span} />
          <Failure span={span} />
          <Tools input={span.input} />
          <Payload title="Input" value={span.input} />
          <Payload title="Output" value={span.output} />
          <ModelMetadata attributes={span.attributes} />
          <SpanLinks span={span} />
        </div>
      )}
    </WithSpan>
  );
}

/** Why a span ended as it did, and where the error came from. */
function Failure({ span }: { span: Span }): JSX.Element | null {
  if (span.statusMessage === undefined) return null;
  const stack = stackOf(span);
  return (
    <div class={`notice tone-${span.status === "error" ? "bad" : "warn"}`}>
      <Icon name="warning" />
      <div>
        <p class="plain-text">{span.statusMessage}</p>
        {stack === undefined ? null : <StackTrace stack={stack} />}
      </div>
    </div>
  );
}

function Tools({ input }: { input: Span["input"] }): JSX.Element | null {
  const tools = offeredTools(input);
  return tools.length === 0 ? null : <ToolDefinitions tools={tools} />;
}

function SpanFacts({ span }: { span: Span }): JSX.Element {
  const { usage, cost, timeToFirstTokenMs, prompts = [] } = span;
  const unpriced = unpricedModels([span]);
  const facts: readonly (Fact | undefined)[] = [
    ["Kind", spanTypeWord(span.type)],
    ["Status", <StatusBadge key="status" status={span.status} />],
    ["Latency", <Duration key="latency" start={span.startTime} end={span.endTime} />],
    span.model === undefined ? undefined : ["Model", modelWord(span)],
    usage === undefined ? undefined : ["Tokens", describeUsage(usage)],
    cost === undefined && unpriced.length === 0 ? undefined : ["Cost", costOf(span, unpriced)],
    timeToFirstTokenMs === undefined
      ? undefined
      : ["First token", formatDuration(timeToFirstTokenMs)],
    prompts.length === 0 ? undefined : ["Prompts", <PromptLinks key="prompts" prompts={prompts} />],
  ];
  return <Facts facts={facts} />;
}

/** A cache's answer is free; a tier has prices of its own. */
function costOf({ cost, attributes }: Span, unpriced: readonly string[]): string {
  const words = costWords(cost, unpriced) ?? "";
  if (attributes["cached"] === true) return `${words}, answered from a cache`;
  const tier = attributes["serviceTier"];
  return typeof tier === "string" && tier !== "default" ? `${words} (${tier})` : words;
}

function modelWord({ model, provider }: Span): string {
  return provider === undefined ? String(model) : `${model} (${provider})`;
}

/** What else was recorded of a span, and of the trace it is in. */
export function AttributesPanel({
  metadata,
  ...key
}: SpanKey & { readonly metadata: JsonObject }): JSX.Element {
  return (
    <WithSpan span={key}>
      {(span) => (
        <div class="span-panel" key={span.id}>
          <h2>{span.name}</h2>
          <AttributeSearch
            parts={[
              ["Of this span", span.attributes],
              ["Of the trace", metadata],
            ]}
          />
        </div>
      )}
    </WithSpan>
  );
}

/** What happened inside a span. */
export function EventsPanel(key: SpanKey): JSX.Element {
  return <WithSpan span={key}>{(span) => <SpanEvents span={span} />}</WithSpan>;
}

/** A span as it was recorded. */
export function JsonPanel(key: SpanKey): JSX.Element {
  return (
    <WithSpan span={key}>
      {(span) => (
        <div class="span-panel" key={span.id}>
          <div class="section-title">
            <h2>{span.name}</h2>
            <DownloadButton
              name={`${span.id}.json`}
              text={() => JSON.stringify(span, null, 2)}
              label="Download"
            />
          </div>
          <JsonTree value={{ ...span } as unknown as JsonObject} label="the span" />
        </div>
      )}
    </WithSpan>
  );
}
