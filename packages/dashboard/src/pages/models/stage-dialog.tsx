import type { ModelVersion, RegisteredModel } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAction } from "../../api/use-action.ts";
import { FormModal } from "../../components/form-modal.tsx";
import { notify } from "../../components/toasts.tsx";
import { setModelStage } from "../../questions/models.ts";
import { GatedFields, useAct, usePassage } from "./act-fields.tsx";
import { STAGES, stageName } from "./gate-words.ts";

/** Moves a version to another stage, after a look at its gates. */
export function StageDialog({
  model,
  version: { version, stage: before },
  onClose,
}: {
  model: RegisteredModel;
  version: ModelVersion;
  onClose: () => void;
}): JSX.Element {
  const { name } = model;
  const [stage, setStage] = useState(stageName(before));
  const [archives, setArchives] = useState(false);
  const act = useAct();
  const passage = usePassage(model, { key: { name, version }, place: { stage }, act });
  const canArchive = stage === "Staging" || stage === "Production";
  const action = useAction(async () => {
    const archiveExisting = archives && canArchive;
    await setModelStage({ name, version, stage, archiveExisting, ...act.given });
    const text = `${name} v${version} is in the stage ${stage} now.`;
    // Those that were archived with it would stay so.
    if (archiveExisting) notify({ text });
    else notify({ text, undo: () => setModelStage({ name, version, ...stageBefore(before) }) });
  });
  return (
    <FormModal
      title="Change stage"
      action={action}
      input={() => undefined}
      isReady={passage.isOpen && stage !== stageName(before)}
      onClose={onClose}
    >
      <label class="field">
        Stage
        <select value={stage} onChange={(event) => setStage(event.currentTarget.value)}>
          {STAGES.map((one) => (
            <option key={one} value={one}>
              {one}
              {one === stageName(before) ? " (now)" : ""}
            </option>
          ))}
        </select>
      </label>
      {canArchive ? (
        <label class="check-field">
          <input
            type="checkbox"
            checked={archives}
            onChange={(event) => setArchives(event.currentTarget.checked)}
          />
          Archive the others in {stage}
        </label>
      ) : null}
      <GatedFields act={act} passage={passage} />
    </FormModal>
  );
}

function stageBefore(stage: string | undefined): {
  readonly stage: string;
  readonly force: true;
  readonly why: string;
} {
  return { stage: stageName(stage), force: true, why: "Taken back" };
}
