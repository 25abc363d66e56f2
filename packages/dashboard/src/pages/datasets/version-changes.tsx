import type { DatasetRecord } from "@rivulet/core";
import type { JSX } from "preact";
import { useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { Chip } from "../../components/chips.tsx";
import { JsonCell } from "../../components/json-cell.tsx";
import { askVersionChanges, type RecordChanges } from "../../questions/datasets.ts";

/** Rows drawn. */
const MOST = 500;

interface Line {
  readonly kind: "Added" | "Removed" | "Changed";
  readonly record: DatasetRecord;
  /** The row as it was, where it has changed. */
  readonly before?: DatasetRecord;
}

const TONES = { Added: "good", Removed: "bad", Changed: "warn" } as const;

/** What differs between two versions of a dataset, row by row. */
export function VersionChanges({
  name,
  before,
  after,
}: {
  name: string;
  before: number;
  after: number;
}): JSX.Element {
  const answer = useQuery(askVersionChanges(name, [before, after]));
  return (
    <Answered answer={answer}>
      {(changes) => {
        const lines = linesOf(changes);
        if (lines.length === 0) return <p class="muted">Both versions have the same rows.</p>;
        return (
          <>
            <p>
              {changes.added.length} added, {changes.removed.length} removed,{" "}
              {changes.changed.length} changed from v{before} to v{after}
              {lines.length > MOST ? `; the first ${MOST} are shown` : ""}
            </p>
            <ChangeTable lines={lines.slice(0, MOST)} />
          </>
        );
      }}
    </Answered>
  );
}

function linesOf({ added, removed, changed }: RecordChanges): readonly Line[] {
  return [
    ...changed.map(([before, record]): Line => ({ kind: "Changed", record, before })),
    ...removed.map((record): Line => ({ kind: "Removed", record })),
    ...added.map((record): Line => ({ kind: "Added", record })),
  ];
}

function ChangeTable({ lines }: { lines: readonly Line[] }): JSX.Element {
  return (
    <div class="wide-table">
      <table class="plain-table preview-table" aria-label="What has changed">
        <thead>
          <tr>
            <th scope="col" class="change-cell">
              Change
            </th>
            <th scope="col">Inputs</th>
            <th scope="col">Expectations</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ kind, record, before }) => (
            <tr key={`${kind} ${record.id}`}>
              <td>
                <Chip tone={TONES[kind]}>{kind}</Chip>
              </td>
              <td>
                <JsonCell value={record.inputs} />
              </td>
              <td>
                {before === undefined ? null : (
                  <del>
                    <JsonCell value={before.expectations} />
                  </del>
                )}
                <JsonCell value={record.expectations} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
