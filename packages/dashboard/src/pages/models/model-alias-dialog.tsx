import type { RegisteredModel } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAction } from "../../api/use-action.ts";
import { usePages } from "../../api/use-query.ts";
import { FormModal } from "../../components/form-modal.tsx";
import { askModelVersions, setModelAlias } from "../../questions/models.ts";

/** Points an alias at a version. */
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
  const action = useAction(setModelAlias);
  return (
    <FormModal
      title="Set alias"
      action={action}
      input={() => ({ name: model.name, alias: alias.trim(), version })}
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
    </FormModal>
  );
}
