import { matchesGlob } from 'node:path';
import ts from 'typescript';

interface Override {
  readonly files: readonly string[];
  readonly excludeFiles?: readonly string[];
  readonly rules: Readonly<Record<string, unknown>>;
}

/** The linter's settings, as far as they say which files are pure. */
export interface LintSettings {
  readonly overrides: readonly Override[];
}

/** Tells pure files from others by their names, as the linter does. */
export function pureBy({ overrides }: LintSettings): (path: string) => boolean {
  const pure = overrides.filter(({ rules }) => 'no-restricted-globals' in rules);
  return (path) =>
    pure.some(
      ({ files, excludeFiles = [] }) =>
        files.some((pattern) => matchesGlob(path, pattern)) &&
        !excludeFiles.some((pattern) => matchesGlob(path, pattern)),
    );
}

/** Where a text asks what time it is by `new Date()` or `Date()`: the linter has no rule for that. Lines, from 1. */
export function clockReadings(text: string): number[] {
  const source = ts.createSourceFile('a.ts', text, ts.ScriptTarget.Latest);
  const lines: number[] = [];
  const visit = (node: ts.Node): void => {
    if (readsTheClock(node)) lines.push(source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return lines;
}

function readsTheClock(node: ts.Node): boolean {
  if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return false;
  if (!ts.isIdentifier(node.expression) || node.expression.text !== 'Date') return false;
  // As a function, Date tells the time whatever it is given.
  return ts.isCallExpression(node) || (node.arguments ?? []).length === 0;
}
