import type { JsonValue } from "@rivulet/core";
import type { JSX } from "preact";
import { Markdown } from "../../../content/markdown.tsx";

/** A cell of a notebook. */
interface Cell {
  readonly kind: string;
  readonly source: string;
  /** How often cells had run before; absent where it has not run. */
  readonly count: string;
  readonly outputs: readonly Output[];
}

/** What a cell has printed: text, or a picture. */
interface Output {
  readonly text: string;
  /** A data URL. */
  readonly image?: string;
}

/** Cells of a Jupyter notebook (format 4). */
export function readNotebook(value: JsonValue): readonly Cell[] | undefined {
  const cells = partOf(value, "cells");
  if (!Array.isArray(cells)) return undefined;
  return (cells as readonly JsonValue[]).map((cell) => {
    const outputs = partOf(cell, "outputs");
    return {
      kind: textOf(partOf(cell, "cell_type")),
      source: textOf(partOf(cell, "source")),
      count: textOf(partOf(cell, "execution_count")),
      outputs: Array.isArray(outputs) ? (outputs as readonly JsonValue[]).map(outputOf) : [],
    };
  });
}

/** A notebook's cells as text, with what they printed. Nothing in it runs, and none of its HTML is drawn. */
export function NotebookView({ cells }: { cells: readonly Cell[] }): JSX.Element {
  return (
    <ol class="notebook">
      {cells.map(({ kind, source, count, outputs }, index) => (
        <li key={index}>
          {kind === "markdown" ? (
            <Markdown text={source} />
          ) : (
            <>
              {kind === "code" ? <span class="muted">In [{count || " "}]</span> : null}
              <pre class="code-block">{source}</pre>
            </>
          )}
          {outputs.map(({ text, image }, place) =>
            image === undefined ? (
              <pre key={place} class="notebook-output">
                {text}
              </pre>
            ) : (
              <img key={place} class="artifact-image" src={image} alt={text || "Output"} />
            ),
          )}
        </li>
      ))}
    </ol>
  );
}

const IMAGES = ["image/png", "image/jpeg"] as const;
/** Colours of terminals. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is taken out
const COLORS = /\u001B\[[\d;]*m/g;

function outputOf(output: JsonValue): Output {
  const data = partOf(output, "data") ?? null;
  const written =
    partOf(output, "text") ?? partOf(data, "text/plain") ?? partOf(output, "traceback");
  const text = textOf(written, Array.isArray(partOf(output, "traceback")) ? "\n" : "").replaceAll(
    COLORS,
    "",
  );
  const type = IMAGES.find((one) => partOf(data, one) !== undefined);
  if (type === undefined) return { text: text || "An output that is not shown." };
  const bytes = textOf(partOf(data, type)).replaceAll(/[^\w+/=]/g, "");
  return { text, image: `data:${type};base64,${bytes}` };
}

/** Text is one string, or a list of lines with their ends. */
function textOf(value: JsonValue | undefined, between = ""): string {
  if (Array.isArray(value)) return value.map(String).join(between);
  return value === undefined || value === null ? "" : String(value);
}

function partOf(value: JsonValue, name: string): JsonValue | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, JsonValue>>)[name];
}
