// Takes a lock and keeps it until it is killed.
import { takeLock } from "@rivulet/store/spool";

const lock = takeLock(process.argv[2] ?? "", "exclusive");
process.stdout.write(lock === undefined ? "not held\n" : "held\n");
setInterval(() => lock?.isInPlace(), 1_000);
