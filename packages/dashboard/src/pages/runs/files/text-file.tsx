import type { JsonValue } from "@rivulet/core";
import type { FunctionComponent, JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { useQuery } from "../../../api/use-query.ts";
import { Answered } from "../../../components/answered.tsx";
import { JsonTree } from "../../../content/json-tree.tsx";
import { Markdown } from "../../../content/markdown.tsx";
import { readCsv } from "../../../files/csv.ts";
import { formatBytes } from "../../../format/numbers.ts";
import {
  askFileBeginning,
  type FileBeginning,
  type FileHome,
  type ShownFile,
} from "../../../questions/files.ts";
import { type FileKind, typeOf } from "./file-kind.ts";
import { FileTable } from "./file-table.tsx";
import { IndentedText } from "./indented-text.tsx";
import { JsonFile } from "./json-file.tsx";
import { NoView } from "./no-view.tsx";
import { NotebookView, readNotebook } from "./notebook-view.tsx";

/** Bytes that are read before somebody asks for more. */
const FIRST_BYTES = 1_000_000;
/** More is more than a page can show. */
const MOST_BYTES = 32_000_000;
/** Pictures are whole or nothing. */
const MOST_OF_A_PICTURE = 8_000_000;

interface TextFileProps {
  readonly home: FileHome;
  readonly file: ShownFile;
  readonly kind: FileKind;
}

/** A file that is text, or its beginning where it is long. */
export function TextFile({ home, file, kind }: TextFileProps): JSX.Element {
  const [limit, setLimit] = useState(kind === "svg" ? MOST_OF_A_PICTURE : FIRST_BYTES);
  const answer = useQuery(askFileBeginning(home, { file, limit }));
  return (
    <Answered answer={answer}>
      {(beginning) => (
        <>
          <TextView file={file} kind={kind} beginning={beginning} />
          {beginning.isWhole ? null : (
            <p class="muted" role="status">
              The first {formatBytes(limit)} of {formatBytes(file.size)}.{" "}
              {limit < MOST_BYTES && kind !== "svg" ? (
                <button
                  type="button"
                  class="link-button"
                  onClick={() => setLimit(Math.min(4 * limit, MOST_BYTES))}
                >
                  Show more
                </button>
              ) : (
                "The download has all of it."
              )}
            </p>
          )}
        </>
      )}
    </Answered>
  );
}

interface TextViewProps extends FileBeginning {
  readonly title: string;
}

/** Views of kinds of text; every other is shown as it is. */
const VIEWS: Partial<Record<FileKind, FunctionComponent<TextViewProps>>> = {
  svg: SvgImage,
  csv: (file) => <SeparatedValues {...file} separator="," />,
  tsv: (file) => <SeparatedValues {...file} separator={"\t"} />,
  markdown: Markdown,
  yaml: IndentedText,
  jsonl: ({ text }) => <JsonTree value={linesOf(text)} label="file" />,
  notebook: (file) => <JsonText {...file} mayBeNotebook />,
  json: JsonText,
};

function TextView({
  file,
  kind,
  beginning,
}: Omit<TextFileProps, "home"> & { beginning: FileBeginning }): JSX.Element {
  if (!isText(beginning.text)) return <NoView type={typeOf(file.contentType)} />;
  const View = VIEWS[kind] ?? PlainFile;
  return <View {...beginning} title={file.path} />;
}

function JsonText({
  text,
  isWhole,
  mayBeNotebook = false,
}: FileBeginning & { mayBeNotebook?: boolean }): JSX.Element {
  const value = useMemo(() => (isWhole ? parse(text) : undefined), [text, isWhole]);
  if (value === undefined) return <PlainFile text={text} />;
  const cells = mayBeNotebook ? readNotebook(value) : undefined;
  return cells === undefined ? <JsonFile value={value} /> : <NotebookView cells={cells} />;
}

function PlainFile({ text }: { text: string }): JSX.Element {
  return text === "" ? (
    <p class="muted">The file is empty.</p>
  ) : (
    <pre class="code-block">{text}</pre>
  );
}

/** What is in no text: signs that steer machines, but for ends of lines, tabs and colours, and what stands in place of bytes that are no UTF-8. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
const NO_TEXT = /[\0-\x08\x0E-\x1A\x1C-\x1F\uFFFD]/;

function isText(content: string): boolean {
  return !NO_TEXT.test(content);
}

/** Rows by the names in the first line; what is no such file after all is shown as the text that it is. */
function SeparatedValues({
  text,
  separator,
}: {
  text: string;
  separator: "," | "\t";
}): JSX.Element {
  const [head, ...rows] = readable(text, separator) ?? [];
  return head === undefined ? <PlainFile text={text} /> : <FileTable columns={head} rows={rows} />;
}

function readable(text: string, separator: "," | "\t"): ReturnType<typeof readCsv> | undefined {
  try {
    return readCsv(text, separator);
  } catch {
    return undefined;
  }
}

/** As an image an SVG has no right to run scripts or to load anything. */
function SvgImage({ text, isWhole, title }: TextViewProps): JSX.Element | null {
  if (!isWhole) return null;
  const url = `data:image/svg+xml,${encodeURIComponent(text)}`;
  return <img class="artifact-image" src={url} alt={title} />;
}

/** A value for each line; what cannot be read stays as it is written. */
function linesOf(text: string): readonly JsonValue[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => parse(line) ?? line);
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
