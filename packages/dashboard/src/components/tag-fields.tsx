import type { StringMap } from "@rivulet/core";
import type { JSX } from "preact";
import { Icon } from "./icon.tsx";

/** Tags while they are written: keys may be empty or stand there twice. */
export type TagRows = readonly (readonly [key: string, value: string])[];

/** Tags as rows of fields. */
export function TagFields({
  rows,
  onChange,
}: {
  rows: TagRows;
  onChange: (rows: TagRows) => void;
}): JSX.Element {
  return (
    <fieldset class="tag-fields">
      <legend>Tags</legend>
      {rows.map(([key, value], index) => (
        <div class="tag-field" key={index}>
          <input
            class="input"
            aria-label={`Key of tag ${index + 1}`}
            placeholder="key"
            maxLength={250}
            value={key}
            onInput={(event) => onChange(rows.with(index, [event.currentTarget.value, value]))}
          />
          <input
            class="input"
            aria-label={`Value of tag ${index + 1}`}
            placeholder="value"
            maxLength={8_000}
            value={value}
            onInput={(event) => onChange(rows.with(index, [key, event.currentTarget.value]))}
          />
          <button
            type="button"
            class="icon-button"
            title="Remove"
            onClick={() => onChange(rows.toSpliced(index, 1))}
          >
            <Icon name="cross" />
            <span class="hidden-text">Remove tag {key}</span>
          </button>
        </div>
      ))}
      <button type="button" class="button" onClick={() => onChange([...rows, ["", ""]])}>
        <Icon name="plus" />
        Add tag
      </button>
    </fieldset>
  );
}

/** Rows for tags, by key. */
export function rowsOf(tags: StringMap): TagRows {
  return Object.entries(tags).sort(([a], [b]) => a.localeCompare(b));
}

/** The tags that rows stand for; those without a key are left out. */
export function tagsOf(rows: TagRows): StringMap {
  const filled = rows.map(([key, value]) => [key.trim(), value] as const);
  return Object.fromEntries(filled.filter(([key]) => key !== ""));
}
