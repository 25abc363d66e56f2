import type { PromptArm, PromptEntry } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { rivulet } from "../../api/client.ts";
import { useAction } from "../../api/use-action.ts";
import { ConflictNotice, isConflict } from "../../components/conflict.tsx";
import { FormModal } from "../../components/form-modal.tsx";
import { Icon } from "../../components/icon.tsx";
import { formatShare } from "../../format/numbers.ts";
import { type AliasWrite, setPromptAlias } from "../../questions/prompts.ts";
import { describeArms, totalWeight } from "./alias-chip.tsx";

/**
 * Points an alias at a version, or splits it between several by weight. Where somebody else has pointed it meanwhile is
 * shown, not lost.
 */
export function AliasDialog({
  entry,
  alias,
  onClose,
}: {
  entry: PromptEntry;
  /** Empty for a new one. */
  alias: string;
  onClose: () => void;
}): JSX.Element {
  const [seen, setSeen] = useState(entry.aliases);
  const [name, setName] = useState(alias);
  const pointsTo = Object.hasOwn(seen, name.trim()) ? seen[name.trim()] : undefined;
  const [arms, setArms] = useState<readonly PromptArm[]>(
    pointsTo ?? [{ version: entry.latestVersion, weight: 1 }],
  );
  const action = useAction(async (write: AliasWrite) => {
    try {
      await setPromptAlias(write);
    } catch (error) {
      if (isConflict(error)) setSeen((await rivulet.prompts.getEntry(write.name)).aliases);
      throw error;
    }
  });
  const isMoved = isConflict(action.error);
  return (
    <FormModal
      title={alias === "" ? "New alias" : `Alias ${alias}`}
      action={isMoved ? { ...action, error: null } : action}
      input={() => ({
        name: entry.name,
        alias: name.trim(),
        arms,
        expected: alias === "" && !isMoved ? null : (pointsTo ?? null),
      })}
      onClose={onClose}
    >
      {alias === "" ? (
        <label class="field">
          Name
          <input
            class="input"
            required
            maxLength={250}
            value={name}
            placeholder="production"
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
      ) : null}
      <ArmFields arms={arms} latest={entry.latestVersion} onChange={setArms} />
      {isMoved ? (
        <ConflictNotice
          texts={[
            {
              label: "Versions",
              theirs: pointsTo === undefined ? "" : describeArms(pointsTo),
              mine: describeArms(arms),
            },
          ]}
          onTakeTheirs={onClose}
        />
      ) : null}
    </FormModal>
  );
}

function ArmFields({
  arms,
  latest,
  onChange,
}: {
  arms: readonly PromptArm[];
  latest: number;
  onChange: (arms: readonly PromptArm[]) => void;
}): JSX.Element {
  const total = totalWeight(arms);
  const free = versionsUpTo(latest).find((version) => !arms.some((arm) => arm.version === version));
  return (
    <fieldset class="arm-fields">
      <legend>Versions and weights</legend>
      {arms.map((arm, index) => (
        <ArmField
          key={arm.version}
          arm={arm}
          share={arms.length === 1 ? 1 : arm.weight / total}
          choices={versionsUpTo(latest).filter(
            (version) =>
              version === arm.version || !arms.some((other) => other.version === version),
          )}
          onChange={(next) => onChange(arms.with(index, next))}
          onRemove={
            arms.length === 1 ? undefined : () => onChange(arms.filter((other) => other !== arm))
          }
        />
      ))}
      {free === undefined ? null : (
        <button
          type="button"
          class="button"
          onClick={() => onChange([...arms, { version: free, weight: 1 }])}
        >
          <Icon name="plus" />
          Split with another version
        </button>
      )}
    </fieldset>
  );
}

/** Numbers of the versions, newest first: they are never deleted. */
export function versionsUpTo(latest: number): readonly number[] {
  return Array.from({ length: latest }, (_, index) => latest - index);
}

function ArmField({
  arm,
  share,
  choices,
  onChange,
  onRemove,
}: {
  arm: PromptArm;
  share: number;
  choices: readonly number[];
  onChange: (arm: PromptArm) => void;
  onRemove: (() => void) | undefined;
}): JSX.Element {
  return (
    <div class="arm-field">
      <select
        aria-label="Version"
        value={String(arm.version)}
        onChange={(event) => onChange({ ...arm, version: Number(event.currentTarget.value) })}
      >
        {choices.map((version) => (
          <option key={version} value={String(version)}>
            v{version}
          </option>
        ))}
      </select>
      <input
        class="input"
        type="number"
        aria-label={`Weight of v${arm.version}`}
        min="0.01"
        step="any"
        required
        value={String(arm.weight)}
        onInput={(event) => onChange({ ...arm, weight: event.currentTarget.valueAsNumber })}
      />
      <span class="muted number">{Number.isFinite(share) ? formatShare(share) : "–"}</span>
      {onRemove === undefined ? null : (
        <button type="button" class="icon-button" title="Remove" onClick={onRemove}>
          <Icon name="cross" />
          <span class="hidden-text">Remove v{arm.version}</span>
        </button>
      )}
    </div>
  );
}
