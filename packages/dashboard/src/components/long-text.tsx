import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { formatCount } from "../format/numbers.ts";

/** Longer texts are cut until somebody wants all of it. */
const CUT = 400;

/** A value that may be a text of any length and in any script. */
export function LongText({ text }: { text: string }): JSX.Element {
  const [isWhole, setWhole] = useState(text.length <= CUT);
  if (text === "") return <span class="muted">empty</span>;
  return (
    <span class="long-text" dir="auto">
      {isWhole ? text : text.slice(0, CUT)}
      {isWhole ? null : (
        <button type="button" class="link-button" onClick={() => setWhole(true)}>
          … {formatCount(text.length - CUT)} more characters
        </button>
      )}
    </span>
  );
}
