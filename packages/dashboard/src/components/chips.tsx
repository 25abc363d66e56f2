import type { PromptRef, StringMap } from "@rivulet/core";
import type { ComponentChildren, JSX } from "preact";
import { formatCount } from "../format/numbers.ts";
import { paths } from "../routing/paths.ts";

/** A small label. */
export function Chip({
  tone = "quiet",
  title,
  children,
}: {
  tone?: "quiet" | "accent" | "good" | "bad" | "warn";
  title?: string;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <span class={`chip tone-${tone}`} title={title}>
      {children}
    </span>
  );
}

/** More chips are no help to the eye. */
const MOST_TAGS = 30;

/** Tags as `key: value`; of very many the first. */
export function Tags({ tags }: { tags: StringMap }): JSX.Element | null {
  const entries = Object.entries(tags);
  if (entries.length === 0) return null;
  return (
    <span class="chips">
      {entries.slice(0, MOST_TAGS).map(([key, value]) => (
        <Chip key={key} title={`${key}: ${value}`}>
          <span class="muted">{key}</span> {value}
        </Chip>
      ))}
      {entries.length > MOST_TAGS ? (
        <span class="muted">and {formatCount(entries.length - MOST_TAGS)} more</span>
      ) : null}
    </span>
  );
}

/** Links to the prompt versions that were used. */
export function PromptLinks({ prompts }: { prompts: readonly PromptRef[] }): JSX.Element {
  return (
    <span class="chips">
      {prompts.map(({ name, version, alias }) => (
        <a
          key={`${name}/${version}/${alias}`}
          class="chip tone-accent"
          href={paths.prompt(name, version)}
        >
          {name} v{version}
          {alias === undefined ? null : <span class="muted"> @{alias}</span>}
        </a>
      ))}
    </span>
  );
}
