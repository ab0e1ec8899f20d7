import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { read, root, workspaces } from './workspaces.js';

/** The pages that people read, without those in packages and builds. */
async function pages(): Promise<string[]> {
  const below = await Promise.all(
    ['docs', 'infra', ...(await workspaces())].map(async (folder) =>
      (await readdir(join(root, folder), { recursive: folder === 'docs' || folder === 'infra' })).map(
        (file) => join(folder, file),
      ),
    ),
  );
  const top = await readdir(root);
  return [...top, ...below.flat()].filter((path) => path.endsWith('.md'));
}

const texts = await Promise.all((await pages()).map(async (path) => [path, await read(path)] as const));

it('there are pages', () => expect(texts.length).toBeGreaterThan(15));

describe.each(texts)('%s', (path, text) => {
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '');

  it('has no link that leads nowhere', () => {
    const links = [...prose.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(([, link]) => link!);
    for (const link of links)
      expect([link, existsSync(join(root, dirname(path), link))]).toEqual([link, true]);
  });

  it('names no file that is not there', () => {
    const named = [...prose.matchAll(/`((?:apps|libs|tools|infra|docs)\/[\w./-]+)`/g)].map(
      ([, file]) => file!,
    );
    for (const file of named) expect([file, existsSync(join(root, file))]).toEqual([file, true]);
  });
});

it('pages name only scripts that there are', async () => {
  const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> };
  for (const [path, text] of texts)
    // With -w it is a script of that workspace.
    for (const [, script] of text.matchAll(/npm run ([\w:-]+)(?![\w:-]| -w)/g))
      expect([path, script, script! in scripts]).toEqual([path, script, true]);
});

describe('CONTRIBUTING.md', () => {
  const text = texts.find(([path]) => path === 'CONTRIBUTING.md')![1];

  it('quotes the code as it is', async () => {
    let file = '';
    let quotes = 0;
    for (const [, named, quote] of text.matchAll(/^`([\w./-]+\.ts)`$|^```ts\n([\s\S]*?)^```/gm)) {
      file = named ?? file;
      if (quote === undefined) continue;
      quotes += 1;
      expect(await read(file)).toContain(quote);
    }
    expect(quotes).toBeGreaterThan(2);
  });

  it('lists the suffixes that the linter knows', async () => {
    const [, list = ''] = /"\*\*\/\*\.\{([\w,]+)\}\.ts"/.exec(await read('.oxlintrc.json')) ?? [];
    const [, rule = ''] = /\*\*Purity by file name\.\*\*([\s\S]*?)\n\n/.exec(text) ?? [];
    const told = [...rule.matchAll(/`\.(\w+)`/g)].map(([, suffix]) => suffix!);
    expect(told.sort()).toEqual([...new Set(list.split(','))].sort());
  });
});

it('no page knows the machine it was written on', () => {
  for (const [path, text] of texts)
    expect([path, /(?:^|[\s"'`(])\/(?:home|work|root|Users|tmp)\//m.exec(text)?.[0]]).toEqual([
      path,
      undefined,
    ]);
});
