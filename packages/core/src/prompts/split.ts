import type { PromptArm } from "@rivulet/domain";
import { stableHash } from "../stable-hash.ts";

/** Where a key falls on an alias: from 0 up to 1, the same in every process and release. */
export function keyPosition(name: string, alias: string, key: string): number {
  return stableHash(`${name}@${alias}:${key}`) / 2 ** 32;
}

/** The arm at a position from 0 up to 1, by weight in the order of the arms. */
export function chooseArm<Arm extends Pick<PromptArm, "weight">>(
  arms: readonly Arm[],
  position: number,
): Arm | undefined {
  const total = arms.reduce((sum, { weight }) => sum + weight, 0);
  let left = position * total;
  for (const arm of arms) {
    left -= arm.weight;
    if (left < 0) return arm;
  }
  return arms.at(-1);
}
