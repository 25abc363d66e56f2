import { createClient, type RivuletClient } from "@rivulet/client";
import { addressOf } from "@rivulet/client/addresses";
import { createRivulet, type Operation, type Rivulet } from "@rivulet/core";
import { fixedClock, sequentialIds } from "@rivulet/core/testing";
import { createHandler, type Handler } from "@rivulet/server";
import { callCommand } from "./command-line.ts";
import { mcpDoor } from "./mcp-door.ts";
import { operationOf } from "./operation-of.ts";

/** The input of an operation: arguments and options as one object. */
export type Input = Readonly<Record<string, unknown>>;

/** A way to call operations. */
export interface Door {
  readonly name: string;
  call(operation: Operation, input: Input): Promise<unknown>;
  /** Ends what the door has opened. */
  close?(): Promise<void>;
}

/** What came of a call. */
export type Outcome =
  | { readonly answer: unknown }
  | { readonly code: string; readonly field: unknown; readonly message: string };

/** A client in this process, and a door to it. */
export interface Served {
  readonly rivulet: Rivulet;
  readonly door: Door;
  /** What was reported instead of thrown. */
  readonly errors: Error[];
  close(): Promise<void>;
}

/** How doors are made on a client. */
export type MakeDoor = (rivulet: Rivulet, handler: Handler) => Door;

/** All doors, by name. */
export const DOORS: Readonly<Record<string, MakeDoor>> = {
  process: (rivulet) => ({
    name: "process",
    call: (operation, input) => operation.run(rivulet, input),
  }),
  http: (_, handler) => ({
    name: "http",
    call: (operation, input) => callOverHttp(handler, operation, input),
  }),
  client: (_, handler) => {
    const client = createClient({
      baseUrl: "http://localhost/mlops",
      fetch: (url, init) => send(handler, new Request(url, init)),
    });
    return {
      name: "client",
      call: (operation, input) => callClient(client, operation, input),
    };
  },
  "command line": (rivulet) => ({
    name: "command line",
    call: (operation, input) => callCommand(rivulet, operation, input),
  }),
  mcp: mcpDoor,
};

/** A fresh store with ids that count and a clock that stands still, behind a door. */
export function serve(makeDoor: MakeDoor): Served {
  const errors: Error[] = [];
  const rivulet = createRivulet({
    store: "memory:",
    clock: fixedClock(),
    ids: sequentialIds(),
    random: () => 0.5,
    onError: (error) => errors.push(error),
  });
  const handler = createHandler(rivulet, { auth: "none" });
  const door = makeDoor(rivulet, handler);
  const close = async (): Promise<void> => {
    await door.close?.();
    await handler.close();
    await rivulet.close();
  };
  return { rivulet, door, errors, close };
}

/** What comes of a call: what JSON keeps of the answer, or the error. */
export async function outcomeOf(door: Door, id: string, input: Input): Promise<Outcome> {
  try {
    return { answer: plain(await door.call(operationOf(id), input)) };
  } catch (error) {
    const { code, message, details } = error as {
      code: string;
      message: string;
      details?: Record<string, unknown>;
    };
    return {
      code: code ?? `no error of ours: ${String(error)}`,
      field: details?.["field"],
      message,
    };
  }
}

/** Data without methods. Page tokens are each store's own. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      key === "nextPageToken" ? typeof one : plain(one),
    ]),
  );
}

function send(handler: Handler, request: Request): Promise<Response> {
  return handler(request, { basePath: "/mlops", peerAddress: "127.0.0.1" });
}

/** Written by hand, as somebody would with the OpenAPI document. */
async function callOverHttp(handler: Handler, { id }: Operation, input: Input): Promise<unknown> {
  const { method, path, inPath, hasBody } = addressOf(id);
  const url = new URL("http://localhost/mlops");
  const part = (_: string, name: string): string => encodeURIComponent(String(input[name] ?? ""));
  url.pathname += `/api/v1${path.replaceAll(/:(\w+)/g, part)}`;
  const others = Object.entries(input).filter(([name]) => !inPath.includes(name));
  if (!hasBody) {
    for (const [name, value] of others)
      for (const one of [value].flat()) url.searchParams.append(name, textOf(one));
  }
  const body = hasBody ? { body: JSON.stringify(Object.fromEntries(others)) } : {};
  const headers = hasBody ? { "content-type": "application/json" } : {};
  const response = await send(handler, new Request(url, { method, headers, ...body }));
  if (response.status === 204) return undefined;
  const answer = await response.json();
  if (response.ok) return answer;
  if (response.status >= 500) throw new Error(`${response.status}: ${JSON.stringify(answer)}`);
  throw answer.error;
}

function textOf(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

type Verb = (...given: readonly unknown[]) => Promise<unknown>;

async function callClient(
  client: RivuletClient,
  { id, positional }: Operation,
  input: Input,
): Promise<unknown> {
  const [group = "", verb = ""] = id.split(".");
  const verbs = client[group as "runs"] as unknown as Readonly<Record<string, Verb>>;
  const others = Object.entries(input).filter(([name]) => !positional.includes(name));
  const options = others.length === 0 && positional.length > 0 ? [] : [Object.fromEntries(others)];
  return verbs[verb]?.(...positional.map((name) => input[name]), ...options);
}
