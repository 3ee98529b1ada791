// The preview's drawing: where boxes stand, which node a click names, and that no text becomes markup.

import assert from 'node:assert/strict';
import test from 'node:test';
import { buildSync } from 'esbuild';
import { project } from './tokens.mjs';

const [{ text }] = buildSync({
  entryPoints: [`${project}editors/vscode/src/drawing.ts`],
  bundle: true,
  format: 'esm',
  write: false,
}).outputFiles;
const { draw } = await import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`);

const op = (id, waitsFor = [], more = {}) => ({
  id,
  name: id,
  runs: 'train',
  when: null,
  isJob: false,
  waitsFor: waitsFor.map((other) => ({ op: other, reason: 'model', needs: true })),
  hooks: [],
  ...more,
});
const job = (ops, hooks = []) => ({ id: 'j0', name: 'nightly', ops, hooks });

/** Each box by the name of its first node. */
function boxes(svg) {
  const form = /<g transform="translate\((\S+) (\S+)\)"><rect class="box[^"]*" width="(\S+)" height="(\S+)".*?data-id="(\w+)"/g;
  return Object.fromEntries(
    [...svg.matchAll(form)].map(([, x, y, width, height, id]) => [id, { x: +x, y: +y, width: +width, height: +height }]),
  );
}

test('an op stands below all that it waits for, and no two boxes overlap', () => {
  const ops = [op('a'), op('b'), op('c', ['a', 'b']), op('d', ['a']), op('e', ['d', 'a']), op('f')];
  const found = boxes(draw([job(ops)]));
  assert.equal(Object.keys(found).length, ops.length);
  for (const { id, waitsFor } of ops) {
    for (const edge of waitsFor) assert.ok(found[edge.op].y + found[edge.op].height < found[id].y, `${id} below ${edge.op}`);
  }
  const all = Object.values(found);
  for (const [at, one] of all.entries()) {
    for (const other of all.slice(at + 1)) {
      const apart =
        one.x + one.width <= other.x ||
        other.x + other.width <= one.x ||
        one.y + one.height <= other.y ||
        other.y + other.height <= one.y;
      assert.ok(apart, JSON.stringify([one, other]));
    }
  }
});

test('ops that wait for each other end too', () => {
  assert.equal(Object.keys(boxes(draw([job([op('a', ['b']), op('b', ['a'])])]))).length, 2);
});

test('every node leads to the source by its name', () => {
  const hook = { id: 'ah0', name: 'poor', event: 'succeeded', action: 'run log', when: 'outputs.loss > 0.5', isGate: false };
  const gate = { ...hook, id: 'jh0', event: 'start', action: 'fail', isGate: true };
  const svg = draw([job([op('a', [], { hooks: [hook], when: 'inputs.go' })], [gate])]);
  assert.deepEqual(
    [...svg.matchAll(/class="node (\w+)" data-id="(\w+)"/g)].map(([, style, id]) => `${style} ${id}`),
    ['title j0', 'gate jh0', 'op a', 'when a', 'hook ah0'],
  );
});

test('what is written in the source is text in the drawing', () => {
  const svg = draw([job([op('a', [], { when: `"<b>" && 'é' == "👩\u200d🚀"`, name: '<script>' })])]);
  assert.ok(!svg.includes('<script>') && !svg.includes('<b>'), svg);
  assert.ok(svg.includes('when &quot;&lt;b&gt;&quot; &amp;&amp; &#39;é&#39;'), svg);
});

test('a job without ops is drawn', () => {
  assert.match(draw([job([])]), /job nightly/);
});
