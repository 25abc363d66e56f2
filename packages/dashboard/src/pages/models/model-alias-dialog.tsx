import type { RegisteredModel } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { rivulet } from "../../api/client.ts";
import { useAction } from "../../api/use-action.ts";
import { usePages } from "../../api/use-query.ts";
import { ConflictNotice, isConflict } from "../../components/conflict.tsx";
import { FormModal } from "../../components/form-modal.tsx";
import { notify } from "../../components/toasts.tsx";
import {
  askModelVersions,
  deleteModelAlias,
  type ModelAliasWrite,
  setModelAlias,
} from "../../questions/models.ts";

/** Points an alias at a version. Where somebody else has pointed it meanwhile is shown, not lost. */
export function ModelAliasDialog({
  model,
  onClose,
}: {
  model: RegisteredModel;
  onClose: () => void;
}): JSX.Element {
  const versions = usePages(askModelVersions(model.name)).data ?? [];
  const [alias, setAlias] = useState(Object.keys(model.aliases)[0] ?? "production");
  const [version, setVersion] = useState(model.latestVersion ?? 1);
  const [seen, setSeen] = useState(model.aliases);
  const pointsTo = Object.hasOwn(seen, alias.trim()) ? seen[alias.trim()] : undefined;
  const action = useAction(async (next: ModelAliasWrite) => {
    try {
      await moveAlias(next);
    } catch (error) {
      if (isConflict(error)) setSeen((await rivulet.models.get(model.name)).aliases);
      throw error;
    }
  });
  const isMoved = isConflict(action.error);
  return (
    <FormModal
      title="Set alias"
      action={isMoved ? { ...action, error: null } : action}
      input={() => ({
        name: model.name,
        alias: alias.trim(),
        version,
        expected: pointsTo ?? null,
      })}
      onClose={onClose}
    >
      <label class="field">
        Alias
        <input
          class="input"
          required
          maxLength={250}
          value={alias}
          onInput={(event) => setAlias(event.currentTarget.value)}
        />
      </label>
      <label class="field">
        Version
        <select
          value={String(version)}
          onChange={(event) => setVersion(Number(event.currentTarget.value))}
        >
          {versions.map((one) => (
            <option key={one.version} value={String(one.version)}>
              v{one.version}
            </option>
          ))}
        </select>
      </label>
      {isMoved ? (
        <ConflictNotice
          texts={[
            {
              label: "Version",
              theirs: pointsTo === undefined ? "" : `v${pointsTo}`,
              mine: `v${version}`,
            },
          ]}
          onTakeTheirs={onClose}
        />
      ) : null}
    </FormModal>
  );
}

async function moveAlias(next: ModelAliasWrite): Promise<void> {
  const { name, alias, version, expected } = next;
  await setModelAlias(next);
  notify({
    text: `${name}@${alias} is v${version} now.`,
    undo: () =>
      expected === null
        ? deleteModelAlias(name, alias)
        : setModelAlias({ name, alias, version: expected, expected: version }),
  });
}
