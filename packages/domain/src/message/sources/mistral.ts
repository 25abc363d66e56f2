import { readMedia } from "../media.ts";
import type { PartReaders } from "../part-reader.ts";

/** Parts as Mistral writes them, beside those of OpenAI. */
export const MISTRAL_PARTS: PartReaders = {
  document_url: (from) => readMedia(from, "document"),
};
