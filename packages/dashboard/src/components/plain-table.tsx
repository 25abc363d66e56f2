import type { ComponentChildren, JSX } from "preact";

/** A heading of {@link PlainTable}; those of numbers stand above them at the right. */
export type Heading = string | { readonly number: string };

/** A short table with headings, for what is not paged. */
export function PlainTable({
  label,
  head,
  class: name = "",
  children,
}: {
  /** What the table holds, for screen readers. */
  label: string;
  head: readonly Heading[];
  class?: string;
  /** Its rows. */
  children: ComponentChildren;
}): JSX.Element {
  return (
    <table class={`plain-table ${name}`.trimEnd()} aria-label={label}>
      <thead>
        <tr>
          {head.map((heading, place) =>
            typeof heading === "string" ? (
              <th key={place} scope="col">
                {heading}
              </th>
            ) : (
              <th key={place} scope="col" class="number">
                {heading.number}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}
