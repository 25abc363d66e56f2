import { setTimeout as pause } from "node:timers/promises";
import { messageOf, type RivuletError } from "@rivulet/domain";
import type { StoreChange } from "../../port/store.ts";
import type { Database, Sql } from "../../sql/database.ts";
import {
  isAnyChanged,
  listUnits,
  markAll,
  pathOf,
  takeChanged,
  type Unit,
  watchUnits,
} from "./changed-units.ts";
import { FOLDER_KINDS, RUNS_FOLDER } from "./file-kinds.ts";
import { loadProject } from "./load-project.ts";
import { type ProjectDisk, projectDisk } from "./project-disk.ts";
import { conflict, fullError, MAX_LOCAL_BYTES, removed } from "./project-errors.ts";
import type { ProjectLock } from "./project-lock.ts";
import { UPDATED } from "./project-paths.ts";
import { type Texts, unitTexts, updatedText } from "./unit-texts.ts";

/** A project folder and the in-memory database that holds its content. */
export interface Project {
  /** Before a read: loads what has changed on disk. */
  refresh(): Promise<void>;
  /**
   * Does something that may change the database; resolves when the disk has it.
   *
   * @throws RivuletError `conflict` when somebody else has changed the same files meanwhile: the change is not made
   */
  change<T>(work: () => Promise<T>): Promise<T>;
  /** What others have changed since the last call. */
  takeNews(): readonly StoreChange[];
  /** Why no more traces are accepted; `undefined` while they are. */
  full(): RivuletError | undefined;
  /** Resolves when every change is on disk. A failed one is tried once more. */
  settled(): Promise<void>;
}

/** Options of {@link openProject}. */
export interface ProjectParts {
  readonly path: string;
  readonly database: Database;
  /** Permissions of new files. */
  readonly fileMode: number;
  /** Absent when nothing is written. */
  readonly lock: ProjectLock | undefined;
}

/** Changes within this many milliseconds are written together. */
const GATHER_MS = 5;
/** How often reads check the whole disk, in milliseconds. Changes check it whenever that is quick. */
const STALE_MS = 500;
/** Share of the time that checking may take. */
const MOST_LOOKING = 0.05;
/**
 * Git or an editor may be in the middle of a change: what cannot be read is read again after this many milliseconds.
 */
const SETTLE_MS = 100;
/** Attempts to read files that keep changing. */
const MOST_READINGS = 50;

/**
 * Loads the project into the database, and writes it back after changes.
 *
 * @throws RivuletError `store_corrupt`, `store_too_new` or `conflict`: the files are left as they are;
 * `store_unavailable` when they cannot be read
 */
export async function openProject(parts: ProjectParts): Promise<Project> {
  const project = new LoadedProject(parts);
  await project.open();
  return project;
}

class LoadedProject implements Project {
  readonly #parts: ProjectParts;
  readonly #disk: ProjectDisk;
  #gathering: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();
  #looking: Promise<void> | undefined;
  /** What a failed write has left to be written. */
  #unwritten = new Map<string, Unit>();
  /** Changes on their way to disk. */
  readonly #underway = new Set<Promise<unknown>>();
  /** A change that began before one of them is lost together with it. */
  #reloads = 0;
  /** The file because of which everything was last read again. */
  #changed = "";
  #lookedAt = performance.now();
  #news: StoreChange[] = [];
  /** How long the last check took. */
  #lookMs = 0;

  constructor(parts: ProjectParts) {
    this.#parts = parts;
    const { path, fileMode, lock } = parts;
    this.#disk = projectDisk(path, { fileMode, readOnly: lock === undefined });
  }

  async open(): Promise<void> {
    const { database, lock } = this.#parts;
    await watchUnits(database);
    const isThere = await this.#load();
    this.takeNews();
    if (isThere || lock === undefined) return;
    await markAll(database);
    await this.#save();
  }

  async refresh(): Promise<void> {
    await this.#look(STALE_MS);
  }

  async change<T>(work: () => Promise<T>): Promise<T> {
    await this.#look(Math.min(STALE_MS, this.#lookMs / MOST_LOOKING));
    const done = this.#change(work);
    this.#underway.add(done);
    try {
      return await done;
    } finally {
      this.#underway.delete(done);
    }
  }

  takeNews(): readonly StoreChange[] {
    const news = this.#news;
    this.#news = [];
    return news;
  }

  full(): RivuletError | undefined {
    return this.#disk.localBytes() > MAX_LOCAL_BYTES ? fullError(this.#parts.path) : undefined;
  }

  async settled(): Promise<void> {
    await this.#last.catch(() => undefined);
    if (this.#parts.lock !== undefined && (await this.#isDirty())) await this.#save();
  }

  async #change<T>(work: () => Promise<T>): Promise<T> {
    const reloads = this.#reloads;
    const result = await work();
    const isKept = (): boolean => reloads === this.#reloads;
    if (isKept() && (await this.#isDirty())) await this.#save();
    if (!isKept()) throw conflict(this.#parts.path, this.#changed);
    return result;
  }

  async #isDirty(): Promise<boolean> {
    return this.#unwritten.size > 0 || isAnyChanged(this.#parts.database);
  }

  /**
   * Whoever comes while the disk is looked at waits for that. Changes that are under way come first; before it is
   * high time nobody waits for them.
   */
  async #look(staleMs: number): Promise<void> {
    const elapsed = performance.now() - this.#lookedAt;
    const isDue = elapsed >= (this.#underway.size === 0 ? staleMs : STALE_MS);
    if (!isDue && this.#looking === undefined) return;
    this.#looking ??= this.#lookNow().finally(() => {
      this.#looking = undefined;
    });
    await this.#looking;
  }

  async #lookNow(): Promise<void> {
    await Promise.allSettled(this.#underway);
    if (this.#isGone()) return;
    if (this.#disk.isRemoved()) throw removed(this.#parts.path);
    const begun = performance.now();
    await this.#loadWhenChanged();
    // Not before: the next caller after a failure checks again.
    this.#lookedAt = performance.now();
    this.#lookMs = this.#lookedAt - begun;
  }

  /** What could not be written yet is kept, unless somebody else has changed the same files. */
  async #loadWhenChanged(): Promise<void> {
    const isWritten = this.#unwritten.size === 0;
    const changed = isWritten
      ? await this.#disk.findChange()
      : await this.#disk.findChangeIn(this.#unwritten.keys());
    if (changed === undefined) return;
    this.#changed = changed;
    await this.#load();
    if (!isWritten) throw conflict(this.#parts.path, changed);
  }

  /** Somebody has removed the folder, and our lock with it: it is created again with the next change. */
  #isGone(): boolean {
    return this.#disk.isRemoved() && this.#parts.lock?.isInPlace() === false;
  }

  /**
   * If others write meanwhile, reads again until the content is stable. What cannot be read is also read again, at
   * least once.
   */
  async #load(): Promise<boolean> {
    let told: unknown;
    for (let reading = 1; ; reading += 1) {
      const outcome = await this.#read().catch((error: unknown) => ({ error }));
      const isLast = reading === MOST_READINGS;
      if ("error" in outcome) {
        const message = messageOf(outcome.error);
        if (isLast || message === told) throw outcome.error;
        told = message;
        await pause(SETTLE_MS);
      } else if (isLast || !outcome.isThere || (await this.#disk.findChange()) === undefined) {
        return outcome.isThere;
      }
    }
  }

  async #read(): Promise<{ readonly isThere: boolean }> {
    const state = await this.#disk.read();
    if (state === undefined) return { isThere: false };
    const { database } = this.#parts;
    const before = await listUnits(database);
    await loadProject(database, state.files);
    const changed = this.#disk.accept(state);
    const units = new Map([...before, ...(await listUnits(database))]);
    for (const path of changed) this.#news.push(...changesOf(units.get(path)));
    this.#unwritten.clear();
    this.#reloads += 1;
    return { isThere: true };
  }

  #save(): Promise<void> {
    this.#gathering ??= this.#writeSoon(this.#last);
    this.#last = this.#gathering;
    return this.#gathering;
  }

  async #writeSoon(before: Promise<void>): Promise<void> {
    await pause(GATHER_MS);
    // One write at a time; it also makes up for one that failed.
    await before.catch(() => undefined);
    this.#gathering = undefined;
    await this.#write();
  }

  async #write(): Promise<void> {
    const { database, lock, path } = this.#parts;
    if (this.#isGone()) {
      this.#disk.forget();
      await markAll(database);
    }
    lock?.keep();
    if (this.#disk.isRemoved()) throw removed(path);
    const texts = await database.transaction(async (sql) => {
      for (const unit of await takeChanged(sql)) this.#unwritten.set(pathOf(unit), unit);
      return textsOf(sql, this.#unwritten);
    });
    const units = new Map(this.#unwritten);
    const changed = await this.#disk.findChangeIn(units.keys());
    if (changed !== undefined) {
      this.#changed = changed;
      await this.#load();
      throw conflict(path, changed);
    }
    await this.#disk.write(texts);
    this.#unwritten.clear();
  }
}

/** The files of some units, with that of the times if one of them has a time. */
export async function textsOf(
  sql: Sql,
  units: ReadonlyMap<string, Unit>,
): Promise<ReadonlyMap<string, Texts>> {
  const texts = new Map<string, Texts>();
  for (const [path, unit] of units) texts.set(path, await unitTexts(sql, unit));
  const isDated = FOLDER_KINDS.some(({ folder, entry }) => {
    const isTouched = [...units.values()].some((unit) => unit.folder === folder);
    return isTouched && entry.left.includes("updated_us");
  });
  if (isDated) texts.set(UPDATED, new Map([[UPDATED, await updatedText(sql)]]));
  return texts;
}

function changesOf(unit: Unit | undefined): readonly StoreChange[] {
  if (unit === undefined) return [];
  const { folder, name } = unit;
  if (folder === RUNS_FOLDER) return [{ entity: "run", ids: [name] }];
  const kind = FOLDER_KINDS.find((one) => one.folder === folder);
  return kind === undefined ? [] : [{ entity: kind.noun, ids: [name] }];
}
