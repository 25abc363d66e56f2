import { ask, type Question } from "./query-client.ts";
import { useQuery } from "./use-query.ts";

/** How far the credentials of this page reach, least first. */
const LEVELS = ["public", "ingest", "read", "annotate", "write", "admin"] as const;

/** Who looks at this page. */
export interface Me {
  readonly id: string;
  readonly access: (typeof LEVELS)[number];
}

const meQuestion: Question<Me> = { ...ask<Me>({ subject: "me" }, "/me"), staleTime: 60_000 };

/** Who looks at this page; `undefined` until it is known. */
export function useMe(): Me | undefined {
  return useQuery(meQuestion).data;
}

/** Whether this page may do what needs `level`; `true` until the contrary is known. */
export function useCan(level: Me["access"]): boolean {
  const me = useMe();
  return me === undefined || LEVELS.indexOf(me.access) >= LEVELS.indexOf(level);
}
