import type { JSX } from "preact";
import { formatMetric } from "../format/numbers.ts";
import { FirstOfMany } from "./first-of-many.tsx";
import { LongText } from "./long-text.tsx";

/** A key, which is broken at its separators where it is too long. */
export function Key({ text }: { text: string }): JSX.Element {
  return (
    <>
      {text.split(/(?<=[/_.])/).map((part) => (
        <>
          {part}
          <wbr />
        </>
      ))}
    </>
  );
}

/** Keys and values, one per row; numbers as metrics. */
export function KeyValueTable({
  label,
  values,
  empty,
}: {
  label: string;
  values: Readonly<Record<string, string | number>>;
  empty: string;
}): JSX.Element {
  const entries = Object.entries(values).sort(([a], [b]) => a.localeCompare(b));
  if (entries.length === 0) return <p class="muted">{empty}</p>;
  return (
    <FirstOfMany
      label={`Find among the ${label.toLowerCase()}`}
      items={entries}
      textOf={([key, value]) => `${key} ${value}`}
    >
      {(drawn) => (
        <table class="plain-table key-values" aria-label={label}>
          <tbody>
            {drawn.map(([key, value]) => (
              <tr key={key}>
                <th scope="row">
                  <Key text={key} />
                </th>
                <td class={typeof value === "number" ? "number" : ""}>
                  {typeof value === "number" ? formatMetric(value) : <LongText text={value} />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </FirstOfMany>
  );
}
