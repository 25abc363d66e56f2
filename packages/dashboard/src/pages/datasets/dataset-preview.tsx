import type { Dataset } from "@rivulet/core";
import type { JSX } from "preact";
import { usePages } from "../../api/use-query.ts";
import { Tags } from "../../components/chips.tsx";
import { readableText } from "../../components/json-cell.tsx";
import { Facts, Section } from "../../components/page.tsx";
import { Age } from "../../components/time.tsx";
import { formatCount } from "../../format/numbers.ts";
import { askRecords } from "../../questions/datasets.ts";

/** Rows listed in the side panel; the page has all of them. */
const LISTED = 5;

/** A dataset in the side panel of the list: its first rows. */
export function DatasetPreview({ dataset }: { dataset: Dataset }): JSX.Element {
  const { name, description, version, recordCount, updatedAt, tags } = dataset;
  const records = usePages(askRecords(name, "")).data ?? [];
  return (
    <>
      <Facts
        facts={[
          ["Records", formatCount(recordCount)],
          ["Version", `v${version}`],
          ["Updated", <Age key="updated" time={updatedAt} />],
        ]}
      />
      {description === "" ? null : <p>{description}</p>}
      <Tags tags={tags} />
      {records.length === 0 ? null : (
        <Section title="First records">
          <ol class="brief-turns">
            {records.slice(0, LISTED).map(({ id, inputs, expectations }) => (
              <li key={id}>
                <p class="brief-text">{readableText(JSON.stringify(inputs))}</p>
                {expectations === undefined ? null : (
                  <p class="brief-text muted">{readableText(JSON.stringify(expectations))}</p>
                )}
              </li>
            ))}
          </ol>
        </Section>
      )}
    </>
  );
}
