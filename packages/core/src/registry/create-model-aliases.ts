import type { Context } from "../context.ts";
import { parseInput } from "../validation.ts";
import type { RegistryParts } from "./create-models.ts";
import type { PassedGates } from "./evaluation-gates.ts";
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
      const act = {
        ...(userId === undefined ? {} : { userId }),
        ...(why === undefined ? {} : { why }),
      };
      const set = (passed: Partial<PassedGates>): Promise<void> =>
        acts.perform(act, (noted) =>
          opened.models.setAlias({ ...write, force, ...passed, ...noted }),
        );
      // The store says what is not there.
      if (candidate === undefined) await set({});
      else await gates.guard({ candidate, places: [{ alias }], force }, set);
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
