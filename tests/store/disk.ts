import { execFileSync } from "node:child_process";
import { onTestFinished } from "vitest";

/** Mounts a disk in memory on a folder, until the test ends. False where this user may not. */
export function mountDisk(folder: string, size: string): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder], {
      stdio: "ignore",
    });
  } catch {
    return false;
  }
  onTestFinished(() => {
    execFileSync("umount", ["--lazy", folder]);
  });
  return true;
}

/** Makes a mounted disk one that nobody can write, not even root. */
export function makeReadOnly(folder: string): void {
  execFileSync("mount", ["-o", "remount,ro", folder]);
}
