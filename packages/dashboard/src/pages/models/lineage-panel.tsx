import type { ModelLineage, ModelVersion } from "@rivulet/core";
import type { JSX } from "preact";
import { useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { PromptLinks } from "../../components/chips.tsx";
import { Section } from "../../components/page.tsx";
import { Age } from "../../components/time.tsx";
import { formatCount } from "../../format/numbers.ts";
import { askLoggedModel } from "../../questions/logged-models.ts";
import { askLineage } from "../../questions/models.ts";
import { paths } from "../../routing/paths.ts";

/** Where a version comes from, and what used it. */
export function LineagePanel({ version }: { version: ModelVersion }): JSX.Element {
  return (
    <Answered answer={useQuery(askLineage(version))}>
      {(lineage) => (
        <>
          <Way lineage={lineage} />
          <Related versions={lineage.related} />
        </>
      )}
    </Answered>
  );
}

/** From the run to what used the version, step by step. */
function Way({
  lineage: { version, run, traces, prompts },
}: {
  lineage: ModelLineage;
}): JSX.Element {
  const { name, version: number, modelId, source } = version;
  return (
    <Section title="Origin and use">
      <ol class="lineage">
        <li>
          <span class="lineage-kind">Run</span>
          {run === undefined ? (
            <span>{source ?? "none that is there"}</span>
          ) : (
            <a href={paths.run(run)}>{run.name}</a>
          )}
        </li>
        {modelId === undefined ? null : (
          <li>
            <span class="lineage-kind">Logged model</span>
            <LoggedModelLink id={modelId} />
          </li>
        )}
        <li aria-current="true">
          <span class="lineage-kind">Version</span>
          <strong>
            {name} v{number}
          </strong>
        </li>
        <li>
          <span class="lineage-kind">Traces</span>
          {traces.count === 0 ? (
            <span>none</span>
          ) : (
            <a href={paths.scoped("traces", {}, { text: traces.filter })}>
              {formatCount(traces.count)}
              {traces.isMore ? " or more" : ""} {traces.count === 1 ? "trace" : "traces"}
            </a>
          )}
        </li>
        {prompts.length === 0 ? null : (
          <li>
            <span class="lineage-kind">Prompts of these</span>
            <PromptLinks prompts={prompts} />
          </li>
        )}
      </ol>
    </Section>
  );
}

function LoggedModelLink({ id }: { id: string }): JSX.Element {
  const model = useQuery(askLoggedModel(id)).data;
  if (model === undefined) return <code>{id.slice(0, 14)}</code>;
  return <a href={paths.loggedModel(model)}>{model.name}</a>;
}

function Related({ versions }: { versions: readonly ModelVersion[] }): JSX.Element {
  return (
    <Section title="Related versions">
      {versions.length === 0 ? (
        <p class="muted">No copy, and no other version of the same run.</p>
      ) : (
        <table class="plain-table" aria-label="Related versions">
          <tbody>
            {versions.map(({ name, version, source = "", createdAt }) => (
              <tr key={`${name}@${version}`}>
                <th scope="row">
                  <a href={paths.modelVersion(name, version)}>
                    {name} v{version}
                  </a>
                </th>
                <td>{source}</td>
                <td>
                  <Age time={createdAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}
