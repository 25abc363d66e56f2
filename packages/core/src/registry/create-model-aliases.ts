import type { Context } from "../context.ts";
import { parseInput } from "../validation.ts";
import type { RegistryParts } from "./create-models.ts";
import { getVersion } from "./find-version.ts";
import { deleteModelAliasSchema, modelAliasSchema, rollBackSchema } from "./model-input.ts";
import type { Models } from "./models.ts";

/** The verbs of aliases. */
export function createModelAliases(
  { store }: Context,
  { acts, gates }: RegistryParts,
): Pick<Models, "setAlias" | "deleteAlias" | "rollBack"> {
  return {
    setAlias: async (options) => {
      const {
        userId,
        why,
        force = false,
        ...write
      } = parseInput(modelAliasSchema, options, "alias");
      const { name, version, alias } = write;
      const opened = await store();
      const candidate = await opened.models.getVersion({ name, version });
      // The store says what is not there.
      const overridden = candidate !== undefined && (await gates.pass(candidate, { alias, force }));
      const act = {
        ...(userId === undefined ? {} : { userId }),
        ...(why === undefined ? {} : { why }),
      };
      await acts.perform(act, (noted) =>
        opened.models.setAlias({ ...write, force, overridden, ...noted }),
      );
    },
    deleteAlias: async (options) => {
      const { name, alias, expected, ...act } = parseInput(
        deleteModelAliasSchema,
        options,
        "alias",
      );
      const key = { name, alias, ...(expected === undefined ? {} : { expected }) };
      const { models } = await store();
      await acts.perform(act, (noted) => models.deleteAlias({ ...key, ...noted }));
    },
    rollBack: async (options) => {
      const { name, alias, ...act } = parseInput(rollBackSchema, options, "alias");
      const opened = await store();
      const version = await acts.perform(act, (noted) =>
        opened.models.rollBack({ name, alias, ...noted }),
      );
      return getVersion(opened, `${name}@${version}`);
    },
  };
}
