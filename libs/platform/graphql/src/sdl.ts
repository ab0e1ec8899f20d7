/** Turns a code such as `no-evidence`, `byDate` or `vertical-sector` into a GraphQL enum value: `NO_EVIDENCE`. */
export function upperSnake(code: string): string {
  return code
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();
}

export const lowerFirst = (name: string): string => name.slice(0, 1).toLowerCase() + name.slice(1);
export const upperFirst = (name: string): string => name.slice(0, 1).toUpperCase() + name.slice(1);

/** A GraphQL name; two leading underscores are kept for introspection. */
export const isName = (name: string): boolean => /^(?!__)[A-Za-z_]\w*$/.test(name);

/** A description as the lines that go above a definition; nothing when there is nothing to say. */
export function described(text: string | undefined, indent = ''): string {
  if (!text) return '';
  // A backslash is plain text inside a block string; only its end mark must be escaped.
  return `${indent}"""\n${indent}${text.replaceAll('"""', '\\"""').replaceAll('\n', `\n${indent}`)}\n${indent}"""\n`;
}

export interface EnumValue {
  readonly name: string;
  /** What stands behind the name in the program. */
  readonly value: string;
  readonly description?: string;
}

/**
 * The values of a GraphQL enum for a list of codes.
 * @throws Error when a code makes no GraphQL name, or two codes make the same one
 */
export function enumValues(codes: readonly string[], where: string): readonly EnumValue[] {
  const seen = new Map<string, string>();
  return codes.map((value) => {
    const name = upperSnake(value);
    if (!isName(name) || ['TRUE', 'FALSE', 'NULL'].includes(name)) {
      throw new Error(`${where}: "${value}" cannot be the name of a GraphQL enum value; rename it`);
    }
    const other = seen.get(name);
    if (other !== undefined) throw new Error(`${where}: "${other}" and "${value}" would both be ${name}`);
    seen.set(name, value);
    return { name, value };
  });
}

export function enumType(name: string, values: readonly EnumValue[], description?: string): string {
  const lines = values.map((value) => `${described(value.description, '  ')}  ${value.name}`);
  return `${described(description)}enum ${name} {\n${lines.join('\n')}\n}`;
}

/** What makes a schema of graphql-tools map the names of an enum to its values, in both directions. */
export const enumResolver = (values: readonly EnumValue[]): Readonly<Record<string, string>> =>
  Object.fromEntries(values.map(({ name, value }) => [name, value]));
