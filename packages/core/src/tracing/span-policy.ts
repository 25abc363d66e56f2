import { DEFAULT_EXPERIMENT_ID } from "@rivulet/domain";
import { type AttachmentBytes, createMediaKeeper, type Encode } from "@rivulet/store";
import { LRUCache } from "lru-cache";
import type { Masking } from "../masking/masking.ts";
import { createFindPrice, type FindPrice } from "./prices/find-price.ts";
import type { TracingOptions } from "./tracing-options.ts";

/** What a client's options demand of every span, whatever its source. */
export interface SpanPolicy {
  /** Encodes a value as JSON text, without anything that must not be stored. */
  readonly encode: Encode;
  /** Masks what is no value of its own: names, ids, tags. */
  readonly masking: Masking;
  /** Keeps a file that encoded values refer to. */
  readonly keepFile: (file: AttachmentBytes, traceId: string) => void;
  /** How many files were too large to be kept, since the start. */
  readonly oversizedFiles: () => number;
  /** The price of a model, for spans that come without a cost. */
  readonly price: FindPrice;
  /** The experiment of this name or id. @default that of new traces */
  readonly experiment: (nameOrId?: string) => ExperimentRef;
}

/** An experiment that spans go to. */
export interface ExperimentRef {
  /** Its id, or with a name the id that it gets when it is made. */
  readonly id: string;
  /** The store finds the experiment by this name, or makes it. */
  readonly name?: string;
}

/** What {@link createSpanPolicy} takes besides the client's options. */
export interface SpanPolicyParts {
  readonly newExperimentId: () => string;
  readonly keepFile: SpanPolicy["keepFile"];
  readonly masking: Masking;
  readonly reportError: (error: unknown) => void;
}

/** Makes the {@link SpanPolicy} of a client. */
export function createSpanPolicy(options: TracingOptions, parts: SpanPolicyParts): SpanPolicy {
  const { experiment = "Default" } = options;
  const refs = createExperimentRefs(parts.newExperimentId);
  const media = createMediaKeeper(options);
  return Object.freeze<SpanPolicy>({
    encode: parts.masking.encoder(media),
    masking: parts.masking,
    keepFile: parts.keepFile,
    oversizedFiles: media.tooLarge,
    price: createFindPrice({
      prices: options.prices,
      pricesFile: options.pricesFile ?? process.env["RIVULET_PRICES"],
      reportError: parts.reportError,
    }),
    experiment: (nameOrId = experiment) => refs(nameOrId),
  });
}

const MAX_NAMES = 1_000;
const ID = /^\d+$/;

/** Names or ids to experiments: the same name gives the same reference. */
function createExperimentRefs(newId: () => string): (nameOrId: string) => ExperimentRef {
  const refs = new LRUCache<string, ExperimentRef>({ max: MAX_NAMES });

  const create = (nameOrId: string): ExperimentRef => {
    if (ID.test(nameOrId)) return { id: nameOrId };
    if (nameOrId === "Default") return { id: DEFAULT_EXPERIMENT_ID };
    return { id: newId(), name: nameOrId };
  };

  return (nameOrId) => {
    const known = refs.get(nameOrId);
    if (known !== undefined) return known;
    const ref = create(nameOrId);
    refs.set(nameOrId, ref);
    return ref;
  };
}
