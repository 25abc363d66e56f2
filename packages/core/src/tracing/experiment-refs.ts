import { DEFAULT_EXPERIMENT_ID } from "@rivulet/domain";

/** An experiment by name or id; the id comes when it is known. */
export interface ExperimentRef {
  readonly nameOrId: string;
  id: string | undefined;
}

/** What {@link createExperimentRefs} takes. */
export interface ExperimentRefsOptions {
  readonly resolve: (nameOrId: string) => Promise<string>;
  readonly reportError: (error: unknown) => void;
  /** An id has come: what waited for it can be written. */
  readonly onResolved: (ref: ExperimentRef) => void;
}

/** Names to ids: each name is looked up once, when it is first used. */
export interface ExperimentRefs {
  get(nameOrId: string): ExperimentRef;
  /** Resolves when no look-up is under way. */
  settled(): Promise<void>;
}

const MAX_NAMES = 1_000;
const ID = /^\d+$/;

/** Makes {@link ExperimentRefs}. A name that cannot be resolved becomes the default experiment, and is reported. */
export function createExperimentRefs(options: ExperimentRefsOptions): ExperimentRefs {
  const refs = new Map<string, ExperimentRef>();
  const lookUps = new Set<Promise<void>>();

  async function lookUp(ref: ExperimentRef): Promise<void> {
    try {
      ref.id = await options.resolve(ref.nameOrId);
    } catch (error) {
      ref.id = DEFAULT_EXPERIMENT_ID;
      refs.delete(ref.nameOrId);
      options.reportError(error);
    }
    options.onResolved(ref);
  }

  function create(nameOrId: string): ExperimentRef {
    if (ID.test(nameOrId)) return { nameOrId, id: nameOrId };
    if (nameOrId === "Default") return { nameOrId, id: DEFAULT_EXPERIMENT_ID };
    const ref: ExperimentRef = { nameOrId, id: undefined };
    const pending: Promise<void> = lookUp(ref).finally(() => lookUps.delete(pending));
    lookUps.add(pending);
    return ref;
  }

  return Object.freeze({
    get(nameOrId: string): ExperimentRef {
      const known = refs.get(nameOrId);
      if (known !== undefined) return known;
      if (refs.size >= MAX_NAMES) refs.clear();
      const ref = create(nameOrId);
      refs.set(nameOrId, ref);
      return ref;
    },
    async settled(): Promise<void> {
      await Promise.all(lookUps);
    },
  });
}
