import type { PromptArm, PromptEntry } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useCan } from "../../api/me.ts";
import { useAction } from "../../api/use-action.ts";
import { Icon } from "../../components/icon.tsx";
import { ErrorNotice } from "../../components/notices.tsx";
import { Section } from "../../components/page.tsx";
import { notify } from "../../components/toasts.tsx";
import { formatShare } from "../../format/numbers.ts";
import { deletePromptAlias, setPromptAlias } from "../../questions/prompts.ts";
import { totalWeight } from "./alias-chip.tsx";
import { AliasDialog } from "./alias-dialog.tsx";

/** Where the aliases of a prompt point, and buttons to move them. */
export function AliasSection({ entry }: { entry: PromptEntry }): JSX.Element {
  const [edited, setEdited] = useState<string>();
  const canWrite = useCan("write");
  const action = useAction((alias: string) => deleteAlias(entry, alias));
  const aliases = Object.entries(entry.aliases);
  return (
    <Section
      title="Aliases"
      actions={
        canWrite ? (
          <button type="button" class="button" onClick={() => setEdited("")}>
            <Icon name="plus" />
            New alias
          </button>
        ) : null
      }
    >
      {action.error === null ? null : <ErrorNotice error={action.error} />}
      {aliases.length === 0 ? (
        <p class="muted">
          No alias yet. An alias such as <code>production</code> lets the app take a new version
          without a new release.
        </p>
      ) : (
        <ul class="aliases">
          {aliases.map(([alias, arms]) => (
            <li key={alias}>
              <strong>{alias}</strong>
              <Arms arms={arms} />
              {canWrite ? (
                <span class="actions">
                  <button type="button" class="button" onClick={() => setEdited(alias)}>
                    Edit<span class="hidden-text"> {alias}</span>
                  </button>
                  <button
                    type="button"
                    class="button"
                    disabled={action.isRunning}
                    onClick={() => void action.run(alias)}
                  >
                    Delete<span class="hidden-text"> {alias}</span>
                  </button>
                </span>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {edited === undefined ? null : (
        <AliasDialog entry={entry} alias={edited} onClose={() => setEdited(undefined)} />
      )}
    </Section>
  );
}

/** At once, because it can be taken back: nobody has to be asked. */
async function deleteAlias({ name, aliases }: PromptEntry, alias: string): Promise<void> {
  await deletePromptAlias(name, alias);
  const arms = aliases[alias] ?? [];
  notify({
    text: `Deleted the alias ${alias} of ${name}.`,
    undo: () => setPromptAlias({ name, alias, arms, expected: null }),
  });
}

/** The shares of an alias as a bar, each named. */
function Arms({ arms }: { arms: readonly PromptArm[] }): JSX.Element {
  const total = totalWeight(arms);
  return (
    <span class="arms">
      {arms.map(({ version, weight }, index) => (
        <span
          key={version}
          class={`arm arm-${index % 4}`}
          style={{ flexGrow: String(weight / total) }}
        >
          v{version} <span class="number">{formatShare(weight / total)}</span>
        </span>
      ))}
    </span>
  );
}
