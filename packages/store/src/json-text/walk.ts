import type { MediaFile, MediaKeeper } from "../media/media-keeper.ts";
import { MASKED } from "../secrets/masked.ts";
import { looksLikeToken } from "../secrets/secret-names.ts";
import { type Cut, cutMasked, cutText } from "./cuts.ts";
import { type FieldName, fieldName } from "./field-name.ts";

type MaskText = (text: string) => string;

/** What all walks of an encoder have in common. */
export interface WalkRules {
  readonly maskSecrets: boolean;
  readonly maskText: MaskText | undefined;
  /** The masking of secrets and `maskText`, one after the other. */
  readonly mask: MaskText | undefined;
  readonly maxNodes: number;
  readonly maxSize: number;
  readonly media: MediaKeeper | undefined;
}

/** One walk through a value: how much of it may be kept, and what was met so far. */
export interface Walk extends WalkRules {
  readonly files: Map<string, MediaFile>;
  readonly cut: Cut;
  readonly ancestors: object[];
  /** How many of them stand for the value itself: something that is described is an object in an object. */
  top: number;
  nodes: number;
  /** Characters so far. */
  size: number;
  /** The longest string, and the longest list, so far. */
  longest: { text: number; items: number };
  /** Names and values of the fields of what was encoded last, when it was an object. */
  fields: FieldTexts | undefined;
}

/** Names and values of fields, as JSON where it is values. */
export interface FieldTexts {
  readonly names: readonly string[];
  readonly values: readonly string[];
}

/** The masks as one, in this order. */
export function joinMasks(
  first: MaskText | undefined,
  second: MaskText | undefined,
): MaskText | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return (text) => second(first(text));
}

/** It grows larger than it may: it is tried again with harder cuts. */
export class TooLarge extends Error {}

/** A walk at its beginning. */
export function beginWalk(rules: WalkRules, cut: Cut): Walk {
  const { maskSecrets, maskText, mask, maxNodes, maxSize, media } = rules;
  return {
    maskSecrets,
    maskText,
    mask,
    maxNodes,
    maxSize,
    media,
    files: new Map(),
    cut,
    ancestors: [],
    top: 1,
    nodes: 0,
    size: 0,
    longest: { text: 0, items: 0 },
    fields: undefined,
  };
}

/** Whether a cut leaves out any of what has made a walk too large. If not, it would end at the same place. */
export function cutsMore({ text, items }: Cut, { longest }: Walk): boolean {
  return longest.text > text || longest.items > items;
}

/** Counts what was added. @throws TooLarge */
export function count(walk: Walk, characters: number): void {
  walk.size += characters;
  if (walk.size > walk.maxSize) throw new TooLarge();
}

/** Whether what the field holds is masked whole, whatever it is. */
export function isMasked({ maskSecrets }: Walk, { kind }: FieldName): boolean {
  return maskSecrets && kind === "secret";
}

/** What is kept of a text: masked, then cut. @throws TooLarge */
export function keptText(walk: Walk, text: string, key: FieldName): string {
  const { cut, longest, mask } = walk;
  if (isSecretText(walk, text, key)) return MASKED;
  if (text.length > longest.text) longest.text = text.length;
  // To mask and quote what is too long anyway would take long.
  if (walk.size + Math.min(text.length, cut.text) > walk.maxSize) throw new TooLarge();
  return mask === undefined ? cutText(text, cut.text) : cutMasked(text, cut.text, mask);
}

function isSecretText({ maskSecrets }: Walk, text: string, { kind }: FieldName): boolean {
  if (!maskSecrets || kind === "plain" || text === "") return false;
  return kind === "secret" || looksLikeToken(text);
}

/** The name as it may be shown. */
export function shownName({ maskSecrets, maskText, mask }: Walk, field: FieldName): FieldName {
  const shown =
    maskText !== undefined ? mask?.(field.name) : maskSecrets ? field.masked : field.name;
  return shown === undefined || shown === field.name ? field : fieldName(shown);
}
