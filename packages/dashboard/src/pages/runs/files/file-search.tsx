import type { ComponentChildren, JSX } from "preact";
import { formatCount } from "../../../format/numbers.ts";

/** Over a list of files: a box that finds some of them, and a way to have all. */
export function FileSearch({
  text,
  onText,
  found,
  total,
  archiveUrl,
  children,
}: {
  text: string;
  onText: (text: string) => void;
  /** How many files have the words; without a number nothing is looked for. */
  found: number | undefined;
  /** How many files there are, where it is known; a few need no search. */
  total: string | undefined;
  archiveUrl: string;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <div class="artifact-files">
      {total === undefined ? null : (
        <>
          <input
            class="input"
            type="search"
            aria-label="Find a file"
            placeholder="Find a file"
            value={text}
            onInput={(event) => onText(event.currentTarget.value)}
          />
          <p class="muted" role="status">
            {found === undefined ? "" : `${formatCount(found)} of `}
            {total} files
          </p>
        </>
      )}
      <p>
        <a href={archiveUrl} download>
          All as ZIP
        </a>
      </p>
      {children}
    </div>
  );
}
