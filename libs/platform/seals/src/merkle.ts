import { hash } from 'node:crypto';

/**
 * The Merkle tree of RFC 6962 over the events of a log, in the order of their positions. The same leaves make the same
 * root everywhere, one event is shown to be among n by about log2(n) hashes, and a tree grows without its old leaves.
 */

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

/** In one call: a hash that takes its parts one by one costs several times as much as these few bytes do. */
export const sha256 = (...parts: readonly Uint8Array[]): Buffer =>
  hash('sha256', Buffer.concat(parts), 'buffer');

export const leafHash = (content: Uint8Array): Buffer => sha256(LEAF, content);
const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => sha256(NODE, left, right);

/** The root of a log without events. */
export const emptyRoot: Buffer = sha256();

/**
 * A tree that only grows: the roots of its perfect subtrees, largest first, are all it has to remember. Their number is
 * the number of ones in the binary form of the size.
 */
export class GrowingTree {
  private readonly peaks: Buffer[];

  /** @throws RangeError when there are not as many peaks as a tree of this size has */
  constructor(
    private count = 0,
    peaks: readonly Uint8Array[] = [],
  ) {
    if (peaks.length !== onesOf(count)) {
      throw new RangeError(`a tree of ${count} leaves has ${onesOf(count)} peaks, not ${peaks.length}`);
    }
    this.peaks = peaks.map((peak) => Buffer.from(peak));
  }

  get size(): number {
    return this.count;
  }

  /** Enough to go on from here later. */
  get frontier(): readonly Buffer[] {
    return [...this.peaks];
  }

  get root(): Buffer {
    if (this.count === 0) return emptyRoot;
    return this.peaks.reduceRight((right, left) => nodeHash(left, right));
  }

  add(leaf: Uint8Array): void {
    let node: Buffer = Buffer.from(leaf);
    // Every trailing one of the size is a subtree as large as the one just finished: they become one.
    for (let rest = this.count; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      node = nodeHash(this.peaks.pop()!, node);
    }
    this.peaks.push(node);
    this.count += 1;
  }
}

function onesOf(count: number): number {
  let ones = 0;
  for (let rest = count; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones;
}

/** The largest power of two below n; n is at least 2. */
function splitOf(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}

function rootOf(leaves: readonly Uint8Array[], from: number, to: number): Buffer {
  const tree = new GrowingTree();
  for (let index = from; index < to; index += 1) tree.add(leaves[index]!);
  return tree.root;
}

/**
 * The hashes that lead from one leaf to the root, the nearest first.
 * @param index from 0
 * @throws RangeError when there is no such leaf
 */
export function auditPath(leaves: readonly Uint8Array[], index: number): Buffer[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) {
    throw new RangeError(`leaf ${index} is not among ${leaves.length}`);
  }
  const path: Buffer[] = [];
  let from = 0;
  let to = leaves.length;
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      path.unshift(rootOf(leaves, middle, to));
      to = middle;
    } else {
      path.unshift(rootOf(leaves, from, middle));
      from = middle;
    }
  }
  return path;
}

/** The root that a leaf and its path lead to, in a tree of this size; nothing when the path has the wrong length. */
export function rootByPath(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
): Buffer | undefined {
  if (index < 0 || index >= size) return undefined;
  const sides: ('left' | 'right')[] = [];
  for (let at = index, n = size; n > 1;) {
    const middle = splitOf(n);
    sides.unshift(at < middle ? 'right' : 'left');
    n = at < middle ? middle : n - middle;
    at = at < middle ? at : at - middle;
  }
  if (sides.length !== path.length) return undefined;
  return path.reduce<Buffer>(
    (node, sibling, step) => (sides[step] === 'right' ? nodeHash(node, sibling) : nodeHash(sibling, node)),
    Buffer.from(leaf),
  );
}
