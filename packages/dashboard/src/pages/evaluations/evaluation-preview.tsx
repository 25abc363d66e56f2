import type { Evaluation } from "@rivulet/core";
import type { JSX } from "preact";
import { Facts } from "../../components/page.tsx";
import { StatusBadge } from "../../components/status.tsx";
import { Age } from "../../components/time.tsx";
import { formatCount } from "../../format/numbers.ts";
import { DatasetLink } from "./dataset-link.tsx";
import { ScoreSummaries } from "./score-summaries.tsx";

/** An evaluation in the side panel of the list: facts and scores. */
export function EvaluationPreview({ evaluation }: { evaluation: Evaluation }): JSX.Element {
  const { status, rowCount, errorCount, datasetName, startTime } = evaluation;
  return (
    <>
      <Facts
        facts={[
          ["Status", <StatusBadge key="status" status={status} />],
          ["Rows", formatCount(rowCount)],
          ["Errors", formatCount(errorCount)],
          datasetName === undefined
            ? undefined
            : ["Dataset", <DatasetLink key="dataset" evaluation={evaluation} />],
          ["Started", <Age key="started" time={startTime} />],
        ]}
      />
      <div class="wide-table">
        <ScoreSummaries scores={evaluation.scores} />
      </div>
    </>
  );
}
