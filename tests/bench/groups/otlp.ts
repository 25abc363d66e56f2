import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { otlp } from "@rivulet/otel";
import { createHandler } from "@rivulet/server";
import { toNodeListener } from "@rivulet/server/node";
import { ask } from "../apart.ts";
import { openBenchClient } from "../client.ts";
import { atLeast, atMost, shown } from "../figure.ts";
import type { Measure } from "../group.ts";
import { SPANS_PER_REQUEST } from "../otlp-requests.ts";
import type { Sending } from "../send-otlp.ts";

const REQUESTS = 100;
const WARM_UP = 20;
const SENDER = fileURLToPath(new URL("../send-otlp.ts", import.meta.url));

/** OTLP as protobuf, over HTTP from another process, until all of it can be read. */
export const measure: Measure = async () => {
  await using client = await openBenchClient();
  const { rivulet } = client;
  const handler = createHandler(rivulet, { auth: "none", extensions: [otlp(rivulet)] });
  const server = createServer(toNodeListener(handler)).listen(0, "127.0.0.1");
  const sender = fork(SENDER, [String(WARM_UP + REQUESTS)]);
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
  const send = async (sending: Omit<Sending, "url">): Promise<number> => {
    const refused = await ask(sender, { url, ...sending });
    await rivulet.flush();
    return refused;
  };

  const refusedAtFirst = await send({ from: 0, to: WARM_UP });
  const start = performance.now();
  const before = process.cpuUsage();
  const refused = refusedAtFirst + (await send({ from: WARM_UP, to: WARM_UP + REQUESTS }));
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - start) / 1_000;

  const spans = REQUESTS * SPANS_PER_REQUEST;
  const groups = await rivulet.traces.aggregate({ groupBy: ["span.type"] });
  const stored = groups.reduce((sum, { count }) => sum + count, 0);
  const lost = (WARM_UP + REQUESTS) * SPANS_PER_REQUEST - stored;
  sender.disconnect();
  server.close();
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
