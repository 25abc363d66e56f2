import type { RegisteredModel } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useQuery } from "../../api/use-query.ts";
import { Icon } from "../../components/icon.tsx";
import { TextField } from "../../components/text-field.tsx";
import {
  askGateChecks,
  type GatedPlace,
  type ModelAct,
  type ModelVersionKey,
} from "../../questions/models.ts";

/** What is told of an act besides what is done. */
export interface ActState {
  readonly why: string;
  readonly setWhy: (why: string) => void;
  readonly isForced: boolean;
  readonly setForced: (isForced: boolean) => void;
  /** As the API takes it. */
  readonly given: ModelAct;
}

/** Why something is done, and whether gates are overridden; nothing of both at first. */
export function useAct(): ActState {
  const [why, setWhy] = useState("");
  const [isForced, setForced] = useState(false);
  const given = { ...(why.trim() !== "" && { why: why.trim() }), ...(isForced && { force: true }) };
  return { why, setWhy, isForced, setForced, given: given as ModelAct };
}

/** A box for why somebody does something, which the history keeps. */
export function WhyField({
  act: { why, setWhy },
  isRequired = false,
}: {
  act: Pick<ActState, "why" | "setWhy">;
  isRequired?: boolean;
}): JSX.Element {
  return (
    <TextField
      label={isRequired ? "Why" : "Why (optional)"}
      required={isRequired}
      maxLength={1_000}
      placeholder="Kept in the history"
      value={why}
      onText={setWhy}
    />
  );
}

/** Whether a version may come to a place. */
export interface Passage {
  /** What its gates require and what the version has of it; empty where there are none. */
  readonly checks: readonly {
    readonly required: string;
    readonly found: string;
    passes: boolean;
  }[];
  /** Nothing keeps it, or what keeps it is overridden for a reason. */
  readonly isOpen: boolean;
  readonly isMet: boolean;
}

/** Looks at the gates of a place, where there are any. */
export function usePassage(
  model: RegisteredModel,
  {
    key,
    place,
    act,
  }: { readonly key: ModelVersionKey; readonly place: GatedPlace; readonly act: ActState },
): Passage {
  const isGated = model.gates?.some((gate) =>
    "alias" in place
      ? gate.alias === place.alias
      : gate.stage !== undefined && gate.stage === place.stage.toLowerCase(),
  );
  const answer = useQuery(isGated === true ? askGateChecks(key, place) : undefined);
  const checks = answer.data ?? [];
  const isMet = !answer.isLoading && checks.every(({ passes }) => passes);
  const isOverridden = act.isForced && act.why.trim() !== "";
  // Where they cannot be looked at, the API says why.
  return { checks, isMet, isOpen: isMet || isOverridden || answer.error !== null };
}

/** The gates of a place beside what a version has, and a way to override them for a reason. */
export function GatedFields({ act, passage }: { act: ActState; passage: Passage }): JSX.Element {
  const { checks, isMet } = passage;
  return (
    <>
      {checks.length === 0 ? null : (
        <ul class="gate-checks" aria-label="Gates">
          {checks.map(({ required, found, passes }) => (
            <li key={required}>
              <span class={`chip tone-${passes ? "good" : "bad"}`}>
                <Icon name={passes ? "check" : "cross"} />
                {passes ? "Met" : "Not met"}
              </span>
              <span>
                requires <code>{required}</code>
                <br />
                <span class="muted">
                  has <code>{found}</code>
                </span>
              </span>
            </li>
          ))}
        </ul>
      )}
      {isMet ? null : (
        <label class="check-field">
          <input
            type="checkbox"
            checked={act.isForced}
            onChange={(event) => act.setForced(event.currentTarget.checked)}
          />
          Override the gates that are not met
        </label>
      )}
      <WhyField act={act} isRequired={act.isForced} />
    </>
  );
}
