import type { StringMap } from "@rivulet/core";
import type { ComponentChildren } from "preact";
import { Tags } from "./chips.tsx";
import type { Column } from "./column.ts";
import { Age } from "./time.tsx";

/** What models and prompts have in common. */
interface Registered {
  readonly name: string;
  readonly description: string;
  readonly latestVersion?: number;
  readonly tags: StringMap;
  readonly updatedAt: number;
}

/** The columns of a registry. */
export function registryColumns<Row extends Registered>({
  pathOf,
  aliases,
}: {
  readonly pathOf: (name: string) => string;
  /** Shows the aliases of a row, and the versions they point at. */
  readonly aliases: (row: Row) => ComponentChildren;
}): readonly Column<Row>[] {
  return [
    {
      key: "name",
      label: "Name",
      width: 200,
      canSort: true,
      cell: ({ name }) => (
        <a class="row-link" href={pathOf(name)}>
          {name}
        </a>
      ),
    },
    {
      key: "description",
      label: "Description",
      width: 220,
      grow: true,
      cell: ({ description }) => <span title={description}>{description}</span>,
    },
    {
      key: "aliases",
      label: "Aliases",
      width: 280,
      cell: (row) => <span class="chips">{aliases(row)}</span>,
    },
    {
      key: "latestVersion",
      label: "Latest",
      width: 80,
      isNumber: true,
      cell: ({ latestVersion }) => (latestVersion === undefined ? "" : `v${latestVersion}`),
    },
    { key: "tags", label: "Tags", width: 160, cell: ({ tags }) => <Tags tags={tags} /> },
    {
      key: "updatedAt",
      label: "Updated",
      width: 110,
      canSort: true,
      cell: ({ updatedAt }) => <Age time={updatedAt} />,
    },
  ];
}
