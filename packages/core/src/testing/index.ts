export * from "@rivulet/store/contract";
export { type FixedClock, fixedClock } from "./clock.ts";
export { sequentialIds } from "./sequential-ids.ts";
