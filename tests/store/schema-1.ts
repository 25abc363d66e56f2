import type { Schema, Table } from "@rivulet/store/sql";
import { SCHEMA } from "@rivulet/store/sql";

/** The schema as its first version was. */
export const SCHEMA_1: Schema = {
  tables: SCHEMA.tables.filter(({ since = 1 }) => since === 1).map(asOf1),
  steps: Object.fromEntries(Object.entries(SCHEMA.steps).filter(([version]) => version === "1")),
};

function asOf1({ added = {}, ...table }: Table): Table {
  const isOf1 = (name: string): boolean => !Object.hasOwn(added, name);
  return {
    ...table,
    columns: Object.fromEntries(Object.entries(table.columns).filter(([name]) => isOf1(name))),
    indexes: (table.indexes ?? []).filter(({ name }) => isOf1(name)),
  };
}
