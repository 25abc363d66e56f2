import type { JSX } from "preact";
import { serverNow } from "../../api/server-clock.ts";
import { useQuery } from "../../api/use-query.ts";
import { Icon } from "../../components/icon.tsx";
import { formatTime } from "../../format/times.ts";
import { askStore } from "../../questions/store.ts";
import { paths } from "../../routing/paths.ts";
import { isByDefault, policyWords } from "./retention-words.ts";

/** Before the first traces are removed that nobody has said should be: what will go, from when on, and how to keep it. */
export function RetentionNotice(): JSX.Element | null {
  const retention = useQuery(askStore).data?.retention;
  if (retention === undefined || retention.policy === false || !isByDefault(retention)) return null;
  const { firstRemovalAt = 0 } = retention;
  if (firstRemovalAt <= serverNow()) return null;
  return (
    <div class="notice tone-warn">
      <Icon name="clock" />
      <div>
        <p>
          Traces {policyWords(retention.policy)} will be removed from{" "}
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
