import type { Operation, Rivulet } from "@rivulet/core";
import type { ExitCode } from "../exit-code.ts";
import { openClient, openReadOnly } from "../open-client.ts";
import { requireStore } from "../store-presence.ts";

/** Verbs that may create the store. */
const BEGINNINGS: readonly string[] = ["create", "ensure", "register"];

/** Opens the client that an operation works with. */
export type OpenFor = typeof openFor;

/**
 * A client for one operation: a read cannot change the store, and only a verb that creates something creates a store.
 *
 * @throws RivuletError `not_found` when there is no store
 */
export async function openFor(
  { id, access }: Pick<Operation, "id" | "access">,
  url: string,
): Promise<Rivulet> {
  const verb = id.slice(id.indexOf(".") + 1);
  if (!BEGINNINGS.includes(verb)) {
    await requireStore(url, ". Name the one that your app records to: --store URL");
  }
  return access === "read" ? openReadOnly(url) : openClient(url);
}

/** What the verbs of a group work with. */
export interface VerbOptions {
  /** Receives the exit code of the process. */
  readonly finish: (code: ExitCode) => void;
  /** @default the store of `--store` */
  readonly open?: OpenFor;
}
