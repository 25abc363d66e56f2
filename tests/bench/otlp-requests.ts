import { toProtobuf } from "../otel/encode.ts";
import { text } from "./sample-span.ts";

/** Spans in one request, as exporters send them. */
export const SPANS_PER_REQUEST = 500;
/** Spans of each trace: an agent, and what it asks of a model. */
const SPANS_PER_TRACE = 10;
const START = 1_798_761_600_000n;

/** A request of OTLP as protobuf. Each number is a request of other traces; messages are 700 characters. */
export function otlpRequest(number: number): Uint8Array<ArrayBuffer> {
  const spans = Array.from({ length: SPANS_PER_REQUEST }, (_, index) =>
    otlpSpan(number * SPANS_PER_REQUEST + index),
  );
  const resource = { attributes: [textField("service.name", "bench")] };
  return toProtobuf({
    resourceSpans: [{ resource, scopeSpans: [{ scope: { name: "bench" }, spans }] }],
  });
}

function otlpSpan(seed: number): object {
  const trace = Math.floor(seed / SPANS_PER_TRACE);
  const root = trace * SPANS_PER_TRACE;
  const start = START + BigInt(seed);
  return {
    traceId: hex(trace, 32),
    spanId: hex(seed, 16),
    ...(seed === root ? {} : { parentSpanId: hex(root, 16) }),
    name: seed === root ? "invoke_agent" : "chat",
    kind: seed === root ? 1 : 3,
    startTimeUnixNano: `${start}000000`,
    endTimeUnixNano: `${start + 900n}000000`,
    attributes: seed === root ? [textField("gen_ai.operation.name", "invoke_agent")] : chat(seed),
    status: { code: 1 },
  };
}

function chat(seed: number): readonly object[] {
  return [
    textField("gen_ai.operation.name", "chat"),
    textField("gen_ai.provider.name", "openai"),
    textField("gen_ai.request.model", "gpt-4o-mini"),
    textField("gen_ai.response.model", "gpt-4o-mini-2024-07-18"),
    textField("gen_ai.response.id", `chatcmpl-${seed}`),
    textField("gen_ai.input.messages", said("user", text(280, seed % 64))),
    textField("gen_ai.output.messages", said("assistant", text(420, (seed % 64) + 1_000))),
    { key: "gen_ai.usage.input_tokens", value: { intValue: 100 } },
    { key: "gen_ai.usage.output_tokens", value: { intValue: 120 } },
    { key: "gen_ai.request.temperature", value: { doubleValue: 0.2 } },
    textField("server.address", "api.example.org"),
    textField("session.id", `session-${seed % 100}`),
  ];
}

function said(role: string, content: string): string {
  return JSON.stringify([{ role, parts: [{ type: "text", content }] }]);
}

function textField(key: string, stringValue: string): object {
  return { key, value: { stringValue } };
}

function hex(number: number, digits: number): string {
  return (number + 1).toString(16).padStart(digits, "0");
}
