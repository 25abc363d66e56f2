import type { JSX } from "preact";
import { useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { Section } from "../../components/page.tsx";
import { StatusIcon } from "../../components/status.tsx";
import { Age } from "../../components/time.tsx";
import { askRunning } from "../../questions/overview.ts";
import { paths } from "../../routing/paths.ts";
import type { Scope } from "../../routing/scope.ts";
import { experimentsOf, is } from "./view.ts";

/** Runs that are under way now. */
export function RunningRuns({ scope }: { scope: Scope }): JSX.Element {
  const running = useQuery(askRunning(experimentsOf(scope)));
  return (
    <Section
      title="Running now"
      actions={
        <a href={paths.scoped("runs", scope, { clauses: is("status", "running") })}>All running</a>
      }
    >
      <Answered answer={running}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="muted">No run is under way.</p>
          ) : (
            <ul class="rows">
              {items.map((run) => (
                <li key={run.id}>
                  <a class="row-main" href={paths.run(run)}>
                    <StatusIcon status={run.status} /> {run.name}
                  </a>
                  <span class="row-facts muted">
                    started <Age time={run.startTime} />
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </Section>
  );
}
