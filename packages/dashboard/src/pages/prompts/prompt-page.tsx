import type { PromptEntry, PromptVersion } from "@rivulet/core";
import type { JSX } from "preact";
import { usePages, useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { Tags } from "../../components/chips.tsx";
import { Facts, PageFrame } from "../../components/page.tsx";
import { Age } from "../../components/time.tsx";
import { askPrompt, askPromptVersions } from "../../questions/prompts.ts";
import type { PageProps } from "../../routes.ts";
import { paths } from "../../routing/paths.ts";
import { setQueryState, useQueryState } from "../../routing/query-state.ts";
import { quote } from "../../search/filter-text.ts";
import { AliasSection } from "./alias-section.tsx";
import { VersionList } from "./version-list.tsx";
import { VersionView } from "./version-view.tsx";

/** One prompt: its versions, what changed between them, and where its aliases point. */
export function PromptPage({ params: { name = "" } }: PageProps): JSX.Element {
  const answer = useQuery(askPrompt(name));
  const entry = answer.data;
  return (
    <PageFrame
      title={name}
      crumbs={[{ label: "Prompts", href: paths.prompts }]}
      actions={
        <a class="button" href={paths.traces({ filter: `prompt = ${quote(name)}` })}>
          Traces
        </a>
      }
      facts={entry === undefined ? null : <PromptFacts entry={entry} />}
    >
      <Answered answer={answer}>{(loaded) => <PromptBody entry={loaded} />}</Answered>
    </PageFrame>
  );
}

function PromptFacts({ entry }: { entry: PromptEntry }): JSX.Element {
  const { description, tags } = entry;
  return (
    <>
      {description === "" ? null : <p class="description">{description}</p>}
      <Facts
        facts={[
          ["Latest", `v${entry.latestVersion}`],
          ["Created", <Age key="created" time={entry.createdAt} />],
          ["Updated", <Age key="updated" time={entry.updatedAt} />],
          Object.keys(tags).length === 0 ? undefined : ["Tags", <Tags key="tags" tags={tags} />],
        ]}
      />
    </>
  );
}

function PromptBody({ entry }: { entry: PromptEntry }): JSX.Element {
  const answer = usePages(askPromptVersions(entry.name));
  return (
    <>
      <AliasSection entry={entry} />
      <Answered answer={answer}>{(versions) => <Versions versions={versions} />}</Answered>
      {answer.hasMore ? (
        <button type="button" class="button" onClick={answer.loadMore}>
          Older versions
        </button>
      ) : null}
    </>
  );
}

function Versions({ versions }: { versions: readonly PromptVersion[] }): JSX.Element | null {
  const [shown] = useQueryState("version");
  const [against] = useQueryState("against");
  const current = versions.find(({ version }) => String(version) === shown) ?? versions[0];
  const other = versions.find(({ version }) => String(version) === against);
  if (current === undefined) return null;
  return (
    <div class="prompt-versions">
      <VersionList
        versions={versions}
        current={current}
        onShow={(version) => setQueryState({ version: String(version), against: "" })}
      />
      <VersionView
        key={current.version}
        current={current}
        other={other}
        versions={versions}
        onCompare={(version) => setQueryState({ against: version })}
      />
    </div>
  );
}
