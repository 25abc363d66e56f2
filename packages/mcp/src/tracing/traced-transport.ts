import type { ActiveSpan, Rivulet } from "@rivulet/core";
import { endWithResult, fieldsOf } from "./call-result.ts";

/** What transports of MCP clients have in common, those of the SDK and those of `@ai-sdk/mcp`. */
export interface ClientTransport {
  /** Sends a message to the server. */
  send(message: never, ...rest: never[]): Promise<void>;
  /** Ends the connection. */
  close(): Promise<void>;
}

/** Calls that get a span, and where its name is. */
const CALLS: Readonly<Record<string, string>> = {
  "tools/call": "name",
  "prompts/get": "name",
  "resources/read": "uri",
};
/** Most calls that are waited for; of more the oldest has no end. */
const MAX_CALLS = 1_000;

/**
 * The transport of an MCP client, traced: each call of a tool, prompt or resource is a span, an answer with `isError`
 * an error, and the trace goes to the server in `_meta`. Give it to the client in place of the transport.
 *
 * ```ts
 * await client.connect(tracedTransport(rivulet, new StdioClientTransport({ command: "server" })));
 * ```
 */
export function tracedTransport<T extends ClientTransport>(rivulet: Rivulet, transport: T): T {
  const calls = createCalls(rivulet);
  const plain = transport as unknown as PlainTransport;
  const send: PlainTransport["send"] = (message, ...rest) => {
    const { traced, span } = calls.begin(message);
    if (span === undefined) return plain.send(traced, ...rest);
    return rivulet.runInSpan(span, async () => {
      try {
        await plain.send(traced, ...rest);
      } catch (error) {
        span.end({ error: error ?? "nothing was thrown" });
        throw error;
      }
    });
  };
  return new Proxy(transport, {
    get(target, key) {
      if (key === "send") return send;
      const value: unknown = Reflect.get(target, key, target);
      // Called on the proxy, methods would not reach the private fields of the transport.
      return typeof value === "function" && !key.toString().startsWith("on")
        ? value.bind(target)
        : value;
    },
    set(target, key, value: unknown) {
      return Reflect.set(target, key, listener(key, value, calls), target);
    },
  });
}

interface PlainTransport {
  send(message: unknown, ...rest: unknown[]): Promise<void>;
}

type Listener = (this: unknown, ...args: unknown[]) => unknown;

/** The client's listener, which is told what we have looked at. */
function listener(key: string | symbol, value: unknown, calls: Calls): unknown {
  if (typeof value !== "function") return value;
  const listen = value as Listener;
  const look = { onmessage: calls.answered, onclose: calls.closed }[String(key)];
  if (look === undefined) return value;
  return function (this: unknown, ...args: unknown[]): unknown {
    look(args[0]);
    return listen.apply(this, args);
  };
}

/** The calls that have no answer yet. */
interface Calls {
  /** A message goes out: with the trace in it, and with a span if it is a call. */
  begin(message: unknown): { readonly traced: unknown; readonly span?: ActiveSpan };
  /** A message came. */
  answered(message: unknown): void;
  /** No answer comes any more. */
  closed(): void;
}

function createCalls(rivulet: Rivulet): Calls {
  const open = new Map<unknown, ActiveSpan>();

  function take(id: unknown): ActiveSpan | undefined {
    const span = open.get(id);
    open.delete(id);
    return span;
  }

  function start(method: string, params: unknown): ActiveSpan | undefined {
    const field = CALLS[method];
    if (field === undefined) return undefined;
    const { [field]: target, arguments: input } = fieldsOf(params);
    // A library that calls its tools by MCP has a span of the tool already.
    const type = method === "tools/call" && rivulet.activeSpan()?.type !== "tool" ? "tool" : "task";
    return rivulet.startSpan(`${method} ${String(target)}`, {
      type,
      input,
      attributes: { "mcp.method.name": method },
    });
  }

  function keep(id: unknown, span: ActiveSpan): void {
    const [oldest] = open.size < MAX_CALLS ? [] : open.keys();
    if (oldest !== undefined) cancel(take(oldest));
    open.set(id, span);
  }

  return {
    begin(message) {
      const { id, method, params } = fieldsOf(message);
      if (method === "notifications/cancelled") cancel(take(fieldsOf(params)["requestId"]));
      if (typeof method !== "string" || id === undefined) return { traced: message };
      const span = start(method, params);
      const traced = withTraceOf(message, rivulet.traceHeaders({ span }));
      if (span === undefined) return { traced };
      keep(id, span);
      return { traced, span };
    },
    answered(message) {
      const { id, method, result, error } = fieldsOf(message);
      // The server may use the same ids for its own requests.
      const span = id === undefined || method !== undefined ? undefined : take(id);
      if (span === undefined) return;
      if (error === undefined) endWithResult(span, result);
      else span.end({ error });
    },
    closed() {
      for (const id of [...open.keys()]) cancel(take(id));
    },
  };
}

function cancel(span: ActiveSpan | undefined): void {
  span?.end({ status: "cancelled", statusMessage: "No answer was waited for any more." });
}

/** The message with the trace in its `_meta`, unless the app has put one there. */
function withTraceOf(message: unknown, headers: Readonly<Record<string, string>>): unknown {
  const { params } = fieldsOf(message);
  const { _meta } = fieldsOf(params);
  const isNothing = Object.keys(headers).length === 0;
  if (isNothing || fieldsOf(_meta)["traceparent"] !== undefined) return message;
  return {
    ...fieldsOf(message),
    params: { ...fieldsOf(params), _meta: { ...fieldsOf(_meta), ...headers } },
  };
}
