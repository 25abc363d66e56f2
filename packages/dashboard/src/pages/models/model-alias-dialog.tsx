import type { RegisteredModel } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { rivulet } from "../../api/client.ts";
import { type Action, useAction } from "../../api/use-action.ts";
import { usePages } from "../../api/use-query.ts";
import { ConflictNotice, isConflict } from "../../components/conflict.tsx";
import { FormModal } from "../../components/form-modal.tsx";
import { TextField } from "../../components/text-field.tsx";
import { notify } from "../../components/toasts.tsx";
import {
  askModelVersions,
  deleteModelAlias,
  type ModelAliasWrite,
  setModelAlias,
} from "../../questions/models.ts";
import { GatedFields, useAct, usePassage } from "./act-fields.tsx";

/** Points an alias at a version, after a look at its gates. Where somebody else has pointed it meanwhile is shown, not lost. */
export function ModelAliasDialog({
  model,
  alias: given,
  version: first = model.latestVersion ?? 1,
  onClose,
}: {
  model: RegisteredModel;
  /** The alias to move. @default another may be named */
  alias?: string | undefined;
  /** @default the latest */
  version?: number | undefined;
  onClose: () => void;
}): JSX.Element {
  const versions = usePages(askModelVersions(model.name)).data ?? [];
  const [text, setText] = useState(given ?? Object.keys(model.aliases)[0] ?? "production");
  const [version, setVersion] = useState(first);
  const act = useAct();
  const alias = text.trim();
  const { action, expected, isMoved } = useMove(model, alias);
  const passage = usePassage(model, {
    key: { name: model.name, version },
    place: { alias },
    act,
  });
  return (
    <FormModal
      title={given === undefined ? "Set alias" : `Move ${given}`}
      action={isMoved ? { ...action, error: null } : action}
      input={() => ({ name: model.name, alias, version, expected, ...act.given })}
      isReady={passage.isOpen}
      onClose={onClose}
    >
      {given === undefined ? (
        <TextField label="Alias" required maxLength={250} value={text} onText={setText} />
      ) : null}
      <label class="field">
        Version
        <select
          value={String(version)}
          onChange={(event) => setVersion(Number(event.currentTarget.value))}
        >
          {versions.map((one) => (
            <option key={one.version} value={String(one.version)}>
              v{one.version}
              {one.version === expected ? " (now)" : ""}
            </option>
          ))}
        </select>
      </label>
      <GatedFields act={act} passage={passage} />
      {isMoved ? (
        <ConflictNotice
          texts={[
            {
              label: "Version",
              theirs: expected === null ? "" : `v${expected}`,
              mine: `v${version}`,
            },
          ]}
          onTakeTheirs={onClose}
        />
      ) : null}
    </FormModal>
  );
}

/** Moves an alias from where it was last seen, and tells when somebody else has moved it meanwhile. */
function useMove(
  model: RegisteredModel,
  alias: string,
): {
  readonly action: Action<ModelAliasWrite>;
  /** Where it was last seen; `null` for nowhere. */
  readonly expected: number | null;
  readonly isMoved: boolean;
} {
  const [seen, setSeen] = useState(model.aliases);
  const [isMoved, setMoved] = useState(false);
  const action = useAction(async (next: ModelAliasWrite) => {
    setMoved(false);
    try {
      await moveAlias(next);
    } catch (error) {
      // A gate refuses with the same code.
      if (isConflict(error)) {
        const { aliases } = await rivulet.models.get(model.name);
        setMoved(pointOf(aliases, alias) !== next.expected);
        setSeen(aliases);
      }
      throw error;
    }
  });
  return { action, expected: pointOf(seen, alias), isMoved };
}

function pointOf(aliases: RegisteredModel["aliases"], alias: string): number | null {
  return (Object.hasOwn(aliases, alias) ? aliases[alias] : undefined) ?? null;
}

async function moveAlias(next: ModelAliasWrite): Promise<void> {
  const { name, alias, version, expected } = next;
  await setModelAlias(next);
  notify({
    text: `${name}@${alias} is v${version} now.`,
    undo: () =>
      expected === null
        ? deleteModelAlias({ name, alias, expected: version })
        : setModelAlias({ name, alias, version: expected, expected: version, ...TAKEN_BACK }),
  });
}

/** The alias was there before: gates do not keep it from there. */
const TAKEN_BACK = { force: true, why: "Taken back" } as const;
