import { createClient, type RivuletClient } from "@rivulet/client";
import { MOUNT_URL } from "./mount-url.ts";
import { fetchWithClock } from "./server-clock.ts";

/** Rivulet, as the dashboard sees it: right under every mount path. */
export const rivulet: RivuletClient = createClient({
  baseUrl: MOUNT_URL,
  fetch: fetchWithClock,
});

type Groups = Omit<RivuletClient, "me" | "withSignal">;
type Group = keyof Groups & string;
type AsyncVerb = (...given: never[]) => Promise<unknown>;

type VerbsOf<G extends Group> = {
  [Name in keyof Groups[G] & string]: Groups[G][Name] extends AsyncVerb ? `${G}.${Name}` : never;
}[keyof Groups[G] & string];

/** A verb of the client, such as `runs.search`. */
export type VerbId = { [G in Group]: VerbsOf<G> }[Group];

/** The method of a verb. */
export type MethodOf<Id extends VerbId> = Id extends `${infer G extends Group}.${infer Name}`
  ? Name extends keyof Groups[G]
    ? Extract<Groups[G][Name], AsyncVerb>
    : never
  : never;

/** What a verb gives. */
export type AnswerOf<Id extends VerbId> = Awaited<ReturnType<MethodOf<Id>>>;

/** Calls a verb by its name. @throws RivuletError */
export function callVerb<Id extends VerbId>(
  client: RivuletClient,
  id: Id,
  given: Parameters<MethodOf<Id>>,
): Promise<AnswerOf<Id>> {
  const [group = "", name = ""] = id.split(".");
  const verbs = client as unknown as Record<string, Record<string, (...all: unknown[]) => unknown>>;
  return verbs[group]?.[name]?.(...given) as Promise<AnswerOf<Id>>;
}
