import type { Run } from "@rivulet/core";
import type { JSX } from "preact";
import { usePages, useQuery } from "../../api/use-query.ts";
import { Chip } from "../../components/chips.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { Facts } from "../../components/page.tsx";
import { registeredAs } from "../../components/registered-as.tsx";
import { StatusBadge } from "../../components/status.tsx";
import { Age, Duration } from "../../components/time.tsx";
import { askEvaluations } from "../../questions/evaluations.ts";
import { askRun, askVersionsOfRun } from "../../questions/tracking.ts";
import { paths } from "../../routing/paths.ts";
import { allOf, quote } from "../../search/filter-text.ts";
import { DatasetLink } from "../evaluations/dataset-link.tsx";
import { RunOwners } from "./run-owners.tsx";

/** The facts under a run's name. */
export function RunFacts({ run }: { run: Run }): JSX.Element {
  // The page asks for it, too: it is fetched once.
  const evaluation = usePages(askEvaluations({ filter: allOf(`id = ${quote(run.id)}`) })).data?.[0];
  const versions = usePages(askVersionsOfRun(run.id)).data ?? [];
  return (
    <Facts
      facts={[
        ["Status", <StatusBadge key="status" status={run.status} />],
        run.status === "running"
          ? ["Written by", <RunOwners key="owners" runId={run.id} />]
          : undefined,
        run.lifecycleStage === "deleted"
          ? [
              "Deleted",
              <Chip key="deleted" tone="warn">
                Hidden from lists
              </Chip>,
            ]
          : undefined,
        ["Started", <Age key="age" time={run.startTime} />],
        ["Duration", <Duration key="duration" start={run.startTime} end={run.endTime} />],
        run.userId === undefined ? undefined : ["User", run.userId],
        run.parentRunId === undefined
          ? undefined
          : ["Nested in", <ParentLink key="parent" run={run} />],
        evaluation?.datasetName === undefined
          ? undefined
          : ["Dataset", <DatasetLink key="dataset" evaluation={evaluation} />],
        registeredAs(versions),
        [
          "Id",
          <span key="id">
            <code>{run.id.slice(0, 12)}</code>
            <CopyButton text={run.id} label="Copy the run's id" />
          </span>,
        ],
      ]}
    />
  );
}

function ParentLink({ run }: { run: Run }): JSX.Element {
  const id = run.parentRunId ?? "";
  const parent = useQuery(askRun(id)).data;
  return (
    <a href={paths.run({ experimentId: run.experimentId, id })}>
      {parent?.name ?? id.slice(0, 12)}
    </a>
  );
}
