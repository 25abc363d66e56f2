import type { JsonValue } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { CopyButton } from "../components/copy-button.tsx";
import { formatBytes } from "../format/numbers.ts";
import { AttachmentView, type KeptFile } from "./attachment-view.tsx";

/** Longer strings are cut until asked for. */
const STRING_CUT = 2_000;
/** Children drawn at once. */
const PAGE = 100;
/** Levels that are open at first. */
const OPEN_LEVELS = 2;

/** A JSON value that can be opened level by level. Only what is open is drawn. */
export function JsonTree({ value, label }: { value: JsonValue; label: string }): JSX.Element {
  return (
    <div class="json">
      <CopyButton text={() => JSON.stringify(value, null, 2)} label={`Copy ${label} as JSON`} />
      <Node value={value} level={0} />
    </div>
  );
}

interface NodeProps {
  readonly name?: string | undefined;
  readonly value: JsonValue;
  readonly level: number;
}

function Node({ name, value, level }: NodeProps): JSX.Element {
  if (typeof value !== "object" || value === null) {
    return (
      <div class="json-leaf">
        <Name name={name} />
        <Leaf value={value} />
      </div>
    );
  }
  const file = fileIn(value);
  if (file !== undefined) {
    return (
      <div class="json-leaf">
        <Name name={name} />
        <AttachmentView {...file} />
        <span class="muted"> {file.mediaType}</span>
      </div>
    );
  }
  const entries: readonly (readonly [string, JsonValue])[] = Object.entries(value);
  const brackets = Array.isArray(value) ? "[]" : "{}";
  if (entries.length === 0) {
    return (
      <div class="json-leaf">
        <Name name={name} />
        {brackets}
      </div>
    );
  }
  return <Branch name={name} level={level} entries={entries} brackets={brackets} />;
}

/** The file that stands in place of bytes, wherever in a value they were. */
function fileIn(value: object): KeptFile | undefined {
  const { type, hash, mediaType, name } = value as Readonly<Record<string, unknown>>;
  if (type !== "media" || typeof hash !== "string" || typeof mediaType !== "string")
    return undefined;
  return { hash, mediaType, name: typeof name === "string" ? name : undefined };
}

function Branch({
  name,
  level,
  entries,
  brackets,
}: {
  name: string | undefined;
  level: number;
  entries: readonly (readonly [string, JsonValue])[];
  brackets: string;
}): JSX.Element {
  const [isOpen, setOpen] = useState(
    level === 0 || (level < OPEN_LEVELS && entries.length <= PAGE),
  );
  // Of many, none is open at first.
  const below = entries.length > PAGE ? OPEN_LEVELS : level + 1;
  const [shown, setShown] = useState(PAGE);
  return (
    <details
      class="json-branch"
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <Name name={name} />
        <span class="muted">
          {brackets[0]}
          {isOpen ? "" : ` ${entries.length} ${brackets[1]}`}
        </span>
      </summary>
      {isOpen
        ? entries
            .slice(0, shown)
            .map(([key, child]) => <Node key={key} name={key} value={child} level={below} />)
        : null}
      {isOpen && entries.length > shown ? (
        <button type="button" class="link-button" onClick={() => setShown(shown + PAGE)}>
          {entries.length - shown} more…
        </button>
      ) : null}
    </details>
  );
}

function Name({ name }: { name: string | undefined }): JSX.Element | null {
  return name === undefined ? null : <span class="json-name">{name}: </span>;
}

function Leaf({ value }: { value: string | number | boolean | null }): JSX.Element {
  if (typeof value === "string") return <LongString text={value} />;
  return <span class={`json-${value === null ? "null" : typeof value}`}>{String(value)}</span>;
}

function LongString({ text }: { text: string }): JSX.Element {
  const [isWhole, setWhole] = useState(text.length <= STRING_CUT);
  if (looksLikeBase64(text)) {
    return (
      <span class="chip tone-quiet">
        {text.startsWith("data:") ? text.slice(5, text.indexOf(";")) : "binary"},{" "}
        {formatBytes(text.length * 0.75)}
      </span>
    );
  }
  return (
    <span class="json-string">
      "{isWhole ? text : text.slice(0, STRING_CUT)}"
      {isWhole ? null : (
        <button type="button" class="link-button" onClick={() => setWhole(true)}>
          … {text.length - STRING_CUT} more characters
        </button>
      )}
    </span>
  );
}

/** Megabytes of an encoded image tell nobody anything. */
function looksLikeBase64(text: string): boolean {
  if (text.length < STRING_CUT) return false;
  return /^data:[\w/+.-]+;base64,/.test(text) || /^[A-Za-z0-9+/]+={0,2}$/.test(text);
}
