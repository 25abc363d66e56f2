import type { Evaluation } from "@rivulet/core";
import type { JSX } from "preact";
import { paths } from "../../routing/paths.ts";

/** The dataset version that an evaluation ran on. */
export function DatasetLink({ evaluation }: { evaluation: Evaluation }): JSX.Element | null {
  const { datasetName, datasetVersion } = evaluation;
  if (datasetName === undefined) return null;
  return (
    <a class="over-row" href={paths.dataset(datasetName, datasetVersion)}>
      {datasetName}
      {datasetVersion === undefined ? "" : ` v${datasetVersion}`}
    </a>
  );
}
