import type { JsonObject, Span } from "@rivulet/core";
import type { ComponentChildren, JSX } from "preact";
import { useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { PromptLinks } from "../../components/chips.tsx";
import { Icon } from "../../components/icon.tsx";
import { type Fact, Facts } from "../../components/page.tsx";
import { StatusBadge } from "../../components/status.tsx";
import { Duration } from "../../components/time.tsx";
import { JsonTree } from "../../content/json-tree.tsx";
import { Payload } from "../../content/payload.tsx";
import { formatDuration, formatTime } from "../../format/times.ts";
import { askSpan } from "../../questions/traces.ts";
import { costWords, unpricedModels } from "./cost-words.ts";
import { spanTypeWord } from "./span-type.tsx";
import { describeUsage } from "./token-usage.ts";

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
          {span.statusMessage === undefined ? null : (
            <div class={`notice tone-${span.status === "error" ? "bad" : "warn"}`}>
              <Icon name="warning" />
              <p class="plain-text">{span.statusMessage}</p>
            </div>
          )}
          <Payload title="Input" value={span.input} />
          <Payload title="Output" value={span.output} />
        </div>
      )}
    </WithSpan>
  );
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
        <div class="span-panel">
          <h2>{span.name}</h2>
          <h3>Of this span</h3>
          <JsonTree value={span.attributes} label="attributes" />
          <h3>Of the trace</h3>
          <JsonTree value={metadata} label="metadata" />
        </div>
      )}
    </WithSpan>
  );
}

/** What happened inside a span. */
export function EventsPanel(key: SpanKey): JSX.Element {
  return (
    <WithSpan span={key}>
      {(span) =>
        span.events.length === 0 ? (
          <p class="muted">No events.</p>
        ) : (
          <ol class="events">
            {span.events.map((event) => (
              <li key={`${event.timestamp} ${event.name}`}>
                <p>
                  <strong>{event.name}</strong>{" "}
                  <span class="muted number" title={formatTime(event.timestamp)}>
                    +{formatDuration(Math.max(0, event.timestamp - span.startTime))}
                  </span>
                </p>
                {event.attributes === undefined ? null : (
                  <JsonTree value={event.attributes} label="event" />
                )}
              </li>
            ))}
          </ol>
        )
      }
    </WithSpan>
  );
}
