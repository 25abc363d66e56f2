import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createRivulet, type Rivulet, type Span } from "@rivulet/core";
import { onTestFinished } from "vitest";

/** A client on a store in memory, and what a test looks at. */
export interface Recorder {
  readonly rivulet: Rivulet;
  /** What the client was told that must not reach the app. */
  readonly errors: readonly Error[];
  /** The spans of all traces, oldest first. */
  spans(): Promise<readonly Span[]>;
  /** The only span. */
  span(): Promise<Span>;
  /** Name, type and status of each span, children indented. */
  tree(): Promise<string>;
}

/** Opens one for one test. */
export function openRecorder(): Recorder {
  const errors: Error[] = [];
  const rivulet = createRivulet({ store: "memory:", onError: (error) => errors.push(error) });
  onTestFinished(() => rivulet.close());
  async function spans(): Promise<readonly Span[]> {
    await rivulet.flush();
    const { items } = await rivulet.traces.search();
    const loaded = await Promise.all(items.map(({ id }) => rivulet.traces.loadSpans(id)));
    return loaded.reverse().flat();
  }
  return {
    rivulet,
    errors,
    spans,
    async span() {
      const [span, ...others] = await spans();
      if (span === undefined || others.length > 0)
        throw new Error(`There are ${others.length + (span ? 1 : 0)} spans instead of one.`);
      return span;
    },
    async tree() {
      const all = await spans();
      const depth = (span: Span): number => {
        const parent = all.find(({ id }) => id === span.parentId);
        return parent === undefined ? 0 : depth(parent) + 1;
      };
      return all
        .map((span) => `${"  ".repeat(depth(span))}${span.type} ${span.name}: ${span.status}`)
        .join("\n");
    },
  };
}

/** What a provider answers. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A whole answer. */
  readonly json?: unknown;
  /** Pieces of a streamed one, as they go over the wire. */
  readonly chunks?: readonly string[];
  /** The stream does not end: somebody has to stop it. */
  readonly isOpen?: boolean;
  /** The connection breaks after the pieces. */
  readonly isBroken?: boolean;
}

/** A request that came in. */
export interface Asked {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Record<string, unknown>;
}

/** A server in the place of a provider's. */
export interface Provider {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** Resolves when a client has cut off a stream. */
  readonly cutOff: Promise<void>;
}

/** Serves one reply to each request, for one test; the last is repeated. */
export async function serve(...replies: readonly Reply[]): Promise<Provider> {
  const asked: Asked[] = [];
  const cut = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    void readAll(request).then((text) => {
      asked.push({ path: request.url ?? "", headers: request.headers, body: parsed(text) });
      response.on("close", () => cut.resolve());
      answer(response, replies[asked.length - 1] ?? replies.at(-1) ?? {});
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked, cutOff: cut.promise };
}

function answer(response: ServerResponse, reply: Reply): void {
  const { status = 200, json, chunks = [], headers = {} } = reply;
  const type = json === undefined ? "text/event-stream" : "application/json";
  response.writeHead(status, { "content-type": type, ...headers });
  if (json !== undefined) {
    response.end(JSON.stringify(json));
    return;
  }
  for (const chunk of chunks) response.write(chunk);
  if (reply.isBroken === true) response.write("", () => response.destroy());
  else if (reply.isOpen !== true) response.end();
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return { form: text };
  }
}

/** Values as server-sent events. */
export function events(values: readonly unknown[], end: readonly string[] = []): string[] {
  return [...values.map((value) => `data: ${JSON.stringify(value)}\n\n`), ...end];
}

/** A value that says what it is. */
export interface NamedEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Values as server-sent events that are named by their type. */
export function namedEvents(values: readonly NamedEvent[]): string[] {
  return values.map((value) => `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`);
}

/** Everything that a stream gives. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}
