import type { ModelVersion } from "@rivulet/core";
import type { JSX } from "preact";
import { usePages, useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { Section } from "../../components/page.tsx";
import { formatDifference, formatMetric } from "../../format/numbers.ts";
import { askModelVersion, askModelVersions } from "../../questions/models.ts";
import { askRun } from "../../questions/tracking.ts";
import { paths } from "../../routing/paths.ts";
import { useQueryState } from "../../routing/query-state.ts";

/** The metrics of a version at registration, by themselves or against those of another. */
export function VersionMetrics({ version }: { version: ModelVersion }): JSX.Element {
  const [against, setAgainst] = useQueryState("against");
  const versions = usePages(askModelVersions(version.name)).data ?? [];
  const other = useQuery(against === "" ? undefined : askModelVersion(version.name, against));
  return (
    <Section
      title="Metrics at registration"
      actions={
        <label class="inline-field">
          Compare with
          <select value={against} onChange={(event) => setAgainst(event.currentTarget.value)}>
            <option value="">Nothing</option>
            {versions
              .filter((one) => one.version !== version.version)
              .map((one) => (
                <option key={one.version} value={String(one.version)}>
                  v{one.version}
                </option>
              ))}
          </select>
        </label>
      }
    >
      {against === "" ? (
        <MetricTable version={version} other={undefined} />
      ) : (
        <Answered answer={other}>
          {(loaded) => <MetricTable version={version} other={loaded} />}
        </Answered>
      )}
    </Section>
  );
}

function MetricTable({
  version,
  other,
}: {
  version: ModelVersion;
  other: ModelVersion | undefined;
}): JSX.Element {
  const before = other?.metrics ?? {};
  const keys = [...new Set([...Object.keys(version.metrics), ...Object.keys(before)])].sort();
  if (keys.length === 0) return <p class="muted">Its run had none.</p>;
  return (
    <>
      <div class="wide-table">
        <table class="plain-table" aria-label="Metrics">
          {other === undefined ? null : (
            <thead>
              <tr>
                <th scope="col">Metric</th>
                <th scope="col" class="number">
                  v{other.version}
                </th>
                <th scope="col" class="number">
                  v{version.version}
                </th>
                <th scope="col" class="number">
                  Difference
                </th>
              </tr>
            </thead>
          )}
          <tbody>
            {keys.map((key) => (
              <MetricRow
                key={key}
                name={key}
                value={own(version.metrics, key)}
                {...(other !== undefined && { before: own(before, key) ?? null })}
              />
            ))}
          </tbody>
        </table>
      </div>
      {other === undefined ? null : <RunsLink runIds={[other.runId, version.runId]} />}
    </>
  );
}

function MetricRow({
  name,
  value,
  before,
}: {
  name: string;
  value: number | undefined;
  /** `null` where the other version has none; left out where there is no other. */
  before?: number | null;
}): JSX.Element {
  const difference =
    value === undefined || before === undefined || before === null ? undefined : value - before;
  return (
    <tr>
      <th scope="row">{name}</th>
      {before === undefined ? null : (
        <td class="number">{before === null ? "–" : formatMetric(before)}</td>
      )}
      <td class="number">{value === undefined ? "–" : formatMetric(value)}</td>
      {before === undefined ? null : (
        <td class="number">{difference === undefined ? "–" : formatDifference(difference)}</td>
      )}
    </tr>
  );
}

/** To everything else that differs between the runs behind both versions. */
function RunsLink({ runIds }: { runIds: readonly (string | undefined)[] }): JSX.Element | null {
  const [first, second] = runIds;
  const isThere = useQuery(first === undefined ? undefined : askRun(first)).data !== undefined;
  if (!isThere || first === undefined || second === undefined || first === second) return null;
  return (
    <p>
      <a href={paths.compareRuns([first, second])}>Compare the runs that made them</a>
    </p>
  );
}

function own(values: Readonly<Record<string, number>>, key: string): number | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}
