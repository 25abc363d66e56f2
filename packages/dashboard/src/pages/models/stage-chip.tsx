import type { ModelVersion } from "@rivulet/core";
import type { JSX } from "preact";
import { Chip } from "../../components/chips.tsx";
import { stageName } from "./gate-words.ts";

const TONES = { staging: "warn", production: "good", archived: "quiet" } as const;

/** The stage of a version; nothing where it is in none. */
export function StageChip({ stage }: { stage: ModelVersion["stage"] }): JSX.Element | null {
  return stage === undefined ? null : <Chip tone={TONES[stage]}>{stageName(stage)}</Chip>;
}
