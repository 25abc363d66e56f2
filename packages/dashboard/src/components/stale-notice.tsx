import type { JSX } from "preact";
import { useEffect, useReducer } from "preact/hooks";
import { useObservable } from "../api/observable.ts";
import { type Outage, outage, tryNow } from "../api/reach.ts";
import { formatAge } from "../format/times.ts";
import { Icon } from "./icon.tsx";

/** Says that the server does not answer, how old what is shown has become, and when it is tried again. */
export function StaleNotice(): JSX.Element | null {
  const lasting = useObservable(outage);
  return lasting === undefined ? null : <Lasting outage={lasting} />;
}

function Lasting({ outage: { lastAnswer, nextTry } }: { outage: Outage }): JSX.Element {
  const [, tick] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const timer = setInterval(() => tick(undefined), 1_000);
    return () => clearInterval(timer);
  }, []);
  const wait = Math.ceil((nextTry - Date.now()) / 1_000);
  return (
    <div class="notice tone-warn stale-notice">
      <Icon name="warning" />
      <div>
        <p role="status">Rivulet does not answer.</p>
        <p class="muted">
          What you see is from {formatAge(lastAnswer, Date.now())};{" "}
          {wait > 0 ? `it is tried again in ${wait} s` : "it is tried again now"}.
        </p>
      </div>
      <button type="button" class="button" onClick={() => void tryNow()}>
        Try now
      </button>
    </div>
  );
}
