// The preview of a file's graph beside its source: follows edits, and a click leads to the source.

import * as vscode from 'vscode';
import type { Location } from 'vscode-languageclient';
import { draw, escape, type Job } from './drawing';
import { message, type Server } from './server';

interface Graph {
  text: string;
  nodes: Record<string, Location>;
}

const DELAY_MS = 200;

/** One preview for each file and job. */
export class Graphs implements vscode.Disposable {
  private readonly open = new Map<string, Preview>();

  constructor(
    private readonly server: Server,
    private readonly extension: vscode.Uri,
  ) {}

  async show(uri: vscode.Uri, job: string | undefined): Promise<void> {
    const key = JSON.stringify([uri.toString(), job ?? null]);
    const known = this.open.get(key);
    if (known) {
      known.reveal();
      return;
    }
    const preview = new Preview(this.server, this.extension, uri, job, () => this.open.delete(key));
    this.open.set(key, preview);
    await preview.refresh();
  }

  dispose(): void {
    for (const preview of [...this.open.values()]) preview.dispose();
  }
}

class Preview implements vscode.Disposable {
  private readonly panel: vscode.WebviewPanel;
  private readonly watched: vscode.Disposable[];
  private nodes: Graph['nodes'] = {};
  private timer: NodeJS.Timeout | undefined;
  private newest = 0;

  constructor(
    private readonly server: Server,
    extension: vscode.Uri,
    private readonly uri: vscode.Uri,
    private readonly job: string | undefined,
    gone: () => void,
  ) {
    const media = vscode.Uri.joinPath(extension, 'media');
    const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
    const beside = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    this.panel = vscode.window.createWebviewPanel('hookc.graph', `Graph of ${job ?? name}`, beside, {
      enableScripts: true,
      localResourceRoots: [media],
      retainContextWhenHidden: true,
    });
    this.panel.webview.html = page(this.panel.webview, media);
    this.watched = [
      this.panel.onDidDispose(() => {
        gone();
        this.dispose();
      }),
      this.panel.webview.onDidReceiveMessage((sent: { id?: string }) => this.received(sent)),
      // What a file imports is part of its graph, so every Hook file counts.
      vscode.workspace.onDidChangeTextDocument((change) => {
        if (change.document.languageId === 'hook') this.soon();
      }),
    ];
  }

  reveal(): void {
    this.panel.reveal(undefined, true);
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const one of this.watched) one.dispose();
    this.panel.dispose();
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.refresh(), DELAY_MS);
  }

  /** Draws what the source says now; where it has mistakes, the last drawing stays and the first of them is reported. */
  async refresh(): Promise<void> {
    const turn = ++this.newest;
    const sent = await this.drawing();
    // An older answer that comes late is dropped.
    if (turn === this.newest) await this.panel.webview.postMessage(sent);
  }

  private async drawing(): Promise<{ drawing?: string; problem?: string }> {
    try {
      const asked = [this.uri.toString(), this.job ?? null, 'json'];
      const graph = await this.server.ask<Graph>('hookc.graph', asked);
      this.nodes = graph.nodes;
      return { drawing: draw((JSON.parse(graph.text) as { jobs: Job[] }).jobs) };
    } catch (failure) {
      return { problem: message(failure) };
    }
  }

  /** The page is ready for its first drawing, or a node was clicked. */
  private async received(sent: { id?: string }): Promise<void> {
    if (sent.id === undefined) {
      await this.refresh();
      return;
    }
    const at = this.nodes[sent.id];
    if (!at) return;
    const { start, end } = at.range;
    const selection = new vscode.Range(start.line, start.character, end.line, end.character);
    const uri = vscode.Uri.parse(at.uri, true);
    const shown = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString());
    const viewColumn = shown?.viewColumn ?? vscode.ViewColumn.One;
    const editor = await vscode.window.showTextDocument(uri, { viewColumn });
    // The beginning is enough: a whole job would hide what is selected in it.
    editor.selection = new vscode.Selection(selection.start, selection.start);
    editor.revealRange(selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
}

function page(webview: vscode.Webview, media: vscode.Uri): string {
  const file = (name: string) => escape(webview.asWebviewUri(vscode.Uri.joinPath(media, name)).toString());
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src ${webview.cspSource}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${escape(policy)}">
  <link rel="stylesheet" href="${file('graph.css')}">
</head>
<body>
  <p id="problem" hidden></p>
  <main id="drawing"></main>
  <script src="${file('graph.js')}"></script>
</body>
</html>`;
}
