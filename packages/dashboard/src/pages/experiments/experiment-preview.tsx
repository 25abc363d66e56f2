import type { Experiment } from "@rivulet/core";
import type { JSX } from "preact";
import { usePages, useQuery } from "../../api/use-query.ts";
import { Tags } from "../../components/chips.tsx";
import { Facts, Section } from "../../components/page.tsx";
import { StatusIcon } from "../../components/status.tsx";
import { Age } from "../../components/time.tsx";
import { Markdown } from "../../content/markdown.tsx";
import { formatCount } from "../../format/numbers.ts";
import { labelsOf, notesOf } from "../../questions/experiments.ts";
import { askTraceCount } from "../../questions/traces.ts";
import { askRunCount, askRuns } from "../../questions/tracking.ts";
import { paths } from "../../routing/paths.ts";

/** Runs listed in the side panel. */
const LISTED = 8;

/** An experiment in the side panel of the list: what was written about it, and its latest runs. */
export function ExperimentPreview({ experiment }: { experiment: Experiment }): JSX.Element {
  const experimentIds = [experiment.id];
  const runCount = useQuery(askRunCount({ experimentIds })).data;
  const traceCount = useQuery(askTraceCount({ experimentIds })).data;
  const latest = askRuns({ experimentIds, orderBy: "startTime DESC", limit: LISTED });
  const runs = usePages(latest).data ?? [];
  const notes = notesOf(experiment);
  return (
    <>
      <Facts
        facts={[
          ["Runs", runCount === undefined ? "…" : formatCount(runCount)],
          ["Traces", traceCount === undefined ? "…" : formatCount(traceCount)],
        ]}
      />
      <Tags tags={labelsOf(experiment)} />
      {notes === "" ? null : <Markdown text={notes} />}
      {runs.length === 0 ? null : (
        <Section title="Latest runs">
          <ul class="brief-turns">
            {runs.slice(0, LISTED).map((run) => (
              <li key={run.id}>
                <StatusIcon status={run.status} /> <a href={paths.run(run)}>{run.name}</a>{" "}
                <span class="muted">
                  <Age time={run.startTime} />
                </span>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}
