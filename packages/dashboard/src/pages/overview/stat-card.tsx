import type { ComponentChildren, JSX } from "preact";
import { Sparkline } from "../../charts/sparkline.tsx";

/** A number with its name, what it was before, and its course; it leads to the traces it is of. */
export function StatCard({
  label,
  value,
  href,
  note,
  course,
  children,
}: {
  label: string;
  value: string;
  href: string;
  /** What belongs to it, such as another percentile. */
  note?: string | undefined;
  course: readonly (number | null)[];
  /** How it has changed. */
  children?: ComponentChildren;
}): JSX.Element {
  return (
    <li class="stat">
      <a href={href}>
        <span class="stat-label">{label}</span> <span class="stat-value number">{value}</span>{" "}
        {note === undefined ? null : <span class="stat-note number">{note}</span>}
      </a>
      {children}
      <Sparkline values={course} />
    </li>
  );
}
