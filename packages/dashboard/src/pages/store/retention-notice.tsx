import type { StoreDescription } from "@rivulet/core";
import type { JSX } from "preact";
import { serverNow } from "../../api/server-clock.ts";
import { useQuery } from "../../api/use-query.ts";
import { Icon } from "../../components/icon.tsx";
import { formatTime } from "../../format/times.ts";
import { askStore } from "../../questions/store.ts";
import { askTraceCount } from "../../questions/traces.ts";
import { paths } from "../../routing/paths.ts";
import { isByDefault, policyWords } from "./retention-words.ts";

/**
 * Before the first traces are removed that nobody has said should be: what will go, from when on, and how to keep it.
 * Where no trace is old enough yet, and the store is small, there is nothing to be told of: its page says what is kept.
 */
export function RetentionNotice(): JSX.Element | null {
  const description = useQuery(askStore).data;
  const { policy = false, firstRemovalAt = 0 } = description?.retention ?? {};
  const isAhead =
    policy !== false &&
    description !== undefined &&
    isByDefault(description.retention) &&
    firstRemovalAt > serverNow();
  const { maxAgeMs } = policy === false ? {} : policy;
  const tooOld = useQuery(
    isAhead && maxAgeMs !== undefined
      ? askTraceCount({ filter: `startTime < ${firstRemovalAt - maxAgeMs} AND pinned IS NULL` })
      : undefined,
  ).data;
  if (!isAhead || ((tooOld ?? 0) === 0 && !isTooLarge(description))) return null;
  return (
    <div class="notice tone-warn">
      <Icon name="clock" />
      <div>
        <p>
          Traces {policyWords(policy)} will be removed from{" "}
          <time dateTime={new Date(firstRemovalAt).toISOString()}>
            {formatTime(firstRemovalAt)}
          </time>{" "}
          on. Pin those that are to stay, or set the option <code>retention</code> of your app.
        </p>
        <p>
          <a href={paths.store}>What is kept, and for how long</a>
        </p>
      </div>
    </div>
  );
}

/** There are more traces than the policy keeps, or they may take more room: they are in the database with all else. */
function isTooLarge({ retention: { policy }, facts }: StoreDescription): boolean {
  if (policy === false) return false;
  const { maxTraces = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY } = policy;
  return (facts.rows["trace"] ?? 0) > maxTraces || facts.usedBytes > maxBytes;
}
