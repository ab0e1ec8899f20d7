import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wanted } from './corpus.js';
import type { Wanted } from './coverage.js';
import { brokenForms, forms, newForms, writeForms } from './forms.js';

const before = await forms();

describe('what is promised now', () => {
  it('adds to every form that was ever accepted, and leaves none out', () =>
    expect(brokenForms(before, wanted())).toEqual([]));

  it('is among the accepted forms (npm run contracts adds it)', () =>
    expect(newForms(before, wanted()).map(({ type }) => type)).toEqual([]));
});

describe('a folder of forms', () => {
  const form = (fields: readonly string[], required: readonly string[] = [], description = ''): Wanted => ({
    type: 'planning.PlanIssued',
    schemaVersion: 1,
    schema: {
      description,
      type: 'object',
      properties: Object.fromEntries(fields.map((name) => [name, { type: 'string' }])),
      required,
    },
  });
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loa-forms-'));
    await writeForms(folder, [form(['number'], ['number'])]);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('grows by additions, once, and not by other words', async () => {
    const grown = [form(['number', 'symbol'], ['number'])];
    expect(await writeForms(folder, [form(['number'], ['number'], 'said otherwise')])).toBeUndefined();
    expect(await writeForms(folder, grown)).toBe('0002.json');
    expect(await writeForms(folder, grown)).toBeUndefined();
    expect(await forms(folder)).toHaveLength(2);
  });

  it.each<[string, Wanted[], string]>([
    ['takes away what an addition brought', [form(['number'], ['number'])], 'symbol is gone'],
    ['requires more', [form(['number', 'symbol'], ['number', 'symbol'])], 'symbol became required'],
    ['leaves a version out', [], 'planning.PlanIssued v1 is gone'],
  ])('refuses what %s, whatever is committed beside it', async (_, now, words) => {
    await writeForms(folder, [form(['number', 'symbol'], ['number'])]);
    expect(brokenForms(await forms(folder), now).join('\n')).toContain(words);
    await expect(writeForms(folder, now)).rejects.toThrow(words);
  });

  it('is refused when a form was changed', async () => {
    await appendFile(join(folder, '0001.json'), ' ');
    await expect(forms(folder)).rejects.toThrow('0001.json of');
  });
});
