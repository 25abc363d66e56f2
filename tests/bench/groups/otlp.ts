import { otlp } from "@rivulet/otel";
import { createHandler, type Handler } from "@rivulet/server";
import { openBenchClient } from "../client.ts";
import { atLeast, atMost, shown } from "../figure.ts";
import type { Measure } from "../group.ts";
import { otlpRequest, SPANS_PER_REQUEST } from "../otlp-requests.ts";

const REQUESTS = 100;
const WARM_UP = 20;
/** Requests that are on their way at once. */
const AT_ONCE = 4;

/** OTLP as protobuf, through the handler, until all of it can be read. */
export const measure: Measure = async () => {
  await using client = await openBenchClient();
  const { rivulet } = client;
  const handler = createHandler(rivulet, { auth: "none", extensions: [otlp(rivulet)] });
  const bodies = Array.from({ length: REQUESTS + WARM_UP }, (_, number) => otlpRequest(number));
  await post(handler, bodies.slice(0, WARM_UP));
  await rivulet.flush();
  const start = performance.now();
  const before = process.cpuUsage();
  const refused = await post(handler, bodies.slice(WARM_UP));
  await rivulet.flush();
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - start) / 1_000;
  const spans = REQUESTS * SPANS_PER_REQUEST;
  const groups = await rivulet.traces.aggregate({ groupBy: ["span.type"] });
  const stored = groups.reduce((sum, { count }) => sum + count, 0);
  const lost = bodies.length * SPANS_PER_REQUEST - stored;
  await handler.close();
  return [
    atLeast(
      10_000,
      "otlp: spans of protobuf per second of CPU, all threads, until they can be read",
      {
        value: (spans * 1_000_000) / (user + system),
        unit: "spans/s",
      },
    ),
    shown(`otlp: the same by the clock, ${spans} spans`, {
      value: spans / seconds,
      unit: "spans/s",
    }),
    atMost(0, "otlp: requests refused, spans lost", { value: refused + lost, unit: "" }),
  ];
};

/** Sends the bodies, some at once. Returns how many were not taken. */
async function post(handler: Handler, bodies: readonly Uint8Array<ArrayBuffer>[]): Promise<number> {
  const left = [...bodies];
  let refused = 0;
  async function send(): Promise<void> {
    for (let body = left.shift(); body !== undefined; body = left.shift()) {
      const request = new Request("http://localhost/v1/traces", {
        method: "POST",
        headers: { "content-type": "application/x-protobuf" },
        body,
      });
      const { status } = await handler(request, { basePath: "" });
      if (status !== 200) refused++;
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, send));
  return refused;
}
