import type { PromptEntry } from "@rivulet/core";
import type { JSX } from "preact";
import { usePages, useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { askPromptVersion, askPromptVersions } from "../../questions/prompts.ts";
import { setQueryState, useQueryState } from "../../routing/query-state.ts";
import { VersionList } from "./version-list.tsx";
import { VersionView } from "./version-view.tsx";

/** The versions of a prompt, and the one of the address, which need not be in the part of the list that is loaded. */
export function Versions({ entry }: { entry: PromptEntry }): JSX.Element | null {
  const [shown] = useQueryState("version");
  const [against] = useQueryState("against");
  const version = readVersion(shown) ?? entry.latestVersion;
  const other = readVersion(against);
  const answer = usePages(askPromptVersions(entry.name));
  const current = useQuery(askPromptVersion(entry.name, version));
  const compared = useQuery(other === undefined ? undefined : askPromptVersion(entry.name, other));
  return (
    <div class="prompt-versions">
      <VersionList
        answer={answer}
        current={version}
        onShow={(next) => setQueryState({ version: String(next), against: "" })}
      />
      <Answered answer={other !== undefined && compared.data === undefined ? compared : current}>
        {() =>
          current.data === undefined ? null : (
            <VersionView
              key={version}
              current={current.data}
              other={compared.data}
              latest={entry.latestVersion}
              onCompare={(next) => setQueryState({ against: next })}
            />
          )
        }
      </Answered>
    </div>
  );
}

function readVersion(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
