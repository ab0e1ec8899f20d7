import fc from 'fast-check';
import { GrowingTree, auditPath, emptyRoot, leafHash, rootByPath } from './merkle.js';

// The example tree of the certificate transparency project.
const contents = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => Buffer.from(hex, 'hex'));
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const growTo = (leaves: readonly Buffer[]): GrowingTree => {
  const tree = new GrowingTree();
  for (const leaf of leaves) tree.add(leaf);
  return tree;
};
const leavesOf = (size: number) => Array.from({ length: size }, (_, n) => leafHash(Buffer.from(String(n))));

describe('a tree that grows', () => {
  it('has the roots that RFC 6962 gives it', () => {
    const tree = new GrowingTree();
    expect(tree.root).toEqual(emptyRoot);
    for (const [index, content] of contents.entries()) {
      tree.add(leafHash(content));
      expect(tree.root.toString('hex')).toBe(roots[index]);
    }
  });

  it('goes on from its frontier as if it had never stopped', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), (before, after) => {
        const leaves = leavesOf(before + after);
        const first = growTo(leaves.slice(0, before));
        const resumed = new GrowingTree(first.size, first.frontier);
        for (const leaf of leaves.slice(before)) resumed.add(leaf);
        return resumed.root.equals(growTo(leaves).root) && resumed.size === leaves.length;
      }),
    );
  });

  it('refuses a frontier that belongs to another size', () => {
    expect(() => new GrowingTree(3, [leafHash(Buffer.of(1))])).toThrow(
      'a tree of 3 leaves has 2 peaks, not 1',
    );
  });
});

describe('an audit path', () => {
  it('leads from every leaf to the root, and from no other leaf, place or path', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), fc.nat(), (size, any) => {
        const leaves = leavesOf(size);
        const index = any % size;
        const { root } = growTo(leaves);
        const path = auditPath(leaves, index);
        expect(rootByPath(leaves[index]!, index, size, path)).toEqual(root);
        expect(rootByPath(leafHash(Buffer.from('else')), index, size, path)).not.toEqual(root);
        if (size > 1) {
          expect(rootByPath(leaves[index]!, (index + 1) % size, size, path)).not.toEqual(root);
          expect(rootByPath(leaves[index]!, index, size, path.slice(1))).toBeUndefined();
        }
      }),
    );
  });

  it('is asked for leaves that exist only', () => {
    expect(() => auditPath(leavesOf(3), 3)).toThrow('leaf 3 is not among 3');
    expect(rootByPath(leafHash(Buffer.of(1)), 3, 3, [])).toBeUndefined();
  });
});
