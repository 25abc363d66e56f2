// Sends requests of OTLP, in a process of its own: what it costs to make and send them is not the server's. Its
// argument is the number of requests, which are made before the first is sent; answers each Sending with the number
// of requests that were refused.
import { otlpRequest } from "./otlp-requests.ts";

/** Which requests are sent, and where to. */
export interface Sending {
  readonly url: string;
  readonly from: number;
  readonly to: number;
}

/** Requests that are on their way at once. */
const AT_ONCE = 4;

const bodies = Array.from({ length: Number(process.argv[2]) }, (_, number) => otlpRequest(number));

process.on("message", ({ url, from, to }: Sending) => {
  const left = bodies.slice(from, to);
  let refused = 0;
  async function send(): Promise<void> {
    for (let body = left.shift(); body !== undefined; body = left.shift()) {
      const headers = { "content-type": "application/x-protobuf" };
      const response = await fetch(url, { method: "POST", headers, body });
      await response.arrayBuffer();
      if (!response.ok) refused++;
    }
  }
  void Promise.all(Array.from({ length: AT_ONCE }, send)).then(() => process.send?.(refused));
});
process.on("disconnect", () => process.exit());
