// The page: a file in, the verdict out. Everything that comes from the file is set as text, never as markup.
import { browserPlatform, NoAlgorithm, verifyBlob } from './browser.mjs';
import { decodeText } from './bytes.mjs';
import { unopened } from './conclusion.mjs';
import { MAX_NOTE } from './limits.mjs';
import { SYNTHETIC } from './not-proven.mjs';
import { readNote } from './notes.mjs';
import { printable } from './problems.mjs';
import { readVkey } from './witnesses.mjs';

const at = (id) => document.getElementById(id);
const number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ',');
/** Problems shown; all of those kept are in the JSON. */
const SHOWN = 200;

/** An element with text and children. */
function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.map((child) => (child instanceof Node ? child : printable(String(child)))));
  return element;
}

function icon(path) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

const LOOKS = {
  valid: ['Valid', 'm5 12.5 4.5 4.5L19 7.5'],
  invalid: ['Not valid', 'M7 7l10 10M17 7 7 17'],
  unreadable: ['Not readable', 'M12 6v7.5M12 17.5v.01'],
  unchecked: ['Not checked', 'M12 6v7.5M12 17.5v.01'],
};

function explain({ verdict, records, selection, problems, problemCount }) {
  const count = `${number(records)} record${records === 1 ? '' : 's'}`;
  const found = `${number(problemCount)} problem${problemCount === 1 ? '' : 's'}`;
  if (verdict === 'unreadable') return `This is not a whole chain file: ${found} in ${count}.`;
  if (verdict === 'invalid') return `This file is not what was written: ${found} in ${count}.`;
  const warned = problems.length > 0 ? ` ${number(problemCount)} warning${problemCount === 1 ? '' : 's'}.` : '';
  const each =
    selection === 'extract' ? 'Every one is in the tree of the checkpoint.' : 'Every one is signed and in place.';
  return `${count}, no problem was found. ${each}${warned}`;
}

function show(part) {
  for (const id of ['start', 'busy', 'result']) at(id).hidden = id !== part;
}

function showHeadline(look, text) {
  const [word, path] = LOOKS[look];
  at('headline').className = look;
  at('headline').querySelector('.mark').replaceChildren(icon(path));
  at('word').textContent = word;
  at('explain').textContent = printable(text);
  at('headline').focus();
}

function showVerdict(verdict) {
  const { problems, problemCount, keys, witnesses, sealed, chain, tenant, selection, first, last } = verdict;
  show('result');
  showHeadline(verdict.verdict, explain(verdict));
  at('synthetic').hidden = !verdict.synthetic;
  at('synthetic').textContent = SYNTHETIC;
  at('problemsCard').hidden = problemCount === 0;
  at('problemCount').textContent = number(problemCount) + (problemCount > SHOWN ? `, the first ${SHOWN} of them` : '');
  const rows = problems.slice(0, SHOWN).map(({ line, seq, code, message }) => {
    const place = line === 0 ? 'file' : `line ${number(line)}`;
    const tag = make('span', code === 'time' ? 'code warning' : 'code', code);
    const where = make('td', 'num quiet', seq === undefined ? place : `${place}, seq ${seq}`);
    return make('tr', '', where, make('td', '', tag), make('td', '', message));
  });
  at('problems').replaceChildren(make('table', '', ...rows));
  at('notProven').replaceChildren(...verdict.notProven.map((text) => make('li', '', text)));
  const range = first === null ? '' : `, ${selection}, ${number(first)} to ${number(last)}`;
  const facts = [
    ['Name', verdict.file],
    ['Chain', chain ?? 'unknown'],
    ['Tenant', tenant ?? 'unknown'],
    ['Records', number(verdict.records) + range],
    ['Head', verdict.head ?? 'unknown'],
    ['Root', verdict.root ?? 'unknown'],
    ['Time', `${number(verdict.elapsedMs)} ms`],
  ];
  at('facts').replaceChildren(...facts.flatMap(([name, value]) => [make('dt', '', name), make('dd', '', value)]));
  at('keys').replaceChildren(
    keys.length === 0
      ? make('p', 'quiet', 'None is known.')
      : table(
          ['Key id', 'Algorithm', 'From', 'Records'],
          keys.map(({ id, alg, fromSeq, records }) => [id, alg, number(fromSeq), number(records)]),
        ),
  );
  at('witnessCard').hidden = witnesses.length === 0;
  const said = { verified: 'verified', 'unknown-key': 'its key was not given' };
  at('witnessList').replaceChildren(
    table(
      ['Name', 'Key id', 'Time', ''],
      witnesses.map(({ name, keyId, time, state }) => [name, keyId, time ?? 'none', said[state]]),
    ),
  );
  at('sealed').replaceChildren(
    ...Object.entries(sealed).map(([state, count]) =>
      make('div', 'num', make('b', '', number(count)), make('span', '', state)),
    ),
  );
  hideJson(JSON.stringify(verdict));
  for (const card of document.querySelectorAll('#result .columns, #copy')) card.hidden = false;
}

function table(names, rows) {
  const head = make('tr', '', ...names.map((name) => make('th', '', name)));
  const body = rows.map((cells) => make('tr', '', ...cells.map((cell) => make('td', 'mono', cell))));
  return make('table', '', head, ...body);
}

/** What is offered to be copied. It is shown only where there is no clipboard, for that verdict only. */
function hideJson(text) {
  at('json').value = text;
  at('json').hidden = true;
  at('copy').textContent = 'Copy as JSON';
}

/** No verdict could be reached: nothing is said of the file. */
function showUnchecked(text) {
  show('result');
  showHeadline('unchecked', text);
  at('synthetic').hidden = true;
  hideJson('');
  for (const card of document.querySelectorAll('#result .columns, #copy')) card.hidden = true;
}

/** What the reader gave besides the file, or what is wrong with it. */
async function readOptions() {
  const key = at('key').value.trim();
  const [checkpoint] = at('since').files;
  const witnesses = at('witnesses')
    .value.split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  if (key !== '' && !/^[0-9a-f]{16}$/.test(key)) return 'A key id is 16 hexadecimal digits.';
  for (const vkey of witnesses) {
    const witness = readVkey(browserPlatform, vkey);
    if (typeof witness === 'string') return `The witness key "${vkey}" cannot be used: ${witness}.`;
  }
  let since;
  if (checkpoint !== undefined) {
    if (checkpoint.size > MAX_NOTE) return 'The earlier checkpoint is too long for one.';
    try {
      since = decodeText(new Uint8Array(await checkpoint.arrayBuffer()));
    } catch (error) {
      return `The earlier checkpoint cannot be read: ${error.message}.`;
    }
    const note = readNote(since);
    if (typeof note === 'string') return `The earlier checkpoint is none: ${note}.`;
  }
  return { key: key === '' ? undefined : key, since, witnesses };
}

let stop = new AbortController();

async function verify(file) {
  stop.abort();
  stop = new AbortController();
  const { signal } = stop;
  at('wrong').hidden = true;
  const options = await readOptions();
  if (signal.aborted) return; // another file was given meanwhile
  if (typeof options === 'string') {
    show('start'); // no verdict on another file may stay beside what is wrong
    at('wrong').hidden = false;
    at('wrong').textContent = printable(options);
    at('more').open = true;
    return;
  }
  const started = performance.now();
  show('busy');
  at('busyName').textContent = printable(file.name);
  const onProgress = (done) => {
    at('progress').value = file.size === 0 ? 1 : done / file.size;
    at('busyText').textContent = `${number(Math.round(done / 1e6))} of ${number(Math.round(file.size / 1e6))} MB`;
  };
  onProgress(0);
  let judged;
  try {
    judged = await verifyBlob(file, options, onProgress, signal);
  } catch (error) {
    if (signal.aborted) return;
    if (error instanceof NoAlgorithm) {
      const why = `This browser cannot verify ${error.message} signatures, so nothing can be said of this file here.`;
      showUnchecked(`${why} Use a newer browser, or causeway-verify.mjs.`);
      return;
    }
    if (!(error instanceof DOMException)) {
      showUnchecked(`The verification cannot go on: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    judged = unopened(`the file cannot be read: ${error.name}: ${error.message}`);
  }
  const { verdict, ...rest } = judged;
  showVerdict({ verdict, file: file.name, ...rest, elapsedMs: Math.round(performance.now() - started) });
}

function restart() {
  stop.abort();
  at('file').value = '';
  show('start');
  at('file').focus();
}

at('file').addEventListener('change', () => {
  const [file] = at('file').files;
  if (file !== undefined) void verify(file);
});
at('stop').addEventListener('click', restart);
at('again').addEventListener('click', restart);
at('copy').addEventListener('click', async () => {
  const text = at('json').value;
  try {
    await navigator.clipboard.writeText(text);
    at('copy').textContent = 'Copied';
  } catch {
    at('json').hidden = false; // no clipboard here: shown to be copied by hand
    at('json').select();
  }
});
for (const name of ['dragenter', 'dragover', 'dragleave', 'drop']) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    document.body.classList.toggle('over', name === 'dragenter' || name === 'dragover');
  });
}
document.addEventListener('drop', (event) => {
  const [file] = event.dataTransfer?.files ?? [];
  if (file !== undefined) void verify(file);
});
