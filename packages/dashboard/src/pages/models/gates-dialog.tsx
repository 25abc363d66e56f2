import type { ModelGate, RegisteredModel } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAction } from "../../api/use-action.ts";
import { FormModal } from "../../components/form-modal.tsx";
import { Icon } from "../../components/icon.tsx";
import { notify } from "../../components/toasts.tsx";
import { setModelGates } from "../../questions/models.ts";
import { useAct, WhyField } from "./act-fields.tsx";
import { STAGES } from "./gate-words.ts";

/** A gate as it is edited: every field as text. */
interface Draft {
  readonly key: number;
  /** A stage by its name, or `alias`. */
  readonly guards: string;
  readonly alias: string;
  readonly kind: "filter" | "evaluation";
  readonly filter: string;
  readonly score: string;
  readonly atLeast: string;
  readonly verdict: string;
}

const NEW: Omit<Draft, "key"> = {
  guards: "alias",
  alias: "production",
  kind: "filter",
  filter: "",
  score: "",
  atLeast: "",
  verdict: "not_worse",
};

/** Changes what versions of a model need before an alias points at them, or before they enter a stage. */
export function GatesDialog({
  model: { name, gates = [] },
  onClose,
}: {
  model: RegisteredModel;
  onClose: () => void;
}): JSX.Element {
  const [drafts, setDrafts] = useState(() =>
    gates.length === 0 ? [{ ...NEW, key: 0 }] : gates.map(draftOf),
  );
  const [nextKey, setNextKey] = useState(drafts.length);
  const act = useAct();
  const action = useAction(async () => {
    const { why } = act.given;
    const reason = why === undefined ? {} : { why };
    await setModelGates(name, drafts.map(gateOf), reason);
    notify({
      text: `Changed the gates of ${name}.`,
      undo: () => setModelGates(name, gates, { why: "Taken back" }),
    });
  });
  return (
    <FormModal
      title={`Gates of ${name}`}
      action={action}
      input={() => undefined}
      size="wide"
      onClose={onClose}
    >
      {drafts.map((draft, index) => (
        <GateFields
          key={draft.key}
          legend={`Gate ${index + 1}`}
          draft={draft}
          onChange={(change) =>
            setDrafts(drafts.map((one) => (one === draft ? { ...one, ...change } : one)))
          }
          onRemove={() => setDrafts(drafts.filter((one) => one !== draft))}
        />
      ))}
      <p>
        <button
          type="button"
          class="button"
          onClick={() => {
            setDrafts([...drafts, { ...NEW, key: nextKey }]);
            setNextKey(nextKey + 1);
          }}
        >
          <Icon name="plus" />
          Add gate
        </button>
      </p>
      <WhyField act={act} />
    </FormModal>
  );
}

function GateFields({
  legend,
  draft,
  onChange,
  onRemove,
}: {
  legend: string;
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
  onRemove: () => void;
}): JSX.Element {
  const { guards, alias, kind, filter, score, atLeast, verdict } = draft;
  return (
    <fieldset class="gate-fields">
      <legend>{legend}</legend>
      <label class="field">
        Guards
        <select
          value={guards}
          onChange={(event) => onChange({ guards: event.currentTarget.value })}
        >
          <option value="alias">an alias</option>
          {STAGES.slice(1).map((stage) => (
            <option key={stage} value={stage.toLowerCase()}>
              the stage {stage}
            </option>
          ))}
        </select>
      </label>
      {guards === "alias" ? (
        <TextField
          label="Alias"
          value={alias}
          onInput={(next) => onChange({ alias: next })}
          isRequired
        />
      ) : null}
      <label class="field">
        Requires
        <select
          value={kind}
          onChange={(event) =>
            onChange({ kind: event.currentTarget.value === "filter" ? "filter" : "evaluation" })
          }
        >
          <option value="filter">a filter</option>
          <option value="evaluation">an evaluation</option>
        </select>
      </label>
      {kind === "filter" ? (
        <TextField
          label="Filter"
          value={filter}
          placeholder="metrics.accuracy >= 0.95"
          onInput={(next) => onChange({ filter: next })}
          isRequired
        />
      ) : (
        <>
          <TextField
            label="Score"
            value={score}
            onInput={(next) => onChange({ score: next })}
            isRequired
          />
          <TextField
            label="At least"
            type="number"
            value={atLeast}
            onInput={(next) => onChange({ atLeast: next })}
          />
          <label class="field">
            Against the version there
            <select
              value={verdict}
              onChange={(event) => onChange({ verdict: event.currentTarget.value })}
            >
              <option value="">any</option>
              <option value="not_worse">not worse</option>
              <option value="better">better</option>
            </select>
          </label>
        </>
      )}
      <button type="button" class="icon-button" title={`Remove ${legend}`} onClick={onRemove}>
        <Icon name="trash" />
        <span class="hidden-text">Remove {legend}</span>
      </button>
    </fieldset>
  );
}

function TextField({
  label,
  type = "text",
  value,
  placeholder,
  isRequired = false,
  onInput,
}: {
  label: string;
  type?: "text" | "number";
  value: string;
  placeholder?: string;
  isRequired?: boolean;
  onInput: (value: string) => void;
}): JSX.Element {
  return (
    <label class="field">
      {label}
      <input
        class="input"
        type={type}
        step="any"
        required={isRequired}
        placeholder={placeholder}
        spellcheck={false}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </label>
  );
}

function draftOf({ alias, stage, requires }: ModelGate, key: number): Draft {
  const place = { key, guards: stage ?? "alias", alias: alias ?? "" };
  if (typeof requires === "string") return { ...NEW, ...place, filter: requires };
  const { score, atLeast, verdict } = requires;
  return {
    ...NEW,
    ...place,
    kind: "evaluation",
    score,
    atLeast: atLeast === undefined ? "" : String(atLeast),
    verdict: verdict ?? "",
  };
}

function gateOf(draft: Draft): ModelGate {
  const { guards, alias, kind, filter, score, atLeast, verdict } = draft;
  const place =
    guards === "alias"
      ? { alias: alias.trim() }
      : { stage: guards as NonNullable<ModelGate["stage"]> };
  if (kind === "filter") return { ...place, requires: filter.trim() };
  return {
    ...place,
    requires: {
      score: score.trim(),
      ...(atLeast !== "" && { atLeast: Number(atLeast) }),
      ...(verdict !== "" && { verdict: verdict as "better" | "not_worse" }),
    },
  };
}
