import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { dirname } from "node:path";
import {
  createRivulet,
  messageOf,
  type OpenStoreOptions,
  openStore,
  type Rivulet,
  SEARCHED_GROUPS,
  type Store,
} from "@rivulet/core";
import { isPostgres } from "../load-driver.ts";
import { isThere, storeFile } from "../store-file.ts";
import { retentionText } from "../view/retention-text.ts";
import { checkPostgres } from "./check-postgres.ts";
import { type Finding, note, ok, problem } from "./finding.ts";

/** Opens the store without changing it, and checks its content. */
export async function checkStore(url: string, artifacts?: string): Promise<readonly Finding[]> {
  const place: Place = url === "memory:" || artifacts === undefined ? {} : { artifacts };
  try {
    return isPostgres(url) ? await lookAtServer(url, place) : await lookAtFile(url, place);
  } catch (error) {
    return unopened(error);
  }
}

/** Where the store's files are. */
type Place = Pick<OpenStoreOptions, "artifacts">;

async function lookAtServer(url: string, place: Place): Promise<readonly Finding[]> {
  const findings = await checkPostgres(url);
  const hasStore = findings.every(({ status }) => status !== "note");
  return hasStore ? [...findings, ...(await lookInside(url, place))] : findings;
}

async function lookAtFile(url: string, place: Place): Promise<readonly Finding[]> {
  const file = storeFile(url);
  const folder = file === undefined ? [] : [await checkFolder(dirname(file))];
  return [...folder, ...(await lookAtStore(url, { file, place }).catch(unopened))];
}

/** Where a store is said to be. */
interface Whereabouts {
  readonly file: string | undefined;
  readonly place: Place;
}

async function lookAtStore(url: string, { file, place }: Whereabouts): Promise<readonly Finding[]> {
  if (file === undefined || (await isThere(file))) return lookInside(url, place);
  return [note("Store", `${url} is not there yet; it is made when it is first used.`)];
}

function unopened(error: unknown): readonly Finding[] {
  return [problem("Store", messageOf(error))];
}

async function lookInside(url: string, place: Place): Promise<readonly Finding[]> {
  // An in-memory store starts with its first write.
  const store = await openStore(url, { ...place, readOnly: url !== "memory:" });
  await using rivulet = createRivulet({ store });
  return [
    ok("Store", `${store.info.driver}, ${store.info.url}`),
    await checkIntegrity(store),
    await checkContents(rivulet),
    ...(url === "memory:" ? [] : [await checkRetention(rivulet)]),
  ];
}

async function checkIntegrity(store: Store): Promise<Finding> {
  const { ok: isSound, problems } = await store.checkIntegrity();
  return isSound ? ok("Integrity", "sound") : problem("Integrity", problems.join("; "));
}

async function checkFolder(folder: string): Promise<Finding> {
  const existing = await nearestFolder(folder);
  try {
    await access(existing, constants.W_OK | constants.X_OK);
    return ok("Folder", `${folder} can be written`);
  } catch {
    return problem("Folder", `${existing} cannot be written by this user.`);
  }
}

/** A missing folder would be created in its nearest existing parent. */
async function nearestFolder(folder: string): Promise<string> {
  const parent = dirname(folder);
  return parent === folder || (await isThere(folder)) ? folder : nearestFolder(parent);
}

/** An incomplete store cannot be counted; its problem has already been reported. */
async function checkContents(rivulet: Rivulet): Promise<Finding> {
  try {
    return ok("Contents", await count(rivulet));
  } catch (error) {
    return problem("Contents", error instanceof Error ? error.message : String(error));
  }
}

async function checkRetention(rivulet: Rivulet): Promise<Finding> {
  try {
    return ok("Retention", retentionText((await rivulet.describeStore()).retention));
  } catch (error) {
    return problem("Retention", messageOf(error));
  }
}

const MOST = 1000;
/** Groups whose searches leave out what is deleted. */
const HIDING: readonly string[] = ["runs", "experiments", "loggedModels"];

async function count(rivulet: Rivulet): Promise<string> {
  const texts = SEARCHED_GROUPS.map(async (group) => {
    const { items, nextPageToken } = await rivulet[group].search({
      limit: MOST,
      ...(HIDING.includes(group) ? { lifecycle: "all" } : {}),
    });
    return `${group} ${items.length}${nextPageToken === undefined ? "" : "+"}`;
  });
  return (await Promise.all(texts)).join(", ");
}
