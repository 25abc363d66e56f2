export {
  ADDRESSES,
  type Address,
  type Method,
  type ParsedAddress,
  parseAddress,
} from "./addresses.ts";
