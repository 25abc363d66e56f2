import { type Rivulet, RivuletError } from "@rivulet/core";
import { defaultRivulet } from "./default-client.ts";

/** What a tracing function takes, by which it tells a client from what is none. */
export interface ClientKind {
  /** The function that is called, such as `traceOpenAI`. */
  readonly by: string;
  /** What it takes, such as `new OpenAI()`. */
  readonly example: string;
  /** Whether this is such a client. It may throw for what is none. */
  readonly isClient: (client: object) => boolean;
}

/**
 * Gives `trace` the client, once, and returns the client. What is no such client, or cannot be changed, stays as it is, and
 * is reported: a call that goes unrecorded is never silent.
 *
 * @param trace changes the client; `false` when it could change nothing
 * @throws {RivuletError} `invalid_argument` when there is no client at all, or the second argument is no client of Rivulet
 */
export function takeClient<C extends object>(
  { client, rivulet }: { readonly client: C; readonly rivulet: Rivulet | undefined },
  kind: ClientKind,
  trace: (rivulet: Rivulet) => boolean,
): C {
  checkArguments(client, rivulet, kind);
  const recorder = rivulet ?? defaultRivulet();
  if (isTraced(client)) return client;
  if (!looksLikeClient(client, kind)) {
    recorder.reportError(untraced(kind, `This is none, so its calls are not recorded.`));
  } else if (trace(recorder)) markTraced(client);
  else {
    recorder.reportError(
      untraced(kind, "This one cannot be changed (is it frozen?), so its calls are not recorded."),
    );
  }
  return client;
}

function checkArguments(client: unknown, rivulet: unknown, { by, example }: ClientKind): void {
  if ((typeof client !== "object" && typeof client !== "function") || client === null) {
    const given = client === null ? "null" : typeof client;
    throw new RivuletError(
      "invalid_argument",
      `${by} takes a client such as ${example}; it got ${given}.`,
    );
  }
  if (rivulet === undefined || rivulet === null || isRivulet(rivulet)) return;
  const message = `The second argument of ${by} is the client that createRivulet() returns.`;
  throw new RivuletError("invalid_argument", message);
}

function isRivulet(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && "startSpan" in value && "reportError" in value
  );
}

function looksLikeClient(client: object, { isClient }: ClientKind): boolean {
  try {
    return isClient(client);
  } catch {
    return false;
  }
}

function untraced({ by, example }: ClientKind, what: string): RivuletError {
  return new RivuletError("invalid_argument", `${by} takes a client such as ${example}. ${what}`);
}

interface Globals {
  [TRACED]?: WeakSet<object>;
}

/** Beside the clients, which may be frozen, and for all copies of this package. */
const TRACED: unique symbol = Symbol.for("@rivulet/providers:traced") as typeof TRACED;

function tracedClients(): WeakSet<object> {
  const globals = globalThis as Globals;
  globals[TRACED] ??= new WeakSet();
  return globals[TRACED];
}

/** Whether the client is traced already, or inherits from one that is. */
function isTraced(client: object): boolean {
  const traced = tracedClients();
  let own: object | null = client;
  while (own !== null && !traced.has(own)) own = Reflect.getPrototypeOf(own);
  return own !== null;
}

function markTraced(client: object): void {
  tracedClients().add(client);
}
