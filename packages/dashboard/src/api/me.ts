import type { Caller } from "@rivulet/client";
import { rivulet } from "./client.ts";
import type { Question } from "./query-client.ts";
import { useQuery } from "./use-query.ts";

/** How far the credentials of this page reach, least first. */
const LEVELS = ["public", "ingest", "read", "annotate", "write", "admin"] as const;

/** Who looks at this page. */
export type Me = Caller;

const meQuestion: Question<Me> = {
  queryKey: ["me", null, "me"],
  queryFn: ({ signal }) => rivulet.withSignal(signal).me(),
  staleTime: 60_000,
};

/** Who looks at this page; `undefined` until it is known. */
export function useMe(): Me | undefined {
  return useQuery(meQuestion).data;
}

/** Whether this page may do what needs `level`; `true` until the contrary is known. */
export function useCan(level: Me["access"]): boolean {
  const me = useMe();
  return me === undefined || LEVELS.indexOf(me.access) >= LEVELS.indexOf(level);
}
