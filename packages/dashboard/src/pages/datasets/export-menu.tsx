import type { DatasetRecord } from "@rivulet/core";
import type { JSX } from "preact";
import { useAction } from "../../api/use-action.ts";
import { Menu } from "../../components/menu.tsx";
import { ErrorNotice } from "../../components/notices.tsx";
import { csvOf } from "../../files/csv.ts";
import { saveFile } from "../../files/save-file.ts";
import { loadRecords } from "../../questions/datasets.ts";
import { valueText } from "./read-rows.ts";

const TYPES = { json: "application/json", csv: "text/csv" } as const;

/** Saves all rows of a version as a file: whole as JSON, or as CSV for a spreadsheet. */
export function ExportMenu({ name, version }: { name: string; version: number }): JSX.Element {
  const action = useAction(async (kind: "json" | "csv") => {
    const records = await loadRecords(name, version);
    const text =
      kind === "json"
        ? JSON.stringify(records, null, 2)
        : csvOf([["inputs", "expectations"], ...rowsOf(records)]);
    saveFile(`${name}-v${version}.${kind}`, new Blob([text], { type: TYPES[kind] }));
  });
  return (
    <Menu label="Export" icon="download">
      {(close) => (
        <ul class="menu-list">
          {(["json", "csv"] as const).map((kind) => (
            <li key={kind}>
              <button
                type="button"
                class="button"
                onClick={() => {
                  void action.run(kind);
                  close();
                }}
              >
                {kind.toUpperCase()}
              </button>
            </li>
          ))}
          {action.error === null ? null : <ErrorNotice error={action.error} />}
        </ul>
      )}
    </Menu>
  );
}

function rowsOf(records: readonly DatasetRecord[]): readonly (readonly string[])[] {
  return records.map(({ inputs, expectations }) => [inputs, expectations].map(valueText));
}
