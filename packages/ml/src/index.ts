export { fromJson, toJson } from "./typed-json.ts";
