// A job's graph as SVG: ops in layers, each below what it waits for, with its hooks inside its box.
//
// Pure: data in, text out. Widths are counted in characters, because the host has no fonts; the letters are all as wide.

export interface Hook {
  id: string;
  name: string;
  event: string;
  action: string;
  when: string | null;
  isGate: boolean;
}
export interface Edge {
  op: string;
  reason: string;
  needs: boolean;
}
export interface Op {
  id: string;
  name: string;
  runs: string;
  when: string | null;
  isJob: boolean;
  waitsFor: Edge[];
  hooks: Hook[];
}
export interface Job {
  id: string;
  name: string;
  ops: Op[];
  hooks: Hook[];
}

const LETTER = 7.3;
const LINE = 18;
const PAD = 10;
const BETWEEN = 36;
const LAYERS = 56;
const LONGEST = 64;

interface Row {
  text: string;
  id: string;
  style: string;
}
interface Box {
  op: Op;
  rows: Row[];
  layer: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** All jobs, one below the other. */
export function draw(jobs: Job[]): string {
  return jobs.map(drawJob).join('\n');
}

function drawJob(job: Job): string {
  const boxes = arrange(job.ops.map(box));
  const title = [{ text: `job ${job.name}`, id: job.id, style: 'title' }, ...job.hooks.map(hookRow)];
  const head = title.length * LINE + 2 * PAD;
  const width = Math.max(...boxes.map((one) => one.x + one.width), ...title.map(widthOf), 0) + PAD;
  const height = Math.max(...boxes.map((one) => one.y + one.height), 0) + head + PAD;
  const by = new Map(boxes.map((one) => [one.op.id, one]));
  const arrows = boxes.flatMap((to) => to.op.waitsFor.map((edge) => arrow(by.get(edge.op), to, edge)));
  return [
    `<svg class="job" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(`job ${job.name}`)}">`,
    '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>',
    ...title.map((row, index) => label(row, PAD, PAD + index * LINE)),
    `<g transform="translate(0 ${head})">`,
    ...arrows,
    ...boxes.map(drawBox),
    '</g></svg>',
  ].join('\n');
}

function hookRow(hook: Hook): Row {
  const when = hook.when === null ? '' : ` when ${hook.when}`;
  const sign = hook.isGate ? '◆' : '○';
  return { text: `${sign} on ${hook.event}${when} ${hook.action}`, id: hook.id, style: hook.isGate ? 'gate' : 'hook' };
}

function box(op: Op): Box {
  const found = [
    { text: `${op.name} = ${op.runs}`, id: op.id, style: 'op' },
    ...(op.when === null ? [] : [{ text: `when ${op.when}`, id: op.id, style: 'when' }]),
    ...op.hooks.map(hookRow),
  ];
  const width = Math.max(...found.map(widthOf)) + PAD;
  return { op, rows: found, layer: 0, x: 0, y: 0, width, height: found.length * LINE + PAD };
}

/** What is too long is cut; all of it is in the title that appears below the pointer. */
const short = (text: string) => {
  const letters = [...text];
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join('')}…` : text;
};

/** Signs that are twice as wide: pictures, and the scripts of East Asia. */
const WIDE = /[\p{Extended_Pictographic}\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u;

function widthOf(row: Row): number {
  const letters = [...short(row.text)];
  return letters.reduce((sum, letter) => sum + (WIDE.test(letter) ? 2 : 1), 0) * LETTER + 2 * PAD;
}

/** Layers by the longest way; in each layer, boxes stand below what they wait for. */
function arrange(boxes: Box[]): Box[] {
  const by = new Map(boxes.map((one) => [one.op.id, one]));
  const before = (one: Box) => one.op.waitsFor.flatMap((edge) => by.get(edge.op) ?? []);
  // As many rounds as there are boxes are enough where nothing waits for itself; where something does, they end too.
  for (let changed = true, round = 0; changed && round < boxes.length; round++) {
    changed = false;
    for (const one of boxes) {
      const layer = Math.max(0, ...before(one).map((other) => other.layer + 1));
      if (layer !== one.layer) [one.layer, changed] = [layer, true];
    }
  }
  const layers: Box[][] = [];
  for (const one of boxes) (layers[one.layer] ??= []).push(one);
  let y = 0;
  for (const layer of layers.filter(Boolean)) {
    place(layer, before);
    for (const one of layer) one.y = y;
    y += Math.max(...layer.map((one) => one.height)) + LAYERS;
  }
  return boxes;
}

/** From left to right, each as near to the middle of what it waits for as its neighbours let it. */
function place(layer: Box[], before: (one: Box) => Box[]): void {
  const wanted = new Map(layer.map((one) => [one, Math.max(0, middle(before(one)) - one.width / 2)]));
  layer.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
  let free = PAD;
  for (const one of layer) {
    one.x = Math.max(free, wanted.get(one) ?? 0);
    free = one.x + one.width + BETWEEN;
  }
}

function middle(boxes: Box[]): number {
  const sum = boxes.reduce((all, one) => all + one.x + one.width / 2, 0);
  return boxes.length === 0 ? 0 : sum / boxes.length;
}

function arrow(from: Box | undefined, to: Box, edge: Edge): string {
  if (!from) return '';
  const [x1, y1] = [from.x + from.width / 2, from.y + from.height];
  const [x2, y2] = [to.x + to.width / 2, to.y];
  const bend = Math.max(20, (y2 - y1) / 2);
  const path = `<path class="edge${edge.needs ? '' : ' maybe'}" marker-end="url(#head)" d="M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}"/>`;
  const reason = edge.reason && `<text class="reason" x="${(x1 + x2) / 2 + 4}" y="${(y1 + y2) / 2}">${escape(short(edge.reason))}</text>`;
  return path + reason;
}

function drawBox(one: Box): string {
  const style = one.op.isJob ? 'box isjob' : 'box';
  const frame = `<rect class="${style}" width="${one.width}" height="${one.height}" rx="5"/>`;
  const texts = one.rows.map((row, index) => label(row, PAD, PAD / 2 + index * LINE));
  return `<g transform="translate(${one.x} ${one.y})">${frame}${texts.join('')}</g>`;
}

/** A line that leads to the source. */
function label(row: Row, x: number, y: number): string {
  const text = `<text x="${x}" y="${y + LINE - 5}">${escape(short(row.text))}</text>`;
  return `<g class="node ${row.style}" data-id="${escape(row.id)}" tabindex="0" role="link"><title>${escape(row.text)}</title>${text}</g>`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text inside of markup. */
export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}
