// VS Code in a browser, with the packaged extension: code-server, Chromium, and the probe beside the extension. When the probe has
// written down what it sees, the window itself is looked at: lenses, the preview and its clicks, messages.
// Pictures of the window stay in `$WORK`. It stays until it is killed.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const { WORK, EDITORS, PLAN, SEEN } = process.env;
const installed = `${EDITORS}/vscode`;
const { chromium } = createRequire(`${installed}/`)('playwright-core');
const plan = JSON.parse(readFileSync(PLAN, 'utf8'));
const codeServer = [`${installed}/node_modules/code-server/out/node/entry.js`];
const folders = ['--user-data-dir', `${WORK}/data`, '--extensions-dir', `${WORK}/extensions`];

const SETTINGS = {
  'chat.disableAIFeatures': true,
  'editor.fontFamily': 'monospace',
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
};

async function until(what, condition, ms = 20000) {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(100)) {
    const found = await condition();
    if (found) return found;
  }
  throw new Error(`waited in vain for ${what}`);
}

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

async function start() {
  for (const part of ['User', 'Machine']) mkdirSync(`${WORK}/data/${part}`, { recursive: true });
  writeFileSync(`${WORK}/data/Machine/settings.json`, '{}');
  writeFileSync(`${WORK}/data/User/settings.json`, JSON.stringify(SETTINGS));
  for (const vsix of ['hook', 'probe']) {
    const args = [...codeServer, ...folders, '--install-extension', `${EDITORS}/${vsix}.vsix`];
    execFileSync(process.execPath, args, { stdio: 'inherit' });
  }
  const port = await freePort();
  const log = openSync(`${WORK}/code-server.log`, 'w');
  const quiet = ['--auth', 'none', '--disable-telemetry', '--disable-update-check'];
  spawn(process.execPath, [...codeServer, ...folders, ...quiet, '--bind-addr', `127.0.0.1:${port}`], {
    stdio: ['ignore', log, log],
  });
  const address = `http://127.0.0.1:${port}`;
  await until('code-server', () => fetch(`${address}/healthz`).then((answer) => answer.ok, () => false));
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  const page = await browser.newPage({ viewport: { width: 1500, height: 900 } });
  await page.goto(`${address}/?folder=${encodeURIComponent(plan.root)}`);
  await page.waitForSelector('.monaco-workbench', { timeout: 60000 });
  return page;
}

const cursor = () => existsSync(`${WORK}/cursor.json`) && JSON.parse(readFileSync(`${WORK}/cursor.json`, 'utf8'));

async function open(page, file) {
  await page.locator('.explorer-folders-view .monaco-list-row', { hasText: file }).first().dblclick();
  await page.locator('.tab.active', { hasText: file }).waitFor();
}

/** The part of the page that a preview draws in. */
async function preview(page) {
  return until('the preview', async () => {
    for (const frame of page.frames()) {
      if (await frame.locator('#drawing svg').count().catch(() => 0)) return frame;
    }
    return undefined;
  });
}

/** The graph beside the source: a click leads there, edits are followed, and mistakes are told without losing the drawing. */
async function graph(page) {
  await open(page, 'typed.hook');
  await page.locator('.codelens-decoration a', { hasText: 'Graph' }).first().click();
  const frame = await preview(page);
  await page.screenshot({ path: `${WORK}/graph.png` });
  await frame.locator('.op', { hasText: 'again = greet' }).click();
  await until('the source of the node', () => /^again = greet/.test(lineAtCursor()));

  const before = cursor().text;
  for (const key of ['ArrowUp', 'End', 'Enter']) await page.keyboard.press(key);
  await page.keyboard.type('op more = greet(name: "é 🚀")');
  await frame.locator('.op', { hasText: 'more = greet' }).waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.type('op bad = gret()');
  await frame.locator('#problem:not([hidden])', { hasText: 'gret' }).waitFor();
  if ((await frame.locator('.op', { hasText: 'more = greet' }).count()) !== 1) throw new Error('the last drawing is lost');
  await page.screenshot({ path: `${WORK}/graph-edited.png` });
  const isBack = async () => {
    if (cursor().text === before) return true;
    await page.keyboard.press('Control+Z');
    return sleep(200, false);
  };
  await until('the text as it was', isBack, 60000);
}

/** What stands behind the cursor. */
function lineAtCursor() {
  const { text, at } = cursor() || { text: '', at: [0, 0] };
  return (text.split('\n')[at[0]] ?? '').slice(at[1]);
}

/** Squiggles, the list of problems, what is shown below the pointer. */
async function window(page) {
  await open(page, plan.diagnostics.file);
  await page.locator('.squiggly-error').first().waitFor();
  await page.keyboard.press('Control+Shift+M');
  const problems = page.locator('.markers-panel .monaco-list-row');
  await until('the problems', async () => (await problems.allTextContents()).some((text) => text.includes('H0305')));
  await page.locator('.view-line', { hasText: 'op fit = learn' }).locator('span', { hasText: /^learn$/ }).first().hover();
  const hover = page.locator('.monaco-hover-content', { hasText: 'Fits a model, patiently. 🚀' });
  await hover.first().waitFor();
  await page.screenshot({ path: `${WORK}/window.png` });
}

/** A lens runs the job in the terminal. */
async function run(page) {
  await open(page, 'typed.hook');
  await page.locator('.codelens-decoration a', { hasText: /^Run$/ }).first().click();
  await page.locator('.terminal-tabs-entry, .single-terminal-tab', { hasText: 'run typed' }).first().waitFor();
  await page.locator('.xterm-screen').first().waitFor();
  await until('the run', () => existsSync(`${plan.root}/.hook/runs`));
  await sleep(1000);
  await page.screenshot({ path: `${WORK}/run.png` });
}

/** Without a program there is a message that leads on; with it again, all is as before. */
async function missing(page) {
  // What is a matter of the machine stands with the machine's settings, not with the user's.
  const settings = (all) => writeFileSync(`${WORK}/data/Machine/settings.json`, JSON.stringify(all));
  settings({ 'hookc.path': '/nowhere/hookc' });
  const message = page.locator('.notification-toast', { hasText: 'There is no program at /nowhere/hookc' });
  await message.getByText('Open Settings').waitFor();
  await sleep(500);
  await page.screenshot({ path: `${WORK}/missing.png` });
  settings({});
  await open(page, plan.diagnostics.file);
  await page.locator('.squiggly-error').first().waitFor();
}

async function drive(page) {
  await until('the probe', () => existsSync(`${WORK}/probed.json`), 180000);
  const seen = JSON.parse(readFileSync(`${WORK}/probed.json`, 'utf8'));
  if (seen.failed) throw new Error(seen.failed);
  for (const look of [window, graph, run, missing]) {
    console.log(look.name);
    await look(page);
  }
  return seen;
}

const page = await start();
const seen = await drive(page).catch(async (failure) => {
  await page.screenshot({ path: `${WORK}/failed.png` });
  return { failed: `${failure.stack}` };
});
writeFileSync(`${SEEN}.part`, JSON.stringify(seen));
renameSync(`${SEEN}.part`, SEEN);
await sleep(600000);
