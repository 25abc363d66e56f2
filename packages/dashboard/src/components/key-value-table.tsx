import type { JSX } from "preact";
import { formatMetric } from "../format/numbers.ts";

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
    <table class="plain-table key-values" aria-label={label}>
      <tbody>
        {entries.map(([key, value]) => (
          <tr key={key}>
            <th scope="row">{key}</th>
            <td class={typeof value === "number" ? "number" : ""}>
              {typeof value === "number" ? formatMetric(value) : value}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
