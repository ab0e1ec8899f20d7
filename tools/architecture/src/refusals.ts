import type { CommandContract } from '@loa/event-sourcing';
import ts from 'typescript';

/** The codes of one contract that its specification promises nothing about. */
export interface Unpromised {
  readonly refusals: readonly string[];
  readonly warnings: readonly string[];
}

/** Where the specification of a command is, below `apps/<context>/src/<thing>/`. */
export const specOf = (name: string): string =>
  `${name.replace(/(?<=.)([A-Z])/g, '-$1').toLowerCase()}.spec.ts`;

/**
 * Which codes of a contract no test of its own asserts. A refusal is asserted by `.when(TheCommand, …).refuses('code')`,
 * or, when it is for the event store to find out, by the claim that carries it: `.accepts({ claims: [{ otherwise: 'code' }] })`.
 * A warning is asserted by `.accepts({ warnings: [{ code: 'code' }] })`. Codes in variables do not count: who reads a
 * specification looks for the word.
 */
export function unpromised(
  { name, refusals, warnings }: Pick<CommandContract, 'name' | 'refusals' | 'warnings'>,
  spec: string,
): Unpromised {
  const asserted = promisesOf(name, spec);
  return {
    refusals: Object.keys(refusals).filter((code) => !asserted.refusals.has(code)),
    warnings: Object.keys(warnings).filter((code) => !asserted.warnings.has(code)),
  };
}

function promisesOf(command: string, spec: string) {
  const refusals = new Set<string>();
  const warnings = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isAbout(command, node.expression)) {
      const [promised] = node.arguments;
      const { text: verb } = node.expression.name;
      if (verb === 'refuses' && promised && ts.isStringLiteral(promised)) refusals.add(promised.text);
      if (verb === 'accepts' && promised) {
        for (const code of textsOf('otherwise', promised)) refusals.add(code);
        for (const code of textsOf('code', promised)) warnings.add(code);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('a.spec.ts', spec, ts.ScriptTarget.Latest));
  return { refusals, warnings };
}

/** Whether it is `….when(<command>, …).<verb>`. */
function isAbout(command: string, called: ts.Expression): called is ts.PropertyAccessExpression {
  if (!ts.isPropertyAccessExpression(called) || !ts.isCallExpression(called.expression)) return false;
  const { expression, arguments: given } = called.expression;
  const asked = given[0];
  return (
    ts.isPropertyAccessExpression(expression) &&
    expression.name.text === 'when' &&
    asked !== undefined &&
    ts.isIdentifier(asked) &&
    asked.text === command
  );
}

/** The words that a property of this name has anywhere in a literal. */
function textsOf(property: string, literal: ts.Node): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (
      ts.isPropertyAssignment(node) &&
      ts.isIdentifier(node.name) &&
      node.name.text === property &&
      ts.isStringLiteral(node.initializer)
    )
      found.push(node.initializer.text);
    ts.forEachChild(node, visit);
  };
  visit(literal);
  return found;
}
