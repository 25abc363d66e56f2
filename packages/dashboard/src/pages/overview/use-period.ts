import { serverNow } from "../../api/server-clock.ts";
import { useQuery } from "../../api/use-query.ts";
import { askOneTrace } from "../../questions/overview.ts";
import { useQueryState } from "../../routing/query-state.ts";
import type { Scope } from "../../routing/scope.ts";
import { type Period, readPeriod } from "./period.ts";
import { experimentsOf } from "./view.ts";

/** The range in the URL; `all` stands for all time, since nothing stands for the `usual` one. */
export function useRange(usual: string): readonly [string, (range: string) => void] {
  const [range, setRange] = useQueryState("range", usual);
  return [range === "all" ? "" : range, (next) => setRange(next === "" ? "all" : next)];
}

/** The period of a range of a scope. */
export function usePeriod(range: string, scope: Scope): Period {
  // A range that ends now moves once a minute, so that the questions stay the same in between.
  const now = Math.ceil(serverNow() / 60_000) * 60_000;
  const isAll = range === "";
  const oldest = useQuery(
    isAll ? askOneTrace({ filter: "", ...experimentsOf(scope) }, "startTime ASC") : undefined,
  );
  return readPeriod(range, { now, first: oldest.data?.items[0]?.startTime ?? now - 86_400_000 });
}
