import { err, ok, type Result } from "../model/result";
import type { ArmWeight } from "./allocation";
import { bucketOf, WEIGHT_TOTAL } from "./assign";

/** Longer blocks balance no better than the hash does. */
const BLOCK_MAX = 100;

/** One person's turn in a stratum: `ordinal` counts those enrolled into it before, from 0. */
export type BlockTurn = { readonly seed: string; readonly stratum: string; readonly ordinal: number };

/**
 * Arms in the smallest block that holds the weights exactly (9 and 1 for 90/10), each as often as its weight says. `block-too-long`
 * where more than a hundred places would be needed: round the weights.
 */
export function blockOf(arms: readonly ArmWeight[]): Result<readonly string[], "block-too-long"> {
  const divisor = arms.reduce((common, { weight }) => greatestCommonDivisor(common, weight), WEIGHT_TOTAL);
  if (WEIGHT_TOTAL / divisor > BLOCK_MAX) return err("block-too-long");
  return ok(arms.flatMap(({ arm, weight }) => new Array<string>(weight / divisor).fill(arm)));
}

const greatestCommonDivisor = (left: number, right: number): number =>
  right === 0 ? left : greatestCommonDivisor(right, left % right);

/**
 * Permuted-block assignment for small cohorts: within every stratum each full block has exactly the planned shares. The order inside
 * a block follows from seed, stratum and number of the block alone, so that anybody can recompute it from the row.
 */
export function armInBlock(block: readonly string[], { seed, stratum, ordinal }: BlockTurn): string {
  const number = Math.floor(ordinal / block.length);
  const order = [...block];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const bucket = bucketOf(`${seed}:${stratum}:${number}`, String(last));
    const other = Math.floor((bucket * (last + 1)) / WEIGHT_TOTAL);
    [order[last], order[other]] = [order[other] as string, order[last] as string];
  }
  return order[ordinal % block.length] as string;
}
