import type { JsonObject, JsonValue, Span } from "@rivulet/core";
import type { JSX } from "preact";
import { JsonTree } from "../../../content/json-tree.tsx";
import { paths } from "../../../routing/paths.ts";

type Known = readonly (readonly [attribute: string, label: string])[];

/** What a model was asked with. */
const SETTINGS: Known = [
  ["temperature", "Temperature"],
  ["topP", "Top P"],
  ["topK", "Top K"],
  ["maxOutputTokens", "Most tokens"],
  ["stopSequences", "Stops at"],
  ["seed", "Seed"],
  ["frequencyPenalty", "Frequency penalty"],
  ["presencePenalty", "Presence penalty"],
  ["parameters", "Others"],
];

/** What came back beside the answer. */
const RESPONSE: Known = [
  ["requestModel", "Model asked for"],
  ["finishReason", "Finish reason"],
  ["finishReasons", "Finish reasons"],
  ["finishMessage", "Finish message"],
  ["responseId", "Response id"],
  ["requestId", "Request id"],
  ["serviceTier", "Tier"],
  ["systemFingerprint", "System fingerprint"],
  ["httpStatus", "HTTP status"],
  ["headers", "Headers"],
  ["responseHeaders", "Headers"],
  ["cached", "From a cache"],
  ["providerMetadata", "Of the provider"],
];

/** What a model was asked with, and what came back beside its answer. */
export function ModelMetadata({ attributes }: { attributes: JsonObject }): JSX.Element {
  return (
    <>
      <Group title="Settings" known={SETTINGS} attributes={attributes} />
      <Group title="Response" known={RESPONSE} attributes={attributes} />
    </>
  );
}

function Group({
  title,
  known,
  attributes,
}: {
  title: string;
  known: Known;
  attributes: JsonObject;
}): JSX.Element | null {
  const present = known.filter(([name]) => attributes[name] !== undefined);
  if (present.length === 0) return null;
  return (
    <section class="payload">
      <h3>{title}</h3>
      <dl class="metadata">
        {present.map(([name, label]) => (
          <div key={name}>
            <dt>{label}</dt>
            <dd>
              <Value value={attributes[name] ?? null} label={label} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Value({ value, label }: { value: JsonValue; label: string }): JSX.Element {
  if (typeof value === "object" && value !== null) return <JsonTree value={value} label={label} />;
  return <>{String(value)}</>;
}

/** Spans elsewhere that this one says it belongs to, such as the sender of a message. */
export function SpanLinks({ span }: { span: Span }): JSX.Element | null {
  const links = span.attributes["otel.links"];
  if (!Array.isArray(links)) return null;
  return (
    <section class="payload">
      <h3>Linked spans</h3>
      <ul class="span-links">
        {links.map((link, index) => (
          <li key={index}>
            <SpanLink link={link} from={span} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function SpanLink({ link, from }: { link: JsonValue; from: Span }): JSX.Element {
  const { traceId, spanId, attributes } = (link ?? {}) as Readonly<Record<string, JsonValue>>;
  if (typeof traceId !== "string" || typeof spanId !== "string")
    return <JsonTree value={link} label="link" />;
  const isHere = traceId === from.traceId;
  return (
    <>
      <a href={paths.trace(traceId, spanId)}>
        {isHere ? "Span" : `Trace ${traceId.slice(0, 12)}, span`} {spanId.slice(0, 12)}
      </a>
      {typeof attributes === "object" &&
      attributes !== null &&
      Object.keys(attributes).length > 0 ? (
        <JsonTree value={attributes} label="link" />
      ) : null}
    </>
  );
}
