import type { JsonObject, Span, SpanEvent } from "@rivulet/core";
import type { JSX } from "preact";
import { JsonTree } from "../../../content/json-tree.tsx";
import { formatDuration, formatTime } from "../../../format/times.ts";

/** What happened inside a span, by time. */
export function SpanEvents({ span }: { span: Span }): JSX.Element {
  if (span.events.length === 0) return <p class="muted">No events.</p>;
  return (
    <ol class="events">
      {span.events.map((event, index) => (
        <li key={index}>
          <p>
            <strong>{event.name}</strong>{" "}
            <span class="muted number" title={formatTime(event.timestamp)}>
              +{formatDuration(Math.max(0, event.timestamp - span.startTime))}
            </span>
          </p>
          <EventDetails event={event} />
        </li>
      ))}
    </ol>
  );
}

function EventDetails({ event: { attributes } }: { event: SpanEvent }): JSX.Element | null {
  if (attributes === undefined) return null;
  const { "exception.stacktrace": stack, ...others } = attributes;
  return (
    <>
      <JsonTree value={others} label="event" />
      {typeof stack === "string" ? <StackTrace stack={stack} /> : null}
    </>
  );
}

/** Where an error came from. */
export function StackTrace({ stack }: { stack: string }): JSX.Element {
  return (
    <details class="reasoning">
      <summary>Stack</summary>
      <pre class="stack">{stack}</pre>
    </details>
  );
}

/** The stack of the error that a span ended with, where one was recorded. */
export function stackOf({ events, attributes }: Span): string | undefined {
  const all: readonly (JsonObject | undefined)[] = [
    ...events.map((event) => event.attributes),
    attributes,
  ];
  const found = all.findLast((one) => typeof one?.["exception.stacktrace"] === "string");
  const stack = found?.["exception.stacktrace"];
  return typeof stack === "string" ? stack : undefined;
}
