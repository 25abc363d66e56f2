import { MOUNT_URL } from "../api/mount-url.ts";
import { createObservable, type Observable } from "../api/observable.ts";

/** Why the page cannot show anything yet. */
export interface MissingToken {
  /**
   * Where the token is: given to the app, kept beside its store, or of the app's process, which has printed it. Or a key
   * is missing, of which everybody has their own.
   */
  readonly token: "given" | "kept" | "process" | "key";
  /** Why the token that the address carried did not sign in. */
  readonly problem?: string | undefined;
}

/** What the server misses; `undefined` while nothing is missing. */
export const missingToken: Observable<MissingToken | undefined> = createObservable<
  MissingToken | undefined
>(undefined);

/** Whether a cookie lets this page in, so that it can be taken away. */
export const canSignOut: Observable<boolean> = createObservable(false);

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
  await checkSignIn(await signIn(decode(token)));
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

/** Brings the token to the server, which gives a cookie for it. @returns what is wrong, if anything */
export async function signIn(token: string): Promise<string | undefined> {
  const response = await send({
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token }),
  });
  if (response === undefined) return "Rivulet does not answer. Is it still running?";
  if (response.ok) return undefined;
  const message = fieldOf(fieldOf(await readBody(response), "error"), "message");
  return typeof message === "string" ? message : `The server answered ${response.status}.`;
}

/** Gives the cookie back, and shows how to sign in again: at the same place. */
export async function signOut(): Promise<void> {
  await send({ method: "DELETE" });
  location.reload();
}

/** Asks the server whether the token is missing. */
export async function checkSignIn(problem?: string): Promise<void> {
  const response = await send({});
  const body = response === undefined ? null : await readBody(response);
  canSignOut.set(fieldOf(body, "canSignOut") === true);
  const token = response?.status === 401 ? whereIsToken(body) : undefined;
  if (token === undefined) missingToken.set(undefined);
  // The same page again would lose what was typed into it.
  else if (problem !== undefined || missingToken.get() === undefined) {
    missingToken.set({ token, problem });
  }
}

const PLACES = ["given", "kept", "process", "key"] as const;

/** What a 401 says of the token; `undefined` where the app has an `auth` of its own. */
function whereIsToken(body: unknown): MissingToken["token"] | undefined {
  const token = fieldOf(fieldOf(fieldOf(body, "error"), "details"), "token");
  return PLACES.find((place) => place === token);
}

async function readBody(response: Response): Promise<unknown> {
  return response.json().catch(() => null);
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
