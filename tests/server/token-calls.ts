import { createRivulet, type Rivulet } from "@rivulet/core";
import {
  createHandler,
  type Handler,
  type HandlerContext,
  type HandlerOptions,
} from "@rivulet/server";
import { afterEach, beforeEach, onTestFinished, vi } from "vitest";
import { LOCAL } from "./api-client.ts";

/** The token that handlers of these tests have, where none is asked for. */
export const TOKEN = "a-token-for-tests";
export const ORIGIN = "http://localhost:3000";
/** A request of this machine to a handler at `/mlops`. */
export const MOUNT: HandlerContext = { ...LOCAL, basePath: "/mlops" };

/** What a request is beside its path. */
export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly context?: HandlerContext;
}

/** Gathers what is printed to stderr during each test, in an environment without a token. */
export function watchPrinted(): readonly string[] {
  const printed: string[] = [];
  beforeEach(() => {
    printed.length = 0;
    vi.stubEnv("RIVULET_TOKEN", undefined);
    vi.spyOn(process.stderr, "write").mockImplementation((text) => printed.push(String(text)) > 0);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });
  return printed;
}

/** A client that is closed after the test. */
export function aRivulet(store = "memory:", errors: Error[] = []): Rivulet {
  const rivulet = createRivulet({ store, onError: (error) => errors.push(error) });
  onTestFinished(() => rivulet.close().catch(() => undefined));
  return rivulet;
}

/** A handler as it is without any option, but for the token, where one is given. */
export function aHandlerOn(rivulet: Rivulet, options: HandlerOptions = { token: TOKEN }): Handler {
  return createHandler(rivulet, options);
}

/** Asks for a path below the mount. */
export function call(
  handler: Handler,
  path: string,
  { headers = {}, context = MOUNT }: CallOptions = {},
): Promise<Response> {
  return handler(new Request(`${ORIGIN}${context.basePath}${path}`, { headers }), context);
}

/** Brings a token to the sign-in route. */
export function postToken(
  handler: Handler,
  token: unknown,
  {
    context = MOUNT,
    more = {},
    origin = ORIGIN,
  }: {
    readonly context?: HandlerContext;
    readonly more?: Readonly<Record<string, string>>;
    readonly origin?: string;
  } = {},
): Promise<Response> {
  const headers = { "content-type": "application/json", ...more };
  const body = JSON.stringify({ token });
  const request = new Request(`${origin}/mlops/sign-in`, { method: "POST", headers, body });
  return handler(request, context);
}

/** The token of a handler, and the address that it is in. */
export async function tokenOf(
  handler: Handler,
): Promise<{ readonly token: string; readonly address: string }> {
  const address = await handler.signInUrl(`${ORIGIN}/mlops`);
  return { token: new URLSearchParams(new URL(address).hash.slice(1)).get("token") ?? "", address };
}

/** The cookie that an answer sets, as a browser sends it back. */
export function cookieOf(answer: Response): string {
  return answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

/** The header of a user and a password. */
export function basic(pair: string): string {
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}
