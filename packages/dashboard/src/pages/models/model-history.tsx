import type { ModelChange, ModelGate } from "@rivulet/core";
import type { JSX } from "preact";
import { usePages } from "../../api/use-query.ts";
import { Chip } from "../../components/chips.tsx";
import { type Column, DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { Age } from "../../components/time.tsx";
import { askModelHistory } from "../../questions/models.ts";
import { paths } from "../../routing/paths.ts";
import { placeOf, requirementText, stageName } from "./gate-words.ts";

/** What happened to a model: who changed what, when and why. Nothing of it is ever changed. */
export function ModelHistory({ name }: { name: string }): JSX.Element {
  return (
    <DataTable
      label={`History of ${name}`}
      columns={COLUMNS}
      answer={usePages(askModelHistory(name))}
      keyOf={({ number }) => String(number)}
      empty={<EmptyState title="Nothing has happened since the history is kept." />}
    />
  );
}

const WORDS: Readonly<Record<ModelChange["kind"], string>> = {
  model_created: "Model created",
  model_renamed: "Model renamed",
  model_deleted: "Model deleted",
  gates_set: "Gates changed",
  version_created: "Version registered",
  version_deleted: "Version deleted",
  alias_set: "Alias set",
  alias_rolled_back: "Alias rolled back",
  alias_deleted: "Alias removed",
  stage_set: "Stage changed",
};

const COLUMNS: readonly Column<ModelChange>[] = [
  { key: "at", label: "When", width: 110, cell: ({ at }) => <Age time={at} /> },
  {
    key: "kind",
    label: "What",
    width: 250,
    cell: ({ kind, alias, forced }) => (
      <>
        {WORDS[kind]}
        {alias === undefined ? null : <strong> {alias}</strong>}
        {forced === true ? (
          <>
            {" "}
            <Chip tone="warn" title="A gate that was not met was overridden">
              forced
            </Chip>
          </>
        ) : null}
      </>
    ),
  },
  {
    key: "version",
    label: "Version",
    width: 80,
    cell: ({ name, version }) =>
      version === undefined ? "" : <a href={paths.modelVersion(name, version)}>v{version}</a>,
  },
  {
    key: "change",
    label: "From → to",
    width: 190,
    cell: (change) => {
      const text = changeText(change);
      return <span title={text}>{text}</span>;
    },
  },
  { key: "userId", label: "Who", width: 110, cell: ({ userId = "" }) => userId },
  {
    key: "why",
    label: "Why",
    width: 220,
    grow: true,
    cell: ({ why = "" }) => <span title={why}>{why}</span>,
  },
];

function changeText({ kind, alias, before, after }: ModelChange): string {
  if (before === undefined && after === undefined) return "";
  if (kind === "gates_set") return gatesText(after ?? "[]");
  const shown = (value: string | undefined): string => {
    if (kind === "stage_set") return stageName(value);
    if (value === undefined) return "none";
    return alias === undefined ? value : `v${value}`;
  };
  return `${shown(before)} → ${shown(after)}`;
}

/** Gates, which the history keeps as JSON. */
function gatesText(json: string): string {
  const gates = JSON.parse(json) as readonly ModelGate[];
  const texts = gates.map((gate) => `${placeOf(gate)} requires ${requirementText(gate.requires)}`);
  return texts.length === 0 ? "none" : texts.join("; ");
}
