// Texts to tokens with their scopes, by the library that the editor itself uses.

import { readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';

export const project = fileURLToPath(new URL('../../../', import.meta.url));
const extension = new URL('../', import.meta.url);

export const read = (path) => readFile(project + path, 'utf8');

/** In the place of the editor's own grammar for scripts: texts that end nowhere must not reach beyond the script. */
const shell = {
  scopeName: 'source.shell',
  patterns: [
    { name: 'support.function.shell', match: '\\b(echo|printf)\\b' },
    { name: 'string.quoted.shell', begin: '"', end: '"' },
  ],
};

const wasm = await readFile(createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm'));
await oniguruma.loadWASM(wasm);

const registry = new textmate.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  loadGrammar: async (scope) => {
    if (scope === 'source.shell') return shell;
    const path = new URL('syntaxes/hook.tmLanguage.json', extension);
    return textmate.parseRawGrammar(await readFile(path, 'utf8'), path.pathname);
  },
});
export const grammar = await registry.loadGrammar('source.hook');

/** The tokens of each line, and how many rules are still open at the end. */
export function tokenise(text) {
  let state = textmate.INITIAL;
  const lines = text.split('\n').map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return { line, tokens };
  });
  // A rule that the end of the line ends is closed only by the next line.
  const { ruleStack } = grammar.tokenizeLine('', state);
  return { lines, open: ruleStack.depth - 1 };
}

/** All `.hook` files below a folder of the project; a run leaves a folder `.hook` behind, which is none. */
export async function files(folder) {
  const entries = await readdir(project + folder, { recursive: true });
  return entries.filter((name) => /[^/]\.hook$/.test(name)).sort().map((name) => `${folder}/${name}`);
}
