import type { PromptEntry } from "@rivulet/core";
import type { JSX } from "preact";
import { rivulet } from "../../api/client.ts";
import { useQuery } from "../../api/use-query.ts";
import { DeleteButton, EditButton } from "../../components/thing-actions.tsx";
import { askPromptUsage, deletePrompt, updatePrompt } from "../../questions/prompts.ts";
import { paths } from "../../routing/paths.ts";
import { quote } from "../../search/filter-text.ts";
import { LostAliases } from "../models/lost-aliases.tsx";

/** What can be done with a prompt as a whole. */
export function PromptActions({ entry }: { entry: PromptEntry }): JSX.Element {
  const { name, latestVersion, aliases } = entry;
  return (
    <>
      <a class="button" href={paths.scoped("traces", {}, { text: `prompt = ${quote(name)}` })}>
        Traces
      </a>
      <EditButton
        name={name}
        thing={entry}
        reload={() => rivulet.prompts.getEntry(name)}
        save={(patch) => updatePrompt(name, patch)}
      />
      <DeleteButton
        title={`Delete the prompt ${name}?`}
        verb="Delete prompt"
        typed={name}
        work={() => deletePrompt(name)}
        done={`Deleted the prompt ${name}.`}
        after={paths.prompts}
      >
        <p>This cannot be undone. What goes, and what depends on it:</p>
        <ul>
          <li>{latestVersion === 1 ? "its only version" : `all ${latestVersion} versions`}</li>
          <LostAliases name={name} aliases={Object.keys(aliases)} verb="ask for" />
          <LostCalls name={name} />
        </ul>
      </DeleteButton>
    </>
  );
}

function LostCalls({ name }: { name: string }): JSX.Element | null {
  const groups = useQuery(askPromptUsage(name)).data ?? [];
  const calls = groups
    .filter(({ group }) => group["prompt"]?.startsWith(`${name}/`) === true)
    .reduce((sum, { count }) => sum + count, 0);
  if (calls === 0) return null;
  return <li>the text behind {calls} recorded calls; their traces stay, and name the version</li>;
}
