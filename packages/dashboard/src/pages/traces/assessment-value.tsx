import type { Assessment } from "@rivulet/core";
import type { JSX } from "preact";
import { Chip } from "../../components/chips.tsx";
import { Icon } from "../../components/icon.tsx";
import { formatMetric } from "../../format/numbers.ts";

/** What an assessment says, in as little space as it needs. */
export function AssessmentValue({ assessment }: { assessment: Assessment }): JSX.Element {
  const { value, error } = assessment;
  if (error !== undefined) return <Chip tone="bad">failed</Chip>;
  if (typeof value === "boolean") {
    return (
      <Chip tone={value ? "good" : "bad"}>
        <Icon name={value ? "up" : "down"} />
        {value ? "Good" : "Bad"}
      </Chip>
    );
  }
  if (typeof value === "number") return <Chip tone="accent">{formatMetric(value)}</Chip>;
  return <Chip tone="accent">{typeof value === "string" ? value : JSON.stringify(value)}</Chip>;
}
