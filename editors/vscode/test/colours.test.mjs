// The colours: as `colours/*.snap` say, none that runs on to the end of a file, no word of the language without one.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import test from 'node:test';
import { files, project, read, tokenise } from './tokens.mjs';

/** Each line, and below it its tokens with their scopes; plain text and the grammar's own scope left out. */
const shown = (text) =>
  tokenise(text)
    .lines.map(({ line, tokens }) => {
      const coloured = tokens.map(({ startIndex, endIndex, scopes }) => {
        const names = scopes.slice(1).map((scope) => scope.replace(/\.hook$/, ''));
        const part = line.slice(startIndex, endIndex).trim();
        return part && names.length ? `    ${part}  ${names.join(' ')}\n` : '';
      });
      return `${line}\n${coloured.join('')}`;
    })
    .join('');

// With UPDATE in the environment the expectations are written anew, to be read before they are committed.
test('the colours are those that are written down', async () => {
  for (const file of await files('editors/vscode/test/colours')) {
    const found = shown(await read(file));
    const expected = `${project}${file.replace(/hook$/, 'snap')}`;
    if (process.env.UPDATE) await writeFile(expected, found);
    assert.equal(found, await readFile(expected, 'utf8'), file);
  }
});

test('no colour runs on to the end of a file', async () => {
  const folders = ['grammar/tests/fixtures/ok', 'tests/fixtures/ok', 'tests/fixtures/plan', 'examples', 'compiler/std'];
  const all = (await Promise.all(folders.map(files))).flat();
  assert.ok(all.length > 60);
  for (const file of all) {
    const { lines, open } = tokenise(await read(file));
    assert.equal(open, 0, `${file} leaves ${open} rules open`);
    // An item begins at the margin, so nothing may be open there either.
    for (const { line, tokens } of lines.filter(({ line }) => /^(component|job|hook|const|profile) /.test(line))) {
      assert.equal(tokens[0].scopes[1], 'storage.type.hook', `${file}: ${line}`);
    }
  }
});

const alternatives = (text) => text.split('|').filter((word) => /^[a-z_]{2,}$/.test(word));

/** The words that the patterns list: `(one|two)`. */
async function coloured() {
  const source = JSON.parse(await read('editors/vscode/syntaxes/hook.tmLanguage.json'));
  const patterns = [];
  JSON.stringify(source, (key, value) => {
    if (['match', 'begin'].includes(key)) patterns.push(value);
    return value;
  });
  const groups = patterns.flatMap((pattern) => [...pattern.matchAll(/\((?:\?:)?([a-z_|]+)\)/g)]);
  return new Set(groups.flatMap(([, group]) => alternatives(group)));
}

test('every word of the language has a colour, and no other word', async () => {
  const registry = await read('grammar/src/keyword.rs');
  const words = new Set([...registry.matchAll(/^    [A-Z]\w* "(\w+)" \{/gm)].map(([, word]) => word));
  assert.ok(words.size > 70, `${words.size} words`);
  // Types and the words of the context are coloured alike wherever trees are at hand.
  const queries = await read('editors/tree-sitter-hook/queries/highlights.scm');
  const builtin = ['type', 'variable'].flatMap((kind) => {
    const [, list] = new RegExp(`@${kind}\\.builtin\\s+("[^)]*)\\)`).exec(queries);
    return [...list.matchAll(/"(\w+)"/g)].map(([, word]) => word);
  });
  const shown = await coloured();
  const durations = ['ms', 'us', 'ns'];
  assert.deepEqual([...words, ...builtin].filter((word) => !shown.has(word)), []);
  assert.deepEqual([...shown].filter((word) => ![...words, ...builtin, ...durations].includes(word)), []);
});
