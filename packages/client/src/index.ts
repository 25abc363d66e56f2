export { RivuletError } from "@rivulet/domain/errors";
export { paginate } from "@rivulet/domain/paginate";
export {
  ADDRESSES,
  type Address,
  type AddressedId,
  addressOf,
  type Method,
  type ParsedAddress,
  parseAddress,
} from "./addresses.ts";
export type {
  Caller,
  ClientArtifactInput,
  ClientArtifacts,
  ClientModels,
  ClientPrompts,
  ClientRuns,
  ClientTraces,
  ModelUrlOptions,
  RivuletClient,
  SentPrompt,
} from "./client.ts";
export type { ClientOptions } from "./client-options.ts";
export { createClient } from "./create-client.ts";
