import { type JsonObject, type Rivulet, RivuletError, type StringMap } from "@rivulet/core";
import type { Tally } from "./report.ts";
import type { SourceModel, SourceVersion } from "./source.ts";

const IS_PROMPT = "mlflow.prompt.is_prompt";
const TEXT = "mlflow.prompt.text";
const TYPE = "_mlflow_prompt_type";
/** What MLflow notes for itself. */
const OWN = /^_?mlflow[._]/;

/** Whether a registered model is a prompt. */
export function isPrompt({ tags }: SourceModel): boolean {
  return tags[IS_PROMPT] === "true";
}

/** Writes a prompt with its versions and aliases. @throws RivuletError `conflict` when a version would get another number */
export async function writePrompt(
  model: SourceModel,
  { rivulet, tally }: { readonly rivulet: Rivulet; readonly tally: Tally },
): Promise<void> {
  const { name } = model;
  const known = await knownVersions(rivulet, name);
  for (const version of model.versions) {
    if (version.version > known) await register(rivulet, model, version);
    tally.add("prompts");
  }
  if (known > 0) return;
  const tags = ownTags(model.tags);
  if (Object.keys(tags).length > 0) await rivulet.prompts.update(name, { tags });
  for (const [alias, version] of Object.entries(model.aliases)) {
    await rivulet.prompts.setAlias({ name, alias, version });
  }
}

async function register(
  rivulet: Rivulet,
  { name }: SourceModel,
  { version, description, tags }: SourceVersion,
): Promise<void> {
  const text = tags[TEXT] ?? "";
  const made = await rivulet.prompts.register({
    name,
    template: tags[TYPE] === "chat" ? JSON.parse(text) : text,
    config: configIn(tags),
    tags: ownTags(tags),
    ...(description === "" ? {} : { commitMessage: description }),
  });
  if (made.version === version) return;
  throw new RivuletError(
    "conflict",
    `version ${version} became ${made.version}: a version before it was deleted in MLflow, or is the same`,
  );
}

/** Model settings and response format, which MLflow keeps in tags. */
function configIn(tags: StringMap): JsonObject {
  const parts = { ...parsedIn(tags["_mlflow_prompt_model_config"]) };
  const format = parsedIn(tags["_mlflow_prompt_response_format"]);
  return format === undefined ? parts : { ...parts, response_format: format };
}

function parsedIn(text: string | undefined): JsonObject | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as JsonObject);
}

function ownTags(tags: StringMap): StringMap {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !OWN.test(key)));
}

async function knownVersions(rivulet: Rivulet, name: string): Promise<number> {
  try {
    const { items } = await rivulet.prompts.listVersions({ name, limit: 1 });
    return items[0]?.version ?? 0;
  } catch (error) {
    if (error instanceof RivuletError && error.code === "not_found") return 0;
    throw error;
  }
}
