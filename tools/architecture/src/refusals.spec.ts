import { contexts } from '@loa/contract-checks';
import { specOf, unpromised } from './refusals.js';
import { sourcesOf } from './workspaces.js';

const words = { vi: 'không', en: 'no' };
const contract = {
  name: 'OpenDoor',
  refusals: { locked: words, taken: words },
  warnings: { squeaks: words },
};
const whole = `
it('opens', () =>
  given(door).when(OpenDoor, open).accepts({
    claims: [{ key: 'a', otherwise: 'taken' }],
    warnings: [{ code: 'squeaks', field: 'hinge' }],
  }));
it('refuses', () => given(door, closed).when(OpenDoor, { ...open, key }).refuses('locked', { field: 'key' }));
`;

describe('a specification that promises something about every code passes, and is shown what it leaves out', () => {
  it('whole', () => expect(unpromised(contract, whole)).toEqual({ refusals: [], warnings: [] }));

  it.each([
    ['a refusal', whole.replace(/it\('refuses'.*/, ''), { refusals: ['locked'], warnings: [] }],
    ['what a claim refuses', whole.replace(/claims.*/, ''), { refusals: ['taken'], warnings: [] }],
    ['a warning', whole.replace(/warnings.*/, ''), { refusals: [], warnings: ['squeaks'] }],
    [
      'a refusal that another command gives',
      whole.replace('when(OpenDoor, {', 'when(CloseDoor, {'),
      { refusals: ['locked'], warnings: [] },
    ],
    [
      'a refusal that only a comment names',
      whole.replace(/\.refuses\(.*/, "); // .refuses('locked')"),
      { refusals: ['locked'], warnings: [] },
    ],
  ])('%s', (_, spec, left) => expect(unpromised(contract, spec)).toEqual(left));

  it('looks where the specification of a command is', () =>
    expect(specOf('SubmitActivity')).toBe('submit-activity.spec.ts'));
});

describe.each(contexts)('$context', ({ context, commands }) => {
  it.each(commands)('$name: every refusal and warning is in its specification', async (command) => {
    const specs = (await sourcesOf(`apps/${context}`)).filter(({ path }) =>
      path.endsWith(`/${specOf(command.name)}`),
    );
    expect(specs).toHaveLength(1);
    expect(unpromised(command, specs[0]!.text)).toEqual({ refusals: [], warnings: [] });
  });
});
