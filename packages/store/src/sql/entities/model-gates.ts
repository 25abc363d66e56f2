import { isDeepStrictEqual } from "node:util";
import {
  type Condition,
  type FilterField,
  type GateCheck,
  type ModelGate,
  type ModelVersion,
  parseFilter,
  RivuletError,
} from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import type { GatedPlace, JudgedPlace } from "../../port/models.ts";
import type { VersionKey } from "../../port/store.ts";
import type { Sql } from "../database.ts";
import { compileFilter } from "../search/filter.ts";
import { optionalNumber, optionalText } from "../values.ts";
import { modelVersionRows } from "./model-rows.ts";

/** A version that is to come to a place. */
export type GatedMove = VersionKey &
  GatedPlace & {
    /** The moment that relative times of filters refer to, in milliseconds. */
    readonly at: number;
    /** Unmet gates are overridden. */
    readonly force?: boolean | undefined;
    /** What the caller has looked at before. */
    readonly judged?: readonly JudgedPlace[] | undefined;
  };

/**
 * Lets a version through the gates of a place.
 *
 * @returns whether a gate was overridden
 * @throws RivuletError `conflict` that says what is required, and what the version has; or that what the caller has looked
 * at is not so any more
 */
export async function passGates(sql: Sql, move: GatedMove): Promise<boolean> {
  await requireAsJudged(sql, move);
  const unmet = (await checkGates(sql, move)).filter(({ passes }) => !passes);
  const [first] = unmet;
  if (first === undefined) return false;
  if (move.force === true) return true;
  const { name, version, alias, stage } = move;
  const place = alias === undefined ? `Stage ${stage}` : `Alias "${alias}"`;
  throw new RivuletError(
    "conflict",
    `${place} of model "${name}" requires ${first.required}; version ${version} has ${first.found}. Choose another version, or set force and say why.`,
    { details: { name, version, gate: "unmet", required: first.required, found: first.found } },
  );
}

/** Evaluations are compared outside of the transaction: what they were compared for must still be so. */
async function requireAsJudged(
  sql: Sql,
  { name, alias, stage, judged = [] }: GatedMove,
): Promise<void> {
  const seen = judged.find((one) => one.alias === alias && one.stage === stage);
  if (seen === undefined) return;
  const gates = (await readGates(sql, name)).filter(
    (gate) => typeof gate.requires !== "string" && gate.alias === alias && gate.stage === stage,
  );
  const isSame =
    isDeepStrictEqual(gates, seen.gates) &&
    (gates.length === 0 || (await versionAt(sql, { name, alias, stage })) === seen.there);
  if (isSame) return;
  const place = alias === undefined ? `Stage ${stage}` : `Alias "${alias}"`;
  throw new RivuletError(
    "conflict",
    `${place} of model "${name}" was moved, or got other gates, while the evaluations were compared that its gates ask for. Try again.`,
    { details: { name, gate: "changed" } },
  );
}

type Place = { readonly [K in "alias" | "stage"]: GatedPlace[K] | undefined };

async function versionAt(
  sql: Sql,
  { name, alias, stage }: Place & { readonly name: string },
): Promise<number | undefined> {
  const [row] =
    alias === undefined
      ? await sql.all(
          "SELECT MAX(version) AS version FROM model_versions WHERE name = ? AND stage = ?",
          [name, stage ?? ""],
        )
      : await sql.all("SELECT version FROM model_aliases WHERE name = ? AND alias = ?", [
          name,
          alias,
        ]);
  return row && optionalNumber(row, "version");
}

/** Whether a version meets the filters that guard a place. */
export async function checkGates(
  sql: Sql,
  { name, version, alias, stage, at }: GatedMove,
): Promise<readonly GateCheck[]> {
  const gates = (await readGates(sql, name)).filter((gate) =>
    alias === undefined ? gate.stage !== undefined && gate.stage === stage : gate.alias === alias,
  );
  if (gates.length === 0) return [];
  const record = await modelVersionRows.get(sql, [name, version]);
  const checks: GateCheck[] = [];
  for (const gate of gates) {
    if (typeof gate.requires !== "string") continue;
    const conditions = parseFilter("modelVersion", gate.requires);
    const passes = await holds(sql, { name, version, at, conditions });
    const found = describe(record, conditions);
    checks.push({ gate, passes, required: gate.requires, found });
  }
  return checks;
}

async function readGates(sql: Sql, name: string): Promise<readonly ModelGate[]> {
  const [row] = await sql.all("SELECT gates FROM models WHERE name = ?", [name]);
  const gates = row && optionalText(row, "gates");
  return gates === undefined ? [] : JSON.parse(gates);
}

interface Holding extends VersionKey {
  readonly at: number;
  readonly conditions: readonly Condition[];
}

async function holds(sql: Sql, { name, version, at, conditions }: Holding): Promise<boolean> {
  const entity = ENTITIES.modelVersion;
  const scope = { entity, dialect: sql.dialect, experimentIds: [], now: () => at };
  const filter = await compileFilter(conditions, scope, new Map());
  const columns = filter.checked.map((one, place) => `, ${one.sql} AS check_${place}`).join("");
  const where = filter.conditions.map((one) => ` AND (${one.sql})`).join("");
  const rows = await sql.all(
    `SELECT t.*${columns} FROM ${entity.table} t WHERE t.name = ? AND t.version = ?${where}`,
    [
      ...filter.checked.flatMap(({ values }) => values),
      name,
      version,
      ...filter.conditions.flatMap(({ values }) => values),
    ],
  );
  return rows.some((row) => filter.check(row));
}

/** What a version has of what a filter asks for. */
function describe(version: ModelVersion, conditions: readonly Condition[]): string {
  const fields = conditions.flatMap(fieldsOf);
  const texts = fields.map((field) => {
    const value = fieldValue(version, field);
    const name = field.kind === "attribute" ? field.key : `${field.kind}s.${field.key}`;
    return value === undefined ? `no ${name}` : `${name} = ${value}`;
  });
  return [...new Set(texts)].join(", ");
}

function fieldsOf(condition: Condition): readonly FilterField[] {
  if ("field" in condition) return [condition.field];
  if ("not" in condition) return fieldsOf(condition.not);
  return ("all" in condition ? condition.all : condition.any).flatMap(fieldsOf);
}

function fieldValue(version: ModelVersion, { kind, key }: FilterField): unknown {
  if (kind === "attribute") {
    if (key === "alias") return version.aliases.join(", ") || undefined;
    return (version as unknown as Readonly<Record<string, unknown>>)[key];
  }
  const values = { metric: version.metrics, param: version.params, tag: version.tags }[
    kind as "metric"
  ];
  return values !== undefined && Object.hasOwn(values, key) ? values[key] : undefined;
}
