import type { JSX } from "preact";
import { useEffect, useReducer } from "preact/hooks";
import { useQuery } from "../../api/use-query.ts";
import { formatCount } from "../../format/numbers.ts";
import { formatDuration } from "../../format/times.ts";
import { askRunOwners } from "../../questions/tracking.ts";

/** Who writes to a running run say so every 30 seconds: after three times they are missed. */
const MISSED_MS = 90_000;

/** When the processes that write to a running run were last heard of, and how many they are. */
export function RunOwners({ runId }: { runId: string }): JSX.Element | null {
  const owners = useQuery(askRunOwners(runId)).data;
  const [, tick] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const timer = setInterval(() => tick(undefined), 1_000);
    return () => clearInterval(timer);
  }, []);
  if (owners === undefined) return null;
  if (owners.heardAt === undefined) return <>no process says that it writes to it</>;
  const silentMs = Math.max(0, Date.now() - owners.heardAt);
  const seconds = Math.floor(silentMs / 1_000) * 1_000;
  const heard = seconds === 0 ? "just now" : `${agoWords(seconds)} ago`;
  const processes = owners.count === 1 ? "1 process" : `${formatCount(owners.count)} processes`;
  return (
    <span class={silentMs > MISSED_MS ? "tone-warn" : ""}>
      last heard of {heard}, {processes}
    </span>
  );
}

function agoWords(ms: number): string {
  return ms < 60_000 ? `${ms / 1_000} s` : formatDuration(ms);
}
