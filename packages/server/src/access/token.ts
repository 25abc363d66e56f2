import type { Rivulet } from "@rivulet/core";
import { Refusal } from "../http/refusal.ts";
import { keepToken, makeToken, tokenPath } from "./kept-token.ts";

/** The secret that callers need when no `auth` is set. */
export interface Token {
  readonly secret: string;
  /**
   * `given` by the option or `RIVULET_TOKEN`, `kept` in a file beside the store, or made for this `process` when there
   * is no such file.
   */
  readonly origin: "given" | "kept" | "process";
}

/** What finds a token. */
export interface TokenSource {
  readonly rivulet: Pick<Rivulet, "stats" | "reportError">;
  /** The one that was given, if any. */
  readonly given: string | undefined;
}

/**
 * The token of a client's store. The first call looks for it, and opens the store.
 *
 * @throws Refusal 503 when the store cannot be opened; the reason is reported to the app, not to the caller
 */
export function createToken({ rivulet, given }: TokenSource): () => Promise<Token> {
  if (given !== undefined) return async () => ({ secret: given, origin: "given" });
  let found: Promise<Token> | undefined;
  return () => {
    found ??= find(rivulet).catch((error: unknown) => {
      found = undefined;
      throw error;
    });
    return found;
  };
}

async function find(rivulet: TokenSource["rivulet"]): Promise<Token> {
  const { store } = await rivulet.stats().catch((error: unknown) => {
    rivulet.reportError(error);
    throw new Refusal({
      status: 503,
      code: "store_unavailable",
      message: "The store cannot be opened. The app's error log says why.",
    });
  });
  const path = store.readOnly === true ? undefined : tokenPath(store.url);
  if (path !== undefined) {
    try {
      return { secret: keepToken(path), origin: "kept" };
    } catch (error) {
      rivulet.reportError(error);
    }
  }
  return { secret: makeToken(), origin: "process" };
}
