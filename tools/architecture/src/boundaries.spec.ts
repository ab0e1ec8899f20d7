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
    ['a project without tags', graph(project('new'))],
    ['a project of two kinds', graph(project('both', 'type:pure', 'type:tool', 'scope:tools'))],
    ['a dependency on nothing', graph(reporting, ['reporting', 'nowhere'])],
  ])('%s', (_, broken) => expect(violations(broken)).not.toEqual([]));

  it('and a good graph passes', () =>
    expect(
      violations(
        graph(
          { ...reporting, ...contract, ...platform, ...pure, ...standalone },
          ['reporting', 'contract'],
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
