import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { ScrollRegion } from "../../components/scroll-region.tsx";
import { readCsv } from "../../files/csv.ts";
import { formatCount } from "../../format/numbers.ts";

/** Rows shown; the file has the others. */
const MAX_ROWS = 500;

/** A file of values separated by commas, as a table whose head is its first line. */
export function CsvTable({ text }: { text: string }): JSX.Element {
  const lines = useMemo(() => readable(text), [text]);
  if (lines === undefined) return <pre class="code-block">{text}</pre>;
  const [head = [], ...rows] = lines;
  return (
    <>
      <ScrollRegion label="Rows of the file" class="wide-table">
        <table class="plain-table">
          <thead>
            <tr>
              {head.map((name, index) => (
                <th key={index} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, MAX_ROWS).map((row, index) => (
              <tr key={index}>
                {row.map((value, column) => (
                  <td key={column}>{value}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {rows.length > MAX_ROWS ? (
        <p class="muted">
          The first {formatCount(MAX_ROWS)} of {formatCount(rows.length)} rows.
        </p>
      ) : null}
    </>
  );
}

/** The lines of a file; nothing where it is no CSV after all: then it is shown as the text that it is. */
function readable(text: string): ReturnType<typeof readCsv> | undefined {
  try {
    return readCsv(text, ",");
  } catch {
    return undefined;
  }
}
