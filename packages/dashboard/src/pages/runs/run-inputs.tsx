import type { JsonValue, RunInput } from "@rivulet/core";
import type { JSX } from "preact";
import { usePages } from "../../api/use-query.ts";
import { Chip, Tags } from "../../components/chips.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { FirstOfMany } from "../../components/first-of-many.tsx";
import { Facts, Section } from "../../components/page.tsx";
import { JsonTree } from "../../content/json-tree.tsx";
import { askRunInputs } from "../../questions/logged-models.ts";
import { paths } from "../../routing/paths.ts";

/** The data that a run was given: known by name and digest, not kept. */
export function RunInputs({ runId }: { runId: string }): JSX.Element | null {
  const { data = [], hasMore, loadMore } = usePages(askRunInputs(runId));
  if (data.length === 0) return null;
  return (
    <Section title="Data">
      <FirstOfMany
        label="Find among the data"
        items={data}
        textOf={({ dataset, context = "" }) => `${dataset.name} ${dataset.digest} ${context}`}
      >
        {(drawn) => (
          <ul class="run-inputs" aria-label="Data of the run">
            {drawn.map((input) => (
              <Input key={`${input.dataset.digest} ${input.context}`} input={input} />
            ))}
          </ul>
        )}
      </FirstOfMany>
      {hasMore ? (
        <button type="button" class="link-button" onClick={loadMore}>
          More data
        </button>
      ) : null}
    </Section>
  );
}

function Input({ input: { dataset, context, tags } }: { input: RunInput }): JSX.Element {
  const { name, digest, sourceType, source, schema, profile } = dataset;
  const clause = { field: "dataset.digest", operator: "is", value: digest } as const;
  return (
    <li>
      <details>
        <summary>
          <strong>{name}</strong> {context === undefined ? null : <Chip>{context}</Chip>}{" "}
          <code class="muted">{digest.slice(0, 8)}</code>
        </summary>
        <Facts
          facts={[
            [
              "Digest",
              <span key="digest">
                <code>{digest}</code>
                <CopyButton text={digest} label={`Copy the digest of ${name}`} />
              </span>,
            ],
            ["Source", `${sourceType} ${source}`],
            Object.keys(tags).length === 0 ? undefined : ["Tags", <Tags key="tags" tags={tags} />],
          ]}
        />
        <Part title="Schema" value={schema} />
        <Part title="Profile" value={profile} />
        <p>
          <a href={paths.scoped("runs", {}, { clauses: [clause] })}>Runs with the same data</a>
        </p>
      </details>
    </li>
  );
}

function Part({
  title,
  value,
}: {
  title: string;
  value: JsonValue | undefined;
}): JSX.Element | null {
  if (value === undefined || value === null) return null;
  return (
    <>
      <h3>{title}</h3>
      <JsonTree value={value} label={title.toLowerCase()} />
    </>
  );
}
