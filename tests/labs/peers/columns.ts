import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { LangfuseSpanProcessor } from "@langfuse/otel";
import { setLangfuseTracerProvider } from "@langfuse/tracing";
import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import { createRivulet, type Rivulet } from "@rivulet/core";
import { Client } from "langsmith";
import { onTestFinished } from "vitest";

/** Everything that each of the three has kept of a run, as text. */
export interface Kept {
  readonly rivulet: string;
  readonly langfuse: string;
  readonly langsmith: string;
}

/** The three, each as its README sets it up. */
export interface Columns {
  readonly rivulet: Rivulet;
  readonly langfuse: BasicTracerProvider;
  readonly langsmith: Client;
  /** Sends what waits, and tells what was kept. */
  kept(): Promise<Kept>;
}

/** Opens them for one test. */
export async function openColumns(): Promise<Columns> {
  const rivulet = createRivulet({ store: "memory:" });
  onTestFinished(() => rivulet.close());
  const langfuseServer = await openCapture();
  const langsmithServer = await openCapture();
  const exporter = new OTLPTraceExporter({ url: `${langfuseServer.url}/otel/v1/traces` });
  const processor = new LangfuseSpanProcessor({
    baseUrl: langfuseServer.url,
    publicKey: "pk-lf-test",
    secretKey: "sk-lf-test",
    exporter,
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  onTestFinished(() => context.disable());
  const langfuse = new BasicTracerProvider({ spanProcessors: [processor] });
  setLangfuseTracerProvider(langfuse);
  const langsmith = new Client({
    apiUrl: langsmithServer.url,
    apiKey: "key",
    autoBatchTracing: false,
  });
  return {
    rivulet,
    langfuse,
    langsmith,
    async kept() {
      await processor.forceFlush();
      await langfuse.shutdown();
      await langsmith.awaitPendingTraceBatches();
      return {
        rivulet: plain(await readRivulet(rivulet)),
        langfuse: plain(langfuseServer.bodies.join("\n")),
        langsmith: plain(langsmithServer.bodies.join("\n")),
      };
    },
  };
}

/** JSON inside JSON reads like JSON. */
function plain(text: string): string {
  return text.replaceAll("\\", "");
}

async function readRivulet({ flush, traces }: Rivulet): Promise<string> {
  await flush();
  const { items } = await traces.search();
  const kept = await Promise.all(
    items.map(async (trace) => {
      const files = await traces.listAttachments(trace.id);
      const bytes = await Promise.all(
        files.map(async ({ hash }) => {
          const { content } = await traces.getAttachment(hash);
          return Buffer.from(content).toString("base64");
        }),
      );
      return { trace, spans: await traces.loadSpans(trace.id), bytes };
    }),
  );
  return JSON.stringify(kept);
}

interface Capture {
  readonly url: string;
  readonly bodies: string[];
}

/** A server that takes everything, and answers as Langfuse's does when it is given media. */
async function openCapture(): Promise<Capture> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const isUpload = request.method === "PUT";
      bodies.push(isUpload ? body.toString("base64") : body.toString());
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(isUpload ? {} : mediaAnswer(request, body)));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies };
}

/** Langfuse names media by their hash, and checks that the server does so. */
function mediaAnswer(request: IncomingMessage, body: Buffer): object {
  if (!request.url?.endsWith("/media")) return {};
  const { sha256Hash } = JSON.parse(body.toString()) as { readonly sha256Hash: string };
  const mediaId = sha256Hash.replaceAll("+", "-").replaceAll("/", "_").slice(0, 22);
  return { mediaId, uploadUrl: `http://${request.headers.host}/upload` };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
}
