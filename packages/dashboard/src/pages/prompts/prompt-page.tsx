import type { PromptEntry } from "@rivulet/core";
import type { JSX } from "preact";
import { useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { Tags } from "../../components/chips.tsx";
import { Facts, PageFrame } from "../../components/page.tsx";
import { Age } from "../../components/time.tsx";
import { askPrompt } from "../../questions/prompts.ts";
import type { PageProps } from "../../routes.ts";
import { paths } from "../../routing/paths.ts";
import { AliasSection } from "./alias-section.tsx";
import { PromptActions } from "./prompt-actions.tsx";
import { PromptUsage } from "./prompt-usage.tsx";
import { Versions } from "./versions.tsx";

/** One prompt: its versions, what changed between them, and where its aliases point. */
export function PromptPage({ params: { name = "" } }: PageProps): JSX.Element {
  const answer = useQuery(askPrompt(name));
  const entry = answer.data;
  return (
    <PageFrame
      title={name}
      crumbs={[{ label: "Prompts", href: paths.prompts }]}
      actions={entry === undefined ? null : <PromptActions entry={entry} />}
      facts={entry === undefined ? null : <PromptFacts entry={entry} />}
    >
      <Answered answer={answer}>
        {(loaded) => (
          <>
            <AliasSection entry={loaded} />
            <Versions entry={loaded} />
            <PromptUsage entry={loaded} />
          </>
        )}
      </Answered>
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
