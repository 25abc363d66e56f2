import { DEFAULT_EXPERIMENT_ID } from "@rivulet/domain";
import { LRUCache } from "lru-cache";

/** An experiment that spans go to. */
export interface ExperimentRef {
  /** Its id, or with a name the id that it gets when it is made. */
  readonly id: string;
  /** The store finds the experiment by this name, or makes it. */
  readonly name?: string;
}

const MAX_NAMES = 1_000;
const ID = /^\d+$/;

/** Names or ids to experiments: the same name gives the same reference. */
export function createExperimentRefs(newId: () => string): (nameOrId: string) => ExperimentRef {
  const refs = new LRUCache<string, ExperimentRef>({ max: MAX_NAMES });

  const create = (nameOrId: string): ExperimentRef => {
    if (ID.test(nameOrId)) return { id: nameOrId };
    if (nameOrId === "Default") return { id: DEFAULT_EXPERIMENT_ID };
    return { id: newId(), name: nameOrId };
  };

  return (nameOrId) => {
    const known = refs.get(nameOrId);
    if (known !== undefined) return known;
    const ref = create(nameOrId);
    refs.set(nameOrId, ref);
    return ref;
  };
}
