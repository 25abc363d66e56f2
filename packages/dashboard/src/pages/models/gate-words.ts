import type { ModelGate } from "@rivulet/core";

/** Stages in the order in which a version passes them. */
export const STAGES = ["None", "Staging", "Production", "Archived"] as const;

/** A stage as it is written for people: `Production`. */
export function stageName(stage: string | undefined): string {
  return STAGES.find((name) => name.toLowerCase() === stage) ?? "None";
}

/** What a gate guards, such as `alias production`. */
export function placeOf({ alias, stage }: ModelGate): string {
  return alias === undefined ? `stage ${stageName(stage)}` : `alias ${alias}`;
}

/** What a gate requires, on one line. */
export function requirementText(requires: ModelGate["requires"]): string {
  if (typeof requires === "string") return requires;
  const { score, atLeast, verdict } = requires;
  const parts = [
    ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
    ...(verdict === undefined ? [] : [verdict === "better" ? "better" : "not worse"]),
  ];
  return `evaluation: ${score} ${parts.join(" and ")}`;
}
