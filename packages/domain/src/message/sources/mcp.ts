import { readMedia } from "../media.ts";
import type { PartReaders } from "../part-reader.ts";

/** Content as servers of the Model Context Protocol answer it, beside text, images and audio. */
export const MCP_PARTS: PartReaders = {
  resource: (from) => readMedia(from),
  resource_link: (from) => readMedia(from),
};
