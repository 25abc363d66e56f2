import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createServer2 } from "node:http2";
import type { AddressInfo, Server } from "node:net";
import { crc32 } from "node:zlib";
import { onTestFinished } from "vitest";

/** What a provider answers over HTTP. */
export interface HttpAnswer {
  /** @default 200 */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** `cut`: the connection breaks after the body. `never`: nothing is answered at all. */
  readonly ends?: "cut" | "never";
}

/** The body of an answer in one piece. */
export function asJson(value: object, headers: HttpAnswer["headers"] = {}): HttpAnswer {
  return {
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(value),
  };
}

/** Server-sent events; those with a type are named by it, as Anthropic and OpenAI's responses do. */
export function asEvents(
  events: readonly object[],
  { done = false }: { readonly done?: boolean } = {},
): HttpAnswer {
  const blocks = events.map((event) => {
    const { type } = event as { type?: unknown };
    const name = typeof type === "string" ? `event: ${type}\n` : "";
    return `${name}data: ${JSON.stringify(event)}\n\n`;
  });
  if (done) blocks.push("data: [DONE]\n\n");
  return { headers: { "content-type": "text/event-stream" }, body: blocks.join("") };
}

/** One JSON text per line, as Ollama streams. */
export function asLines(values: readonly object[]): HttpAnswer {
  const body = values.map((value) => `${JSON.stringify(value)}\n`).join("");
  return { headers: { "content-type": "application/x-ndjson" }, body };
}

/** Amazon's binary form of events: a length, headers and a body with their checksums. */
export function asAmazonEvents(
  events: readonly (readonly [type: string, body: object])[],
): HttpAnswer {
  const body = Buffer.concat(events.map(([type, value]) => amazonEvent(type, value)));
  return { headers: { "content-type": "application/vnd.amazon.eventstream" }, body };
}

function amazonEvent(type: string, value: object): Buffer {
  const headers = Buffer.concat([
    amazonHeader(":event-type", type),
    amazonHeader(":content-type", "application/json"),
    amazonHeader(":message-type", "event"),
  ]);
  const body = Buffer.from(JSON.stringify(value));
  const sizes = Buffer.alloc(8);
  sizes.writeUInt32BE(16 + headers.length + body.length, 0);
  sizes.writeUInt32BE(headers.length, 4);
  const message = Buffer.concat([sizes, checksum(sizes), headers, body]);
  return Buffer.concat([message, checksum(message)]);
}

function amazonHeader(name: string, value: string): Buffer {
  const size = Buffer.alloc(3);
  size.writeUInt8(7, 0);
  size.writeUInt16BE(value.length, 1);
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), size, Buffer.from(value)]);
}

function checksum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}

/** Takes the bodies of requests as they come. */
export type TakeBody = (body: string) => void;

/** A provider on this machine that answers everything it is asked with this. */
export async function serveAnswer(
  { status = 200, headers, body, ends }: HttpAnswer,
  take?: TakeBody,
): Promise<string> {
  const server = createServer((request, response) => {
    const asked: Buffer[] = [];
    request.on("data", (piece: Buffer) => asked.push(piece));
    request.on("end", () => {
      take?.(Buffer.concat(asked).toString());
      if (ends === "never") return;
      response.writeHead(status, headers);
      if (ends === "cut") response.write(body, () => request.socket.destroy());
      else response.end(body);
    });
  });
  onTestFinished(() => server.closeAllConnections());
  return listen(server);
}

/** The same in HTTP/2, which Amazon's client speaks. */
export async function serveAnswer2(
  { status = 200, headers, body, ends }: HttpAnswer,
  take?: TakeBody,
): Promise<string> {
  const server = createServer2((request, response) => {
    const asked: Buffer[] = [];
    request.on("data", (piece: Buffer) => asked.push(piece));
    request.on("end", () => {
      take?.(Buffer.concat(asked).toString());
      if (ends === "never") return;
      response.writeHead(status, headers);
      if (ends === "cut") response.write(body, () => request.stream.session?.destroy());
      else response.end(body);
    });
  });
  const sessions = new Set<{ destroy(): void }>();
  server.on("session", (session) => sessions.add(session));
  onTestFinished(() => {
    for (const session of sessions) session.destroy();
  });
  return listen(server);
}

/** An address at which nobody listens. */
export async function refusingAddress(): Promise<string> {
  const server = createServer();
  const url = await listen(server);
  server.close();
  await once(server, "close");
  return url;
}

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    if (server.listening) server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
