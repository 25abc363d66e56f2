import { MOUNT_URL } from "../api/mount-url.ts";
import { createObservable, type Observable } from "../api/observable.ts";

/** Why the page cannot show anything yet, as the server says it. */
export interface MissingToken {
  /** Opens this page with the token. */
  readonly command: string;
  /** Where the token is: given to the app, kept beside its store, or of the app's process, which has printed it. */
  readonly token: "given" | "kept" | "process";
  /** Whether the address carried a token, and it was not the right one. */
  readonly wasWrong: boolean;
}

/** What the server misses; `undefined` while nothing is missing. */
export const missingToken: Observable<MissingToken | undefined> = createObservable<
  MissingToken | undefined
>(undefined);

/** The route lies directly under the mount, so that its cookie is for all of it. */
const URL_OF_ROUTE = `${MOUNT_URL}sign-in`;
const TOKEN = /^#token=([^&]*)/;

/**
 * Signs in with the token that the address carries behind `#`, and takes it out of the address: it is not to be
 * bookmarked, shared or shown.
 */
export async function signInFromAddress(): Promise<void> {
  const [, token] = TOKEN.exec(location.hash) ?? [];
  if (token === undefined) return checkSignIn();
  history.replaceState(null, "", location.pathname + location.search);
  const wasWrong = !(await signIn(decode(token)));
  await checkSignIn({ wasWrong });
}

/** Signs in when an address with a token is entered into a page that is open: the browser does not load it anew. */
export function watchAddress(): void {
  addEventListener("hashchange", () => {
    if (TOKEN.test(location.hash)) void signInFromAddress().then(reloadIfSignedIn);
  });
}

function reloadIfSignedIn(): void {
  if (missingToken.get() === undefined) location.reload();
}

/** Brings the token to the server, which gives a cookie for it. @returns whether it is the right one */
export async function signIn(token: string): Promise<boolean> {
  const response = await send({
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token }),
  });
  return response?.ok ?? false;
}

/** Asks the server whether the token is missing. */
export async function checkSignIn({ wasWrong = false } = {}): Promise<void> {
  const response = await send({});
  const body: unknown = response?.status === 401 ? await response.json().catch(() => null) : null;
  const missing = detailsOf(body);
  if (missing === undefined) missingToken.set(undefined);
  // The same page again would lose what was typed into it.
  else if (wasWrong || missingToken.get() === undefined) missingToken.set({ ...missing, wasWrong });
}

/** What a 401 says of the token; `undefined` where the app has an `auth` of its own. */
function detailsOf(body: unknown): Omit<MissingToken, "wasWrong"> | undefined {
  const details = fieldOf(fieldOf(body, "error"), "details");
  const command = fieldOf(details, "command");
  const token = fieldOf(details, "token");
  const isKnown = token === "given" || token === "kept" || token === "process";
  return typeof command === "string" && isKnown ? { command, token } : undefined;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

async function send(init: RequestInit): Promise<Response | undefined> {
  // Without an answer the pages say so themselves.
  return fetch(URL_OF_ROUTE, { ...init, credentials: "same-origin" }).catch(() => undefined);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
