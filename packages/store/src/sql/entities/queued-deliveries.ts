import { randomBytes } from "node:crypto";
import type { ModelChange, ModelVersion, PromptArm, WebhookEvent } from "@rivulet/domain";
import { PARTS } from "@rivulet/domain/entities";
import type { ModelVersionPatch } from "../../port/models.ts";
import type { Sql } from "../database.ts";
import { recordRows } from "../kit/record-rows.ts";
import { number, parsed, text, toMillis } from "../values.ts";
import { modelRows, modelVersionRows } from "./model-rows.ts";
import { promptRows, promptVersionRows } from "./prompt-rows.ts";

const rows = recordRows<object>(PARTS.webhookDelivery);

/** An event that webhooks are told of, with what MLflow's payloads say of it. */
interface Told {
  readonly event: WebhookEvent;
  readonly data: object;
}

/** A change of a model, before it is numbered. */
type Change = Pick<ModelChange, "name" | "kind"> &
  Partial<Pick<ModelChange, "version" | "alias" | "before" | "after">>;

/** Writes deliveries of changes, in the transaction of the changes: there are both, or neither. */
export async function queueChanges(
  sql: Sql,
  at: number,
  changes: readonly Change[],
): Promise<void> {
  const hooks = await activeHooks(sql);
  if (hooks.length === 0) return;
  const told: Told[] = [];
  for (const change of changes) told.push(...(await toldOf(sql, change)));
  await queue(sql, { hooks, at, told });
}

/** The same of the tags of a version. */
export async function queueTags(
  sql: Sql,
  { name, version, tags = {}, removeTags = [], updatedAt: at }: ModelVersionPatch,
): Promise<void> {
  if (Object.keys(tags).length + removeTags.length === 0) return;
  const hooks = await activeHooks(sql);
  const key = { name, version: String(version) };
  const told: readonly Told[] = [
    ...Object.entries(tags).map(([tag, value]): Told => {
      return { event: "model_version_tag.set", data: { ...key, key: tag, value } };
    }),
    ...removeTags.map((tag): Told => {
      return { event: "model_version_tag.deleted", data: { ...key, key: tag } };
    }),
  ];
  await queue(sql, { hooks, at, told });
}

/** What has become of a prompt, in the transaction of the change. */
export type PromptNews =
  | { readonly event: "prompt.created" | "prompt.deleted"; readonly version?: undefined }
  | { readonly event: "prompt_version.created"; readonly version: number }
  | {
      readonly event: "prompt_alias.created" | "prompt_alias.deleted";
      readonly alias: string;
      /** The versions that it points at. */
      readonly arms?: readonly PromptArm[];
    };

/** The same of a prompt. */
export async function queuePrompt(
  sql: Sql,
  name: string,
  news: readonly PromptNews[],
): Promise<void> {
  const hooks = await activeHooks(sql);
  if (hooks.length === 0) return;
  const [row = {}] = await sql.all(`SELECT ${sql.dialect.now} AS now`);
  const told: Told[] = [];
  for (const one of news) {
    told.push({ event: one.event, data: { name, ...(await promptFacts(sql, name, one)) } });
  }
  await queue(sql, { hooks, at: toMillis(number(row, "now")), told });
}

/** What MLflow's payloads hold of it; of an alias that is split, the versions besides. */
async function promptFacts(sql: Sql, name: string, news: PromptNews): Promise<object> {
  if ("alias" in news) {
    const { alias, arms } = news;
    const [first, second] = arms ?? [];
    return {
      alias,
      ...(first && second === undefined && { version: String(first.version) }),
      ...(second && { arms }),
    };
  }
  if (news.event === "prompt_version.created") {
    const added = await promptVersionRows.get(sql, [name, news.version]);
    const { template, tags, commitMessage: description } = added;
    return { version: String(news.version), template, tags, description };
  }
  if (news.event === "prompt.deleted") return {};
  const { tags = {}, description = "" } = (await promptRows.find(sql, [name])) ?? {};
  return { tags, description };
}

interface Hook {
  readonly id: string;
  readonly events: readonly WebhookEvent[];
}

async function activeHooks(sql: Sql): Promise<readonly Hook[]> {
  const found = await sql.all("SELECT id, events FROM webhooks WHERE status = 'active'");
  return found.map((row) => ({ id: text(row, "id"), events: parsed(row, "events") }));
}

interface Queue {
  readonly hooks: readonly Hook[];
  /** When it happened, in milliseconds. */
  readonly at: number;
  readonly told: readonly Told[];
}

async function queue(sql: Sql, { hooks, at, told }: Queue): Promise<void> {
  const wanted = hooks.flatMap(({ id, events }) =>
    told.filter(({ event }) => events.includes(event)).map((one) => ({ webhookId: id, ...one })),
  );
  if (wanted.length === 0) return;
  const [clock = {}] = await sql.all(`SELECT ${sql.dialect.now} AS now`);
  const now = number(clock, "now");
  const deliveries = wanted.map(({ webhookId, event, data }, place) => {
    const [entity, action] = event.split(".");
    const timestamp = new Date(at).toISOString();
    return {
      id: randomBytes(16).toString("hex"),
      webhookId,
      event,
      status: "pending",
      attempts: 0,
      // In the order in which it happened.
      createdAt: toMillis(now + place),
      dueAt: toMillis(now),
      payload: JSON.stringify({ entity, action, timestamp, data }),
    };
  });
  await sql.insert(rows.insert, deliveries.map(rows.values));
}

async function toldOf(sql: Sql, change: Change): Promise<readonly Told[]> {
  const { name, kind, version, alias, before, after } = change;
  const key = { name, version: String(version) };
  switch (kind) {
    case "model_created": {
      const model = await modelRows.find(sql, [name]);
      const { tags = {}, description = "" } = model ?? {};
      return [{ event: "registered_model.created", data: { name, tags, description } }];
    }
    case "model_renamed":
      return [{ event: "registered_model.renamed", data: { name: before, new_name: after } }];
    case "model_deleted":
      return [{ event: "registered_model.deleted", data: { name } }];
    case "version_created": {
      const added = await modelVersionRows.find(sql, [name, version ?? 0]);
      return [{ event: "model_version.created", data: { ...key, ...factsOf(added) } }];
    }
    case "version_deleted":
      return [{ event: "model_version.deleted", data: key }];
    case "alias_set":
    case "alias_rolled_back":
      return [{ event: "model_version_alias.created", data: { ...key, alias } }];
    case "alias_deleted":
      return [{ event: "model_version_alias.deleted", data: { name, alias } }];
    case "stage_set":
      return [
        { event: "model_version_stage.set", data: { ...key, from_stage: before, to_stage: after } },
      ];
    default:
      return [];
  }
}

/** What MLflow's payload of a new version holds. */
function factsOf(version: ModelVersion | undefined): object {
  const { source, runId, tags = {}, description = "" } = version ?? {};
  return { source: source ?? null, run_id: runId ?? null, tags, description };
}
