import type { RegisteredModel } from "@rivulet/core";
import type { JSX } from "preact";
import { useCan } from "../../api/me.ts";
import { useAction } from "../../api/use-action.ts";
import { Icon } from "../../components/icon.tsx";
import { ErrorNotice } from "../../components/notices.tsx";
import { notify } from "../../components/toasts.tsx";
import { deleteModelAlias, setModelAlias } from "../../questions/models.ts";
import { paths } from "../../routing/paths.ts";

/** Aliases of a model, each with its version. */
export function ModelAliases({ model }: { model: RegisteredModel }): JSX.Element {
  const canWrite = useCan("write");
  const action = useAction((alias: string) => deleteAlias(model, alias));
  const aliases = Object.entries(model.aliases);
  if (aliases.length === 0) return <span class="muted">none</span>;
  return (
    <span class="chips">
      {aliases.map(([alias, version]) => (
        <span key={alias} class="chip tone-accent">
          <a href={paths.modelVersion(model.name, version)}>
            {alias} → v{version}
          </a>
          {canWrite ? (
            <button
              type="button"
              class="chip-button"
              title={`Delete alias ${alias}`}
              disabled={action.isRunning}
              onClick={() => void action.run(alias)}
            >
              <Icon name="cross" />
              <span class="hidden-text">Delete alias {alias}</span>
            </button>
          ) : null}
        </span>
      ))}
      {action.error === null ? null : <ErrorNotice error={action.error} />}
    </span>
  );
}

async function deleteAlias({ name, aliases }: RegisteredModel, alias: string): Promise<void> {
  const version = aliases[alias];
  if (version === undefined) return;
  await deleteModelAlias({ name, alias, expected: version });
  notify({
    text: `Deleted the alias ${alias} of ${name}.`,
    undo: () =>
      setModelAlias({ name, alias, version, expected: null, force: true, why: "Taken back" }),
  });
}
