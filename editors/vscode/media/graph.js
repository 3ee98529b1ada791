// Inside the preview: shows what the extension draws, and reports which node was chosen.

const vscode = acquireVsCodeApi();
const drawing = document.getElementById('drawing');
const problem = document.getElementById('problem');

window.addEventListener('message', ({ data }) => {
  if (data.drawing !== undefined) drawing.innerHTML = data.drawing;
  problem.hidden = data.problem === undefined;
  problem.textContent = data.problem ?? '';
  document.body.classList.toggle('old', data.problem !== undefined);
});

const choose = (event) => {
  const node = event.target.closest?.('[data-id]');
  if (node) vscode.postMessage({ id: node.dataset.id });
};
drawing.addEventListener('click', choose);
drawing.addEventListener('keydown', (event) => {
  if (event.key === 'Enter') choose(event);
});

vscode.postMessage({});
