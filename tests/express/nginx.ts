import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { onTestFinished } from "vitest";

const COMMON_PATHS = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/opt/homebrew/bin/nginx"];

/** An nginx: the one of `NGINX_PATH`, an installed one, Debian's where we may install it; else undefined. */
export function findNginx(): string | undefined {
  const found = installed();
  if (found !== undefined || process.getuid?.() !== 0 || !existsSync("/etc/debian_version")) {
    return found;
  }
  const options = { stdio: "ignore", env: { ...process.env, RUNLEVEL: "1" } } as const;
  spawnSync("apt-get", ["update", "-qq"], options);
  const packages = ["--no-install-recommends", "nginx-light"];
  spawnSync("apt-get", ["install", "-y", "-qq", ...packages], options);
  return installed();
}

function installed(): string | undefined {
  const named = process.env["NGINX_PATH"];
  return named ?? COMMON_PATHS.find((path) => existsSync(path));
}

/** Starts an nginx with these lines in its `location /`; it is gone after the test. @returns its port */
export async function startNginx(path: string, location: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-nginx-"));
  await mkdir(join(folder, "logs"));
  const port = await aFreePort();
  await writeFile(join(folder, "nginx.conf"), configOf({ folder, port, location }));
  const child = spawn(path, ["-p", folder, "-c", join(folder, "nginx.conf")], { stdio: "ignore" });
  onTestFinished(async () => {
    child.kill();
    await once(child, "exit");
    await rm(folder, { recursive: true });
  });
  await answers(port);
  return port;
}

function configOf(at: {
  readonly folder: string;
  readonly port: number;
  readonly location: string;
}): string {
  const { folder, port, location } = at;
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  return `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log ${folder}/logs/error.log;
events {}
http {
  access_log off;
  ${places.join("\n  ")}
  server {
    listen 127.0.0.1:${port};
    location / {
      ${location}
    }
  }
}
`;
}

async function answers(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    try {
      await once(socket, "connect");
      return;
    } catch {
      await setTimeout(20);
    } finally {
      socket.destroy();
    }
  }
}

async function aFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
