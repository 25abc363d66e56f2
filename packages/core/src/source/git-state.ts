import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** What is checked out around a file. Absent fields are unknown. */
export interface GitState {
  /** Id of the commit, 40 or 64 hex digits. */
  readonly commit?: string;
  /** Name of the branch; absent where a commit is checked out by itself. */
  readonly branch?: string;
  /** Address of the remote `origin`, without credentials. */
  readonly repoUrl?: string;
  /** Whether files that git knows have changes that are not committed. */
  readonly dirty?: boolean;
}

const GIT_MS = 2_000;

/** Reads the repository that a folder is in; empty where it is in none. Never throws. */
export async function readGitState(folder: string): Promise<GitState> {
  const found = await findRepository(folder);
  if (found === undefined) return {};
  const [head, repoUrl, dirty] = await Promise.all([
    readHead(found),
    readRemote(found),
    isDirty(found.root),
  ]);
  return {
    ...head,
    ...(repoUrl === undefined ? {} : { repoUrl }),
    ...(dirty === undefined ? {} : { dirty }),
  };
}

interface Repository {
  /** The folder with the files. */
  readonly root: string;
  /** The folder of this working tree. */
  readonly gitDir: string;
  /** The folder that all working trees share. */
  readonly common: string;
}

async function findRepository(folder: string): Promise<Repository | undefined> {
  for (let root = resolve(folder); ; root = dirname(root)) {
    const place = join(root, ".git");
    const kind = await stat(place).catch(() => undefined);
    if (kind?.isDirectory() === true) return { root, gitDir: place, common: place };
    if (kind?.isFile() === true) return linkedTree(root, place);
    if (dirname(root) === root) return undefined;
  }
}

/** A working tree beside the repository, or a submodule: `.git` is a file that says where it is. */
async function linkedTree(root: string, place: string): Promise<Repository | undefined> {
  const named = /^gitdir: (.+)$/m.exec((await readText(place)) ?? "")?.[1];
  if (named === undefined) return undefined;
  const gitDir = resolve(root, named.trim());
  const common = (await readText(join(gitDir, "commondir")))?.trim();
  return { root, gitDir, common: common === undefined ? gitDir : resolve(gitDir, common) };
}

async function readHead({ gitDir, common }: Repository): Promise<GitState> {
  const head = (await readText(join(gitDir, "HEAD")))?.trim() ?? "";
  if (isCommit(head)) return { commit: head };
  const ref = /^ref: (refs\/\S+)$/.exec(head)?.[1];
  if (ref === undefined) return {};
  const own = (await readText(join(common, ref)))?.trim() ?? (await packedRef(common, ref));
  const branch = ref.replace(/^refs\/heads\//, "");
  return own !== undefined && isCommit(own) ? { commit: own, branch } : { branch };
}

async function packedRef(common: string, ref: string): Promise<string | undefined> {
  const lines = ((await readText(join(common, "packed-refs"))) ?? "").split("\n");
  return lines.find((line) => line.endsWith(` ${ref}`))?.split(" ")[0];
}

function isCommit(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

async function readRemote({ common }: Repository): Promise<string | undefined> {
  const config = (await readText(join(common, "config"))) ?? "";
  const section = /\[remote "origin"\]([^[]*)/.exec(config)?.[1] ?? "";
  const url = /^\s*url\s*=\s*(\S+)\s*$/m.exec(section)?.[1];
  return url === undefined ? undefined : withoutCredentials(url);
}

/** `https://user:token@host/path` without what is in front of the host. */
function withoutCredentials(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, "$1");
}

/** `undefined` without git, or when it takes too long. */
function isDirty(root: string): Promise<boolean | undefined> {
  return new Promise((settle) => {
    const options = {
      cwd: root,
      timeout: GIT_MS,
      windowsHide: true,
      env: { ...process.env, GIT_OPTIONAL_LOCKS: "0" },
    };
    try {
      const asked = ["status", "--porcelain", "--untracked-files=no"];
      const child = execFile("git", asked, options, (error, stdout) =>
        settle(error === null ? stdout.trim() !== "" : undefined),
      );
      child.unref();
    } catch {
      settle(undefined);
    }
  });
}

/** `undefined` for what cannot be read. */
async function readText(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}
