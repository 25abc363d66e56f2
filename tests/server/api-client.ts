import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRivulet, type Rivulet, type Store } from "@rivulet/core";
import { fixedClock, sequentialIds } from "@rivulet/core/testing";
import {
  createHandler,
  type Handler,
  type HandlerContext,
  type HandlerOptions,
} from "@rivulet/server";
import { expect, onTestFinished } from "vitest";

/** The stores that the API is tried on. */
export const STORES = ["memory", "sqlite"] as const;

/** A request as this machine's browserless programs make it. */
export const LOCAL: HandlerContext = { basePath: "", peerAddress: "127.0.0.1" };

export const START = 1_700_000_000_000;

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** The API of a handler, called without sockets. */
export interface ApiClient {
  readonly rivulet: Rivulet;
  readonly handler: Handler;
  /** What was reported instead of thrown; tests that expect nothing leave it alone. */
  readonly errors: Error[];
  /** `call("GET /runs")`, `call("POST /runs", { name: "a" })` below `/api/v1`. */
  call(route: string, body?: unknown): Promise<Answer>;
  send(path: string, init?: RequestInit, context?: Partial<HandlerContext>): Promise<Answer>;
}

/** A handler on a fresh store with counting ids and a standing clock, closed after the test. */
export async function anApi(
  kind: (typeof STORES)[number] = "memory",
  options: HandlerOptions = {},
): Promise<ApiClient> {
  const client = aRivulet(
    kind === "memory" ? "memory:" : `sqlite:${join(await aFolder(), "test.db")}`,
  );
  onTestFinished(client.close);
  const { handler, ...api } = apiOf(client.rivulet, options);
  onTestFinished(handler.close);
  return { ...api, handler, errors: client.errors };
}

/** A client that several tests share. */
export interface SharedRivulet {
  readonly rivulet: Rivulet;
  readonly errors: Error[];
  /** Closes it; fails when an answer did not fit its schema. */
  close(): Promise<void>;
}

/** A client on a store, with counting ids and a standing clock. */
export function aRivulet(store: string | Store): SharedRivulet {
  const errors: Error[] = [];
  const rivulet = createRivulet({
    store,
    clock: fixedClock(START),
    ids: sequentialIds(),
    onError: (error) => errors.push(error),
  });
  const close = async (): Promise<void> => {
    await rivulet.close();
    expect(errors.filter(({ message }) => message.includes("does not fit its schema"))).toEqual([]);
  };
  return { rivulet, errors, close };
}

/** A handler for this machine, without token or dashboard: no test depends on whether one is built. */
export function aHandler(rivulet: Rivulet, options: HandlerOptions = {}): Handler {
  const uiFolder = join(tmpdir(), "no-dashboard");
  return createHandler(rivulet, { uiFolder, auth: "local", ...options });
}

/** The API of a client, called without sockets. */
export function apiOf(rivulet: Rivulet, options: HandlerOptions = {}): Omit<ApiClient, "errors"> {
  const handler = aHandler(rivulet, options);
  const send: ApiClient["send"] = (path, init, context) =>
    ask(handler, new Request(`http://localhost${path}`, init), { ...LOCAL, ...context });
  return {
    rivulet,
    handler,
    send,
    call(route, body) {
      const [method = "", path = ""] = route.split(" ");
      return send(`/api/v1${path}`, { method, ...(body === undefined ? {} : asJson(body)) });
    },
  };
}

/** Asks a handler, and reads JSON where it is JSON. */
export async function ask(
  handler: Handler,
  request: Request,
  context: HandlerContext = LOCAL,
): Promise<Answer> {
  const response = await handler(request, context);
  const { status, headers } = response;
  const text = await response.text();
  const isJson = headers.get("content-type")?.startsWith("application/json") ?? false;
  return { status, headers, body: isJson && text !== "" ? JSON.parse(text) : text };
}

function asJson(body: unknown): RequestInit {
  return { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

/** A folder that is gone after the test. */
export async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-server-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
