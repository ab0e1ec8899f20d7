import {
  Kind,
  type DirectiveNode,
  type GraphQLResolveInfo,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

type Asked = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'variableValues'>;

/** Whether `@skip` and `@include` leave the node in. */
function stays(
  directives: readonly DirectiveNode[] | undefined,
  variables: Asked['variableValues'],
): boolean {
  return (directives ?? []).every(({ name, arguments: args }) => {
    if (name.value !== 'skip' && name.value !== 'include') return true;
    const given = args?.find((argument) => argument.name.value === 'if')?.value;
    const holds =
      given?.kind === Kind.VARIABLE
        ? variables[given.name.value] === true
        : given?.kind === Kind.BOOLEAN && given.value;
    return name.value === 'include' ? holds : !holds;
  });
}

/** The sub-selections of every field of that name, whatever its alias, seen through fragments. */
function below(
  set: SelectionSetNode | undefined,
  field: string,
  asked: Asked,
): (SelectionSetNode | undefined)[] {
  return (set?.selections ?? [])
    .filter((node) => stays(node.directives, asked.variableValues))
    .flatMap((node: SelectionNode) => {
      if (node.kind === Kind.FIELD) return node.name.value === field ? [node.selectionSet] : [];
      if (node.kind === Kind.INLINE_FRAGMENT) return below(node.selectionSet, field, asked);
      return below(asked.fragments[node.name.value]?.selectionSet, field, asked);
    });
}

/**
 * Whether the operation asks for a field below the one being resolved, so that a root resolver can leave a costly
 * part out of its one SQL. Looks through aliases, fragments, `@skip` and `@include`; a fragment counts whatever
 * type it is on.
 * @param path names of fields, e.g. `edges.node.progress`
 */
export function selects(asked: Asked, path: string): boolean {
  const fields = path.split('.');
  const deepest = fields.reduce(
    (sets, field) => sets.flatMap((set) => below(set, field, asked)),
    asked.fieldNodes.map(({ selectionSet }): SelectionSetNode | undefined => selectionSet),
  );
  return deepest.length > 0;
}
