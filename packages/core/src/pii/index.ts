export { detectPii, type PiiKind } from "./detect-pii.ts";
