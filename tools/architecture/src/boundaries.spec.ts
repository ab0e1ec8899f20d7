import { createProjectGraphAsync } from '@nx/devkit';
import { violations, type ProjectGraph } from './boundaries.js';

const project = (name: string, ...tags: string[]) => ({ [name]: { data: { root: `x/${name}`, tags } } });
const graph = (nodes: ProjectGraph['nodes'], ...edges: [from: string, to: string][]): ProjectGraph => ({
  nodes,
  dependencies: Object.fromEntries(edges.map(([from, target]) => [from, [{ target }]])),
});
const reporting = project('reporting', 'type:service', 'scope:reporting');
const planning = project('planning', 'type:service', 'scope:planning');
const contract = project('contract', 'type:contract', 'scope:contracts');
const platform = project('platform', 'type:platform', 'scope:platform');
const pure = project('pure', 'type:pure', 'scope:platform');
const tool = project('tool', 'type:tool', 'scope:tools');
const knowledge = project('knowledge', 'type:knowledge', 'scope:knowledge');
// Of a kind that a service may use, and of a part of the system that planning may not.
const reportingsOwn = project('reportings-own', 'type:knowledge', 'scope:reporting');
const standalone = project('standalone', 'type:standalone', 'scope:standalone');

describe('each rule is shown a graph that breaks it', () => {
  it.each([
    ['a service uses another service', graph({ ...reporting, ...planning }, ['reporting', 'planning'])],
    ['a contract uses the platform', graph({ ...contract, ...platform }, ['contract', 'platform'])],
    ['the platform knows a contract', graph({ ...contract, ...platform }, ['platform', 'contract'])],
    ['pure code takes a framework', graph(pure, ['pure', 'npm:@nestjs/common'])],
    ['a contract takes a database driver', graph(contract, ['contract', 'npm:pg'])],
    ['a service needs a tool', graph({ ...reporting, ...tool }, ['reporting', 'tool'])],
    [
      'a service needs the standalone process',
      graph({ ...reporting, ...standalone }, ['reporting', 'standalone']),
    ],
    [
      'a service uses what another scope keeps to itself',
      graph({ ...planning, ...reportingsOwn }, ['planning', 'reportings-own']),
    ],
    ['a tool needs the standalone process', graph({ ...tool, ...standalone }, ['tool', 'standalone'])],
    ['knowledge uses a service', graph({ ...knowledge, ...reporting }, ['knowledge', 'reporting'])],
    ['a contract uses knowledge', graph({ ...contract, ...knowledge }, ['contract', 'knowledge'])],
    ['a project without tags', graph(project('new'))],
    ['a project of two kinds', graph(project('both', 'type:pure', 'type:tool', 'scope:tools'))],
    ['a dependency on nothing', graph(reporting, ['reporting', 'nowhere'])],
  ])('%s', (_, broken) => expect(violations(broken)).not.toEqual([]));

  it('the rule about scopes stands by itself: the kinds alone would be allowed', () => {
    const scopes = graph({ ...planning, ...reportingsOwn }, ['planning', 'reportings-own']);
    expect(violations(scopes)).toEqual([
      'planning (scope:planning) may not use reportings-own (scope:reporting)',
    ]);
  });

  it('and a good graph passes', () =>
    expect(
      violations(
        graph(
          { ...reporting, ...contract, ...knowledge, ...platform, ...pure, ...standalone },
          ['reporting', 'contract'],
          ['knowledge', 'contract'],
          ['standalone', 'reporting'],
        ),
      ),
    ).toEqual([]));
});

it('holds for this repository', async () => {
  const found = await createProjectGraphAsync({ exitOnError: true });
  expect(Object.keys(found.nodes).length).toBeGreaterThan(10);
  expect(violations(found as unknown as ProjectGraph)).toEqual([]);
});
