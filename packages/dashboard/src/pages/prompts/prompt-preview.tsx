import type { PromptEntry } from "@rivulet/core";
import type { JSX } from "preact";
import { usePages } from "../../api/use-query.ts";
import { Tags } from "../../components/chips.tsx";
import { Section } from "../../components/page.tsx";
import { askPromptVersions } from "../../questions/prompts.ts";
import { AliasChip } from "./alias-chip.tsx";
import { TemplateView } from "./template-view.tsx";

/** A prompt in the side panel of the list: its aliases, and its newest version. */
export function PromptPreview({ prompt }: { prompt: PromptEntry }): JSX.Element {
  const newest = usePages(askPromptVersions(prompt.name)).data?.[0];
  const aliases = Object.entries(prompt.aliases);
  return (
    <>
      {prompt.description === "" ? null : <p>{prompt.description}</p>}
      <Tags tags={prompt.tags} />
      {aliases.length === 0 ? null : (
        <p class="chips">
          {aliases.map(([alias, arms]) => (
            <AliasChip key={alias} alias={alias} arms={arms} />
          ))}
        </p>
      )}
      {newest === undefined ? null : (
        <Section title={`Version ${newest.version}`}>
          {newest.commitMessage === "" ? null : <p class="muted">{newest.commitMessage}</p>}
          <TemplateView template={newest.template} />
        </Section>
      )}
    </>
  );
}
