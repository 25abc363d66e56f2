import type { Trace } from "@rivulet/core";
import type { FunctionComponent, JSX } from "preact";
import { useState } from "preact/hooks";
import { useQuery } from "../../api/use-query.ts";
import { lazyComponent } from "../../components/lazy-component.tsx";
import { Age } from "../../components/time.tsx";
import { askAnyRun, askOneTrace } from "../../questions/overview.ts";
import type { Scope } from "../../routing/scope.ts";
import { experimentsOf } from "./view.ts";

const FirstRun: FunctionComponent<{ scope: Scope; onDone: () => void }> = lazyComponent(
  async () => (await import("./first-run.tsx")).FirstRun,
);

/**
 * Stands for the overview while a scope has no records at all, and above it while there are none in the time that is
 * looked at.
 */
export function Quiet({
  scope,
  isEmpty,
  onRange,
  children,
}: {
  scope: Scope;
  /** Whether nothing is in the time that is looked at. */
  isEmpty: boolean;
  onRange: (range: string) => void;
  /** The overview itself. */
  children: JSX.Element;
}): JSX.Element | null {
  const [isFirst, setFirst] = useState(false);
  const within = experimentsOf(scope);
  const traces = useQuery(askOneTrace({ filter: "", ...within }, "startTime DESC")).data;
  const runs = useQuery(askAnyRun(within)).data;
  if (isFirst) return <FirstRun scope={scope} onDone={() => setFirst(false)} />;
  if (!isEmpty || traces === undefined || runs === undefined) return children;
  const latest = traces.items[0];
  if (latest === undefined && runs.items.length === 0) {
    // It stays when the first record comes, to say so.
    setFirst(true);
    return null;
  }
  return (
    <>
      <p class="notice">
        <QuietWords latest={latest} />
        {latest === undefined ? null : (
          <button type="button" class="button" onClick={() => onRange("")}>
            Show all time
          </button>
        )}
      </p>
      {children}
    </>
  );
}

function QuietWords({ latest }: { latest: Trace | undefined }): JSX.Element {
  if (latest === undefined) return <span>There are runs here, but no traces yet.</span>;
  return (
    <span>
      No traces in this time. The latest was <Age time={latest.startTime} />.
    </span>
  );
}
