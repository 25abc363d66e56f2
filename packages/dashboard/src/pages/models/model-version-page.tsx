import type { ModelVersion } from "@rivulet/core";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { Chip } from "../../components/chips.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { KeyValueTable } from "../../components/key-value-table.tsx";
import { type Fact, Facts, PageFrame, Section } from "../../components/page.tsx";
import { Tabs } from "../../components/tabs.tsx";
import { Age } from "../../components/time.tsx";
import { filesOfVersion } from "../../questions/files.ts";
import { askModelVersion } from "../../questions/models.ts";
import { askRun } from "../../questions/tracking.ts";
import type { PageProps } from "../../routes.ts";
import { paths } from "../../routing/paths.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { ArtifactsPanel } from "../runs/files/artifacts-panel.tsx";
import { LineagePanel } from "./lineage-panel.tsx";
import { ModelVersionActions } from "./model-version-actions.tsx";
import { StageChip } from "./stage-chip.tsx";
import { VersionMetrics } from "./version-comparison.tsx";

/** One version of a model: where it comes from, and how good it was. */
export function ModelVersionPage({ params: { name = "", version = "" } }: PageProps): JSX.Element {
  const answer = useQuery(askModelVersion(name, version));
  return (
    <PageFrame
      title={`${name} v${version}`}
      crumbs={[
        { label: "Models", href: paths.models },
        { label: name, href: paths.model(name) },
      ]}
      actions={answer.data === undefined ? null : <ModelVersionActions version={answer.data} />}
      facts={answer.data === undefined ? null : <VersionFacts version={answer.data} />}
    >
      <Answered answer={answer}>{(loaded) => <VersionTabs version={loaded} />}</Answered>
    </PageFrame>
  );
}

function VersionFacts({ version }: { version: ModelVersion }): JSX.Element {
  const { description, stage, aliases, runId, artifactPath, source, createdAt } = version;
  const optional = (label: string, value: string | undefined): Fact | undefined =>
    value === undefined ? undefined : [label, value];
  return (
    <>
      {description === "" ? null : <p class="description">{description}</p>}
      <Facts
        facts={[
          ["Created", <Age key="created" time={createdAt} />],
          stage === undefined ? undefined : ["Stage", <StageChip key="stage" stage={stage} />],
          aliases.length === 0
            ? undefined
            : [
                "Aliases",
                aliases.map((alias) => (
                  <Chip key={alias} tone="accent">
                    {alias}
                  </Chip>
                )),
              ],
          runId === undefined
            ? undefined
            : ["Run", <RunLink key="run" runId={runId} artifactPath={artifactPath} />],
          optional("Artifact", artifactPath),
          optional("Source", source),
        ]}
      />
    </>
  );
}

function RunLink({
  runId,
  artifactPath,
}: {
  runId: string;
  artifactPath: string | undefined;
}): JSX.Element {
  const run = useQuery(askRun(runId)).data;
  if (run === undefined) return <code>{runId.slice(0, 12)}</code>;
  const search =
    artifactPath === undefined ? "" : `?tab=artifacts&artifact=${encodeURIComponent(artifactPath)}`;
  return <a href={paths.run(run) + search}>{run.name}</a>;
}

function VersionTabs({ version }: { version: ModelVersion }): JSX.Element {
  const [tab, setTab] = useQueryState("tab", "overview");
  const home = useMemo(
    () => filesOfVersion(version.name, version.version),
    [version.name, version.version],
  );
  const files = useQuery(home.all);
  return (
    <Tabs
      label="Parts of the version"
      current={tab}
      onChange={setTab}
      tabs={[
        { key: "overview", label: "Overview", panel: () => <VersionBody version={version} /> },
        {
          key: "files",
          label: "Files",
          count: files.data?.length ?? 0,
          panel: () => (
            <ArtifactsPanel
              title="Files of the version"
              home={home}
              code={`await rivulet.models.register({ name, runId: run.id, artifactPath: "model" });`}
            />
          ),
        },
        { key: "lineage", label: "Lineage", panel: () => <LineagePanel version={version} /> },
      ]}
    />
  );
}

function VersionBody({ version }: { version: ModelVersion }): JSX.Element {
  const { tags, params = {} } = version;
  return (
    <>
      <div class="columns">
        <VersionMetrics version={version} />
        <div>
          <Section title="Parameters at registration">
            <KeyValueTable label="Parameters" values={params} empty="Its run had none." />
          </Section>
          <Section title="Tags">
            <KeyValueTable label="Tags" values={tags} empty="None set." />
          </Section>
        </div>
      </div>
      <Section title="Use it">
        <div class="copied-code">
          <pre class="code-line">
            <code>{usage(version)}</code>
          </pre>
          <CopyButton text={usage(version)} label="Copy as code" />
        </div>
      </Section>
    </>
  );
}

function usage({ name, version, aliases }: ModelVersion): string {
  const reference = JSON.stringify(`${name}@${aliases[0] ?? version}`);
  return `const bytes = await rivulet.models.load(${reference});`;
}
