/** The kinds of test, told by file name; the first that fits counts. */
const kinds: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['acceptance', /^apps\/acceptance\//],
  ['architecture', /^tools\/architecture\//],
  ['conformance', /\.conformance\.spec\.ts$/],
  ['faults', /faults\.spec\.ts$/],
  ['migration', /\.migration\.spec\.ts$/],
  ['contract', /^tools\/contracts\//],
  ['slice', /\.slice\.spec\.ts$/],
  ['decision', /^apps\/(planning|reporting|monitoring)\//],
  ['read model', /^apps\/gateway\/src\/read-models\//],
  ['gateway', /^apps\/gateway\//],
  ['platform', /^libs\//],
  ['tools', /^tools\//],
];

export interface FileResult {
  /** Relative to the repository. */
  readonly path: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface KindCount extends Omit<FileResult, 'path'> {
  readonly kind: string;
  readonly files: number;
}

export const kindOf = (path: string): string =>
  kinds.find(([, pattern]) => pattern.test(path))?.[0] ?? 'other';

/** Every kind, in the order of the list above. */
export const kindNames: readonly string[] = [...kinds.map(([kind]) => kind), 'other'];

/** Adds the results of files up by kind, in the order of the list above. */
export function countByKind(results: readonly FileResult[]): KindCount[] {
  return kindNames.flatMap((kind) => {
    const files = results.filter(({ path }) => kindOf(path) === kind);
    if (files.length === 0) return [];
    const sum = (pick: (file: FileResult) => number) => files.reduce((total, file) => total + pick(file), 0);
    return [
      {
        kind,
        files: files.length,
        passed: sum(({ passed }) => passed),
        failed: sum(({ failed }) => failed),
        skipped: sum(({ skipped }) => skipped),
      },
    ];
  });
}
