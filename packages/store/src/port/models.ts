import type {
  GateCheck,
  ModelChange,
  ModelFile,
  ModelGate,
  ModelStage,
  ModelVersion,
  Page,
  RegisteredModel,
} from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import { type Operation, type Operations, read, search, write } from "./operation.ts";
import type { NamedPatch, StoreQuery, VersionKey } from "./query.ts";

/** Registered models, their versions, files, aliases, stages, gates and history. */
export interface ModelStore {
  /** Adds a model without versions. @throws RivuletError `already_exists` */
  create(model: RegisteredModel & ModelAct): Promise<void>;
  /** One model; `undefined` when there is none of this name. */
  get(name: string): Promise<RegisteredModel | undefined>;
  /** Changes description and tags. @throws RivuletError `not_found` */
  update(patch: NamedPatch): Promise<RegisteredModel>;
  /** Gives a model another name, with all that is its. @throws RivuletError `not_found`, `already_exists` */
  rename(change: ModelRename): Promise<RegisteredModel>;
  /** Replaces what versions need. @throws RivuletError `not_found` */
  setGates(change: ModelGates): Promise<RegisteredModel>;
  /** Deletes a model with all versions and aliases. Its history stays. @throws RivuletError `not_found` */
  delete(model: { readonly name: string } & ModelAct): Promise<void>;
  /** Default order: by name. */
  search(query: StoreQuery): Promise<Page<RegisteredModel>>;
  /**
   * Adds a version under the next number and pins its files; creates the model if it does not exist.
   *
   * @throws RivuletError `not_found` when the run, the version that is copied, or what is at the path is not there;
   * `conflict` when a file is gone, or a gate is not met
   */
  addVersion(version: NewModelVersion): Promise<ModelVersion>;
  /** One version; `undefined` when it does not exist. */
  getVersion(key: VersionKey): Promise<ModelVersion | undefined>;
  /** The version that an alias points to; `undefined` without such an alias. */
  findVersionByAlias(key: {
    readonly name: string;
    readonly alias: string;
  }): Promise<ModelVersion | undefined>;
  /** The files of a version by path; those of its run's artifact where none are pinned. */
  listFiles(key: VersionKey): Promise<readonly StoredModelFile[]>;
  /** Changes description and tags of a version. @throws RivuletError `not_found` */
  updateVersion(patch: ModelVersionPatch): Promise<ModelVersion>;
  /** Deletes a version with its aliases and files; its number is not reused. @throws RivuletError `not_found` */
  deleteVersion(key: VersionKey & ModelAct): Promise<void>;
  /** Default order: newest first. */
  searchVersions(query: StoreQuery): Promise<Page<ModelVersion>>;
  /**
   * Points an alias at a version, moving it if it exists.
   *
   * @throws RivuletError `not_found` for the version; `conflict` when `expected` does not match, or a gate is not met
   */
  setAlias(alias: ModelAliasWrite): Promise<void>;
  /** Removes an alias. @throws RivuletError `not_found`; `conflict` when `expected` does not match */
  deleteAlias(key: ModelAliasRemoval): Promise<void>;
  /**
   * Points an alias at the version that it pointed at before, by its history; or back, where it was deleted.
   *
   * @returns that version
   * @throws RivuletError `not_found` for an alias without a history; `conflict` where no version before is left
   */
  rollBack(key: Omit<ModelAliasWrite, "version" | "expected" | "force">): Promise<number>;
  /** Moves a version to a stage. @throws RivuletError `not_found`; `conflict` when a gate is not met */
  setStage(change: ModelStageWrite): Promise<ModelVersion>;
  /** Whether a version has what filters of gates require of it; evaluations are not looked at. */
  checkGates(key: VersionKey & GatedPlace & GateTime): Promise<readonly GateCheck[]>;
  /** What happened to models, newest first. */
  history(query: ModelHistoryQuery): Promise<Page<ModelChange>>;
}

/** Who does something to a model, and why. */
export interface ModelAct {
  /** Id of the call, by which what it changed is found. @default none */
  readonly callId?: string;
  /** Who does it. */
  readonly userId?: string;
  /** Why. */
  readonly why?: string;
  /** A gate that only the caller can look at was overridden, which the history tells. @default false */
  readonly overridden?: boolean;
  /**
   * What the caller has looked at of gates that only it can look at. Where that has changed, the call is a `conflict` whose
   * details say `gate: "changed"`. @default nothing is compared
   */
  readonly judged?: readonly JudgedPlace[];
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
}

/** An alias or a stage, which gates may guard. */
export interface GatedPlace {
  /** Name of the alias. */
  readonly alias?: string;
  /** The stage. */
  readonly stage?: ModelStage;
}

/** What was read of a place before a version is brought to it. */
export interface JudgedPlace extends GatedPlace {
  /** Those gates of it that ask for evaluations. */
  readonly gates: readonly ModelGate[];
  /** The version that was there, the highest of a stage. @default none */
  readonly there?: number;
}

/** When gates are looked at. */
export interface GateTime {
  /** The moment that relative times of filters refer to, in milliseconds since the epoch. */
  readonly now: number;
}

/** A file of a version with the id of its bytes. */
export type StoredModelFile = ModelFile & {
  /** Id in the store's files. */
  readonly fileId: string;
};

/** A version whose number the store assigns. */
export type NewModelVersion = Omit<ModelVersion, "version" | "aliases"> &
  ModelAct & {
    /** Aliases to point at the new version, in the same transaction. */
    readonly setAliases?: readonly string[];
    /** Files are pinned: those of `copyOf`, or of its run's artifact. @default false */
    readonly pinned?: boolean;
    /** The version it is a copy of. @default none */
    readonly copyOf?: VersionKey;
    /** Aliases are set also where gates are not met. @default false */
    readonly force?: boolean;
  };

/** A change of a model's name. */
export interface ModelRename extends ModelAct {
  /** The model. */
  readonly name: string;
  /** Its new name. */
  readonly newName: string;
}

/** The gates of a model. */
export interface ModelGates extends ModelAct {
  /** The model. */
  readonly name: string;
  /** All of them; none removes them. */
  readonly gates: readonly ModelGate[];
}

/** A change of one alias. */
export interface ModelAliasWrite extends VersionKey, ModelAct {
  /** Name of the alias. */
  readonly alias: string;
  /** The version that the alias must point to now; `null` if it must not exist. @default no check */
  readonly expected?: number | null;
  /** It is set also where gates are not met. @default false */
  readonly force?: boolean;
}

/** The removal of one alias. */
export interface ModelAliasRemoval extends ModelAct {
  /** The model. */
  readonly name: string;
  /** Name of the alias. */
  readonly alias: string;
  /** The version that the alias must point to now. @default no check */
  readonly expected?: number;
}

/** A change of the stage of a version. */
export interface ModelStageWrite extends VersionKey, ModelAct {
  /** The stage; `null` for none. */
  readonly stage: ModelStage | null;
  /** Versions that are in this stage now are archived. @default false */
  readonly archiveExisting?: boolean;
  /** It is set also where gates are not met. @default false */
  readonly force?: boolean;
}

/** Changes to a model version. Absent fields stay as they are. */
export type ModelVersionPatch = NamedPatch & VersionKey;

/** Selects a page of the history. */
export interface ModelHistoryQuery {
  /** The model. @default all */
  readonly name?: string;
  /** Only what concerns this alias. @default everything */
  readonly alias?: string;
  /** Only what this call has changed. @default everything */
  readonly callId?: string;
  /** Entries per page. */
  readonly limit: number;
  /** `nextPageToken` of the previous page. @default the first page */
  readonly pageToken?: string;
}

/** Changes both names. */
const renames: Operation = {
  access: "write",
  change: (argument) => {
    const { name, newName } = argument as ModelRename;
    return { entity: ENTITIES.model.event, ids: [name, newName] };
  },
};

/** Access and change events of each operation. */
export const modelOperations: Operations<ModelStore> = {
  create: write(ENTITIES.model),
  get: read,
  update: write(ENTITIES.model),
  rename: renames,
  setGates: write(ENTITIES.model),
  delete: write(ENTITIES.model),
  search: search,
  addVersion: write(ENTITIES.modelVersion),
  getVersion: read,
  findVersionByAlias: read,
  listFiles: read,
  updateVersion: write(ENTITIES.modelVersion),
  deleteVersion: write(ENTITIES.modelVersion),
  searchVersions: search,
  setAlias: write(ENTITIES.modelVersion),
  deleteAlias: write(ENTITIES.model),
  rollBack: write(ENTITIES.model),
  setStage: write(ENTITIES.modelVersion),
  checkGates: read,
  history: read,
};
