/**
 * Who may depend on whom. Every project carries one `type:` tag (what kind of thing it is) and one `scope:` tag (which
 * part of the system it belongs to); a project without them is refused.
 *
 * - pure: no I/O, no framework · contract: what a context promises others · platform: reusable, knows no business word
 * - knowledge: what contexts keep of each other's facts · service: a process of its own · standalone: all in one process
 * - acceptance: looks at the system from outside · tool: for the people who build and run it
 */
const mayUse: Readonly<Record<string, readonly string[]>> = {
  'type:pure': ['type:pure'],
  'type:contract': ['type:pure', 'type:contract'],
  'type:platform': ['type:pure', 'type:platform'],
  'type:knowledge': ['type:pure', 'type:contract', 'type:platform'],
  'type:service': ['type:pure', 'type:contract', 'type:platform', 'type:knowledge'],
  'type:standalone': [
    'type:pure',
    'type:contract',
    'type:platform',
    'type:knowledge',
    'type:service',
    'type:tool',
  ],
  'type:tool': ['type:pure', 'type:contract', 'type:platform', 'type:knowledge', 'type:service', 'type:tool'],
  'type:acceptance': [
    'type:pure',
    'type:contract',
    'type:platform',
    'type:tool',
    'type:service',
    'type:standalone',
  ],
};

/** Kinds that may take only these packages from outside. */
const packagesAllowed: Readonly<Record<string, readonly string[]>> = {
  'type:pure': ['npm:zod'],
  'type:contract': ['npm:zod'],
};

/** What every scope may use; anything else stays within its own. */
const sharedScopes = ['scope:platform', 'scope:contracts', 'scope:knowledge'];
const crossesScopes = ['type:tool', 'type:standalone', 'type:acceptance'];

export interface ProjectGraph {
  readonly nodes: Readonly<
    Record<string, { readonly data: { readonly root: string; readonly tags?: readonly string[] } }>
  >;
  readonly dependencies: Readonly<Record<string, readonly { readonly target: string }[]>>;
}

interface Tags {
  readonly type: string;
  readonly scope: string;
}

/** One sentence for each dependency that breaks a rule. */
export function violations({ nodes, dependencies }: ProjectGraph): string[] {
  const found: string[] = [];
  const tags = new Map<string, Tags>();
  for (const [name, { data }] of Object.entries(nodes)) {
    if (data.root === '.') continue;
    const one = (prefix: string): string => {
      const fitting = (data.tags ?? []).filter((tag) => tag.startsWith(prefix));
      if (fitting.length !== 1) found.push(`${name} needs exactly one ${prefix} tag, has ${fitting.length}`);
      return fitting[0] ?? '';
    };
    tags.set(name, { type: one('type:'), scope: one('scope:') });
  }
  for (const [source, edges] of Object.entries(dependencies)) {
    const from = tags.get(source);
    if (from) found.push(...edges.flatMap(({ target }) => breach(source, from, target, tags)));
  }
  return found;
}

function breach(source: string, from: Tags, target: string, tags: ReadonlyMap<string, Tags>): string[] {
  if (target.startsWith('npm:')) {
    const allowed = packagesAllowed[from.type];
    return !allowed || allowed.includes(target) ? [] : [`${source} (${from.type}) may not use ${target}`];
  }
  const to = tags.get(target);
  if (!to) return [`${source} depends on ${target}, which is no project`];
  const found: string[] = [];
  if (!mayUse[from.type]?.includes(to.type))
    found.push(`${source} (${from.type}) may not use ${target} (${to.type})`);
  const foreign = from.scope !== to.scope && !sharedScopes.includes(to.scope);
  if (foreign && !crossesScopes.includes(from.type)) {
    found.push(`${source} (${from.scope}) may not use ${target} (${to.scope})`);
  }
  return found;
}
