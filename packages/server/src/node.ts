export {
  type NodeListener,
  type NodeListenerOptions,
  type NodeNative,
  type ServedHandler,
  toNodeListener,
} from "./node/to-node-listener.ts";
