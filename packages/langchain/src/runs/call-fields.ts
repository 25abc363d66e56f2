import { jsonOf } from "./read-fields.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What Anthropic says of an answer around its content, which LangChain keeps among the fields of the message. */
const ENVELOPE = new Set([
  ...["id", "type", "role", "model", "usage", "container"],
  ...["stop_reason", "stop_sequence", "stop_details"],
]);
/** Google's package keeps the text here a second time. */
const COPY = "originalTextContentBlock";

/** Those additional fields of a message that are about the call: the metadata repeats them, or they are Anthropic's. */
export function callFields(kwargs: Fields, metadata: Fields): Fields {
  const isEnvelope = kwargs["type"] === "message";
  const about = Object.entries(kwargs).filter(
    ([name, value]) =>
      (isEnvelope && ENVELOPE.has(name)) ||
      (Object.hasOwn(metadata, name) && isSame(value, metadata[name])),
  );
  return Object.fromEntries(about);
}

/**
 * The additional fields without those about the call that made the message: the call's span has them, and the message
 * is the same wherever it is handed on to.
 */
export function messageFields(kwargs: Fields, metadata: Fields): Fields {
  const about = callFields(kwargs, metadata);
  const kept = Object.entries(kwargs).filter(
    ([name]) => name !== COPY && !Object.hasOwn(about, name),
  );
  return Object.fromEntries(kept);
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || (typeof one === "object" && jsonOf(one) === jsonOf(other));
}
