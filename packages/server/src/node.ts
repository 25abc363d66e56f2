export {
  type NodeListener,
  type NodeNative,
  type ServedHandler,
  toNodeListener,
} from "./node/to-node-listener.ts";
