import {
  type JsonObject,
  newPromptVersion,
  type Rivulet,
  RivuletError,
  type StringMap,
  storeOf,
} from "@rivulet/core";
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
  const { prompts } = await storeOf(rivulet);
  const isNew = (await prompts.get(name)) === undefined;
  let last = await knownVersions(rivulet, name);
  for (const version of model.versions) {
    // Versions that MLflow has deleted keep their numbers.
    for (; last < version.version - 1; last += 1)
      await register(rivulet, model, deletedVersion(last + 1, model));
    if (version.version > last) await register(rivulet, model, version);
    last = Math.max(last, version.version);
    tally.add("prompts");
  }
  const known = await prompts.get(name);
  const updatedAt = isNew ? model.updatedAt : rivulet.now();
  for (const [alias, version] of Object.entries(model.aliases)) {
    // An alias that is there may have been moved since.
    if (Object.hasOwn(known?.aliases ?? {}, alias)) continue;
    await prompts.setAlias({ name, alias, arms: [{ version, weight: 1 }], updatedAt });
  }
  const tags = Object.entries(ownTags(model.tags)).filter(
    ([key]) => !Object.hasOwn(known?.tags ?? {}, key),
  );
  if (tags.length > 0 || isNew) {
    await prompts.update({ name, tags: Object.fromEntries(tags), updatedAt });
  }
}

function deletedVersion(version: number, { createdAt }: SourceModel): SourceVersion {
  const tags = { [TEXT]: "(deleted in MLflow)" };
  return { version, description: "Deleted in MLflow", createdAt, updatedAt: createdAt, tags };
}

async function register(
  rivulet: Rivulet,
  { name, description: about }: SourceModel,
  { version, description, createdAt, tags }: SourceVersion,
): Promise<void> {
  const text = tags[TEXT] ?? "";
  const { prompts } = await storeOf(rivulet);
  const given = {
    name,
    template: tags[TYPE] === "chat" ? JSON.parse(text) : text,
    config: configIn(tags),
    tags: ownTags(tags),
    ...(description === "" ? {} : { commitMessage: description }),
    ...(about === "" ? {} : { description: about }),
  };
  const made = await prompts.addVersion(newPromptVersion(given, createdAt));
  if (made.version === version) return;
  // MLflow has versions that are the same as those before them.
  if (made.version === version - 1) return repeat(rivulet, { name, version, createdAt, tags });
  throw new RivuletError(
    "conflict",
    `version ${version} became ${made.version}: versions of "${name}" are registered here already`,
  );
}

async function repeat(
  rivulet: Rivulet,
  {
    name,
    version,
    createdAt,
    tags,
  }: Pick<SourceVersion, "version" | "createdAt" | "tags"> & { readonly name: string },
): Promise<void> {
  const { prompts } = await storeOf(rivulet);
  const before = await prompts.getVersion({ name, version: version - 1 });
  if (before === undefined) return;
  const { version: _number, aliases: _aliases, ...content } = before;
  const contentHash = `${content.contentHash}:${version}`;
  await prompts.addVersion({ ...content, createdAt, tags: ownTags(tags), contentHash });
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
