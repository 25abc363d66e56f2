import { RivuletError } from "@rivulet/client";
import type { JSX } from "preact";
import { Icon } from "./icon.tsx";

/** Whether a write was refused because somebody else was faster. */
export function isConflict(error: unknown): boolean {
  return error instanceof RivuletError && error.code === "conflict";
}

/** A text as it is in the store now, and as it was written here. */
export interface ConflictingText {
  readonly label: string;
  readonly theirs: string;
  readonly mine: string;
}

/** Says that somebody changed a thing meanwhile, with both texts, and asks whose it shall be. */
export function ConflictNotice({
  texts,
  onTakeTheirs,
}: {
  readonly texts: readonly ConflictingText[];
  onTakeTheirs: () => void;
}): JSX.Element {
  const different = texts.filter(({ theirs, mine }) => theirs !== mine);
  return (
    <div class="conflict" role="alert">
      <p>
        <Icon name="warning" /> <strong>Somebody changed this meanwhile.</strong> Save again to
        replace theirs with yours, or take theirs.
      </p>
      {different.map(({ label, theirs, mine }) => (
        <dl key={label}>
          <div>
            <dt>{label}, theirs</dt>
            <dd class="plain-text">{theirs === "" ? "(empty)" : theirs}</dd>
          </div>
          <div>
            <dt>{label}, yours</dt>
            <dd class="plain-text">{mine === "" ? "(empty)" : mine}</dd>
          </div>
        </dl>
      ))}
      <button type="button" class="button" onClick={onTakeTheirs}>
        Take theirs
      </button>
    </div>
  );
}
