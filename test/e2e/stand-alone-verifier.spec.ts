import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, chromium, expect, type Page, test } from '@playwright/test';
import { keyIdOf } from '#main/audit/keys.ts';
import { EXAMPLE_GENERATOR, SYNTHETIC_CHAIN } from '#shared/model/synthetic.ts';
import { findChromium } from '../host/find-chromium.ts';
import { judgeByMain, judgementOf } from '../support/compare-verdicts.ts';
import { ForgedChain, newKey } from '../support/forge-chain.ts';
import { signWithIdentity } from '../support/small-order.ts';

/** The page somebody opens from disk, in a plain browser, apart from the console. */
const PAGE = new URL('../../resources/verifier/causeway-verify.html', import.meta.url).href;
const SALT = 'AAAAAAAAAAAAAAAAAAAAAA';

let browser: Browser;
let folder: string;
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'causeway-page-'));
  const installed = findChromium();
  browser = await chromium.launch({ ...(installed === null ? {} : { executablePath: installed }) });
});
test.afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

async function openPage(): Promise<{ readonly page: Page; readonly wrong: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const wrong: string[] = [];
  page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('request', (request) => /^(file|blob|data):/.test(request.url()) || wrong.push(request.url()));
  await page.goto(PAGE);
  return { page, wrong };
}

function sampleChain(): ForgedChain {
  const chain = new ForgedChain(6);
  for (const text of ['one', 'two', 'three']) chain.addSealed(SALT, text);
  chain.rotate(newKey('ES256'));
  const erased = [{ seq: 8, path: '/data/note' }];
  chain.add('tenant.erasure_completed', { request: 'r', certificate: 'a'.repeat(64), erased });
  chain.disclosures = [{ seq: 7, path: '/data/note', value: [SALT, 'one'] }];
  return chain;
}

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** The verdict the page offers as JSON, when it is there. */
async function verdictOf(page: Page): Promise<unknown> {
  await expect(page.locator('#result')).toBeVisible();
  return JSON.parse(await page.locator('#json').inputValue());
}

const whole = sampleChain().text();
const damaged: readonly (readonly [string, string])[] = [
  ['valid', whole],
  ['edited', whole.replace('"outcome":"success"', '"outcome":"failure"')],
  ['cut', whole.slice(0, -300)],
  ['with markup in it', whole.replace('"u2"', '"<img src=x onerror=alert(1)>"').replaceAll('acme', 'evil')],
  ['of nothing', ''],
];

for (const [name, text] of damaged) {
  test(`the page says of a file that is ${name} what the console says`, async () => {
    const { page, wrong } = await openPage();
    const file = write(`${name.replaceAll(' ', '-')}.chain.jsonl`, text);
    await page.locator('#file').setInputFiles(file);
    expect(judgementOf(await verdictOf(page))).toEqual(await judgeByMain(file));
    expect(wrong).toEqual([]);
    await page.close();
  });
}

test('the page says beside its verdict that a history is made up, and nothing of the next file', async () => {
  const chain = new ForgedChain(3);
  const [first] = chain.records;
  if (first === undefined) throw new Error('no record');
  first.record.data = { ...Object(first.record.data), generator: { name: EXAMPLE_GENERATOR, version: '1' } };
  const { page, wrong } = await openPage();
  await page.locator('#file').setInputFiles(write('made-up.chain.jsonl', chain.text()));
  await expect(page.locator('#word')).toHaveText('Valid');
  await expect(page.locator('#headline')).toContainText(SYNTHETIC_CHAIN);
  await page.locator('#again').click();
  await page.locator('#file').setInputFiles(write('others.chain.jsonl', whole));
  await expect(page.locator('#word')).toHaveText('Valid');
  await expect(page.locator('#synthetic')).toBeHidden();
  expect(wrong).toEqual([]);
  await page.close();
});

test('a file that is dropped is verified, with what the reader knows of it', async () => {
  const chain = sampleChain();
  const since = chain.note();
  const text = chain.text();
  const { page, wrong } = await openPage();
  await page.locator('#more > summary').click();
  await page.locator('#key').fill(chain.key.id);
  await page.locator('#since').setInputFiles(write('earlier.txt', since));
  // as text: the types of a page's objects are not those of Node
  const transfer = await page.evaluateHandle(`(() => {
    const data = new DataTransfer();
    data.items.add(new File([${JSON.stringify(text)}], 'dropped.chain.jsonl'));
    return data;
  })()`);
  await page.dispatchEvent('.drop', 'drop', { dataTransfer: transfer });
  const verdict = judgementOf(await verdictOf(page));
  expect(verdict).toEqual(await judgeByMain(write('dropped', text), { key: chain.key.id, since }));
  expect(verdict.verdict).toBe('valid');
  expect(wrong).toEqual([]);
  await page.locator('#again').click();
  await page.locator('#key').fill('00');
  await page.locator('#file').setInputFiles(write('b', text));
  await expect(page.locator('#wrong')).toContainText('16 hexadecimal digits');
  await page.close();
});

const IDENTITY = Buffer.from(`01${'00'.repeat(31)}`, 'hex');

/** The identity as a key: one signature holds for every text, where a library takes it. */
function chainOfIdentity(): ForgedChain {
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), IDENTITY]);
  const chain = new ForgedChain(4, { ...newKey(), spki, id: keyIdOf(spki) });
  for (const record of chain.records) record.sig = Buffer.concat([IDENTITY, Buffer.alloc(32)]).toString('base64');
  return chain;
}

/** A signature with the identity in it, by the chain's key. */
function chainWithIdentity(): ForgedChain {
  const chain = new ForgedChain(4);
  const { hash } = JSON.parse(chain.lines()[3] ?? '') as { readonly hash: string };
  const text = Buffer.from(`causeway/record/v1\n${hash}\n`);
  const sig = signWithIdentity(chain.key.privateKey, chain.key.spki.subarray(12), text).toString('base64');
  Object.assign(chain.records[3] ?? {}, { sig });
  return chain;
}

for (const [name, chain] of [
  ['key', chainOfIdentity()],
  ['signature', chainWithIdentity()],
] as const) {
  test(`a ${name} of small order is none, although the browser takes it`, async () => {
    const { page } = await openPage();
    const file = write(`small-${name}.chain.jsonl`, chain.text());
    await page.locator('#file').setInputFiles(file);
    const main = await judgeByMain(file);
    expect(main.problems.map(({ code }) => code)).toContain(name);
    expect(judgementOf(await verdictOf(page))).toEqual(main);
    await page.close();
  });
}

async function drop(page: Page, text: string): Promise<void> {
  const transfer = await page.evaluateHandle(`(() => {
    const data = new DataTransfer();
    data.items.add(new File([${JSON.stringify(text)}], 'second.chain.jsonl'));
    return data;
  })()`);
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

test('no verdict on an earlier file stays where the options given with another are wrong', async () => {
  const { page, wrong } = await openPage();
  await page.locator('#file').setInputFiles(write('first.chain.jsonl', whole));
  await expect(page.locator('#word')).toHaveText('Valid');
  await page.evaluate(`navigator.clipboard.writeText = () => Promise.reject(new Error('none'))`);
  await page.locator('#copy').click();
  await expect(page.locator('#json')).toBeVisible();
  await page.evaluate(`document.getElementById('key').value = '00'`);
  await drop(page, whole);
  await expect(page.locator('#wrong')).toContainText('16 hexadecimal digits');
  await expect(page.locator('#result')).toBeHidden();
  await page.locator('#key').fill('');
  await drop(page, whole);
  await expect(page.locator('#word')).toHaveText('Valid');
  await expect(page.locator('#json')).toBeHidden();
  expect(wrong).toEqual([]);
  await page.close();
});

test('an earlier checkpoint that cannot be read, or is not UTF-8, is said to be wrong', async () => {
  const { page, wrong } = await openPage();
  await page.locator('#more > summary').click();
  await page.locator('#since').setInputFiles({
    name: 'since.txt',
    mimeType: 'text/plain',
    buffer: Buffer.concat([Buffer.from(sampleChain().note()), Buffer.from([0xff])]),
  });
  await page.locator('#file').setInputFiles(write('c.chain.jsonl', whole));
  await expect(page.locator('#wrong')).toContainText('it is not UTF-8');
  await page.locator('#since').setInputFiles(write('again.txt', sampleChain().note()));
  await page.evaluate(() => {
    File.prototype.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotFoundError'));
  });
  await drop(page, whole);
  await expect(page.locator('#wrong')).toContainText('cannot be read: gone');
  await expect(page.locator('#result')).toBeHidden();
  expect(wrong).toEqual([]);
  await page.close();
});

test('a browser without Ed25519 is told so, and no verdict is given', async () => {
  const { page } = await openPage();
  await page.evaluate(() => {
    SubtleCrypto.prototype.importKey = () => Promise.reject(new DOMException('none', 'NotSupportedError'));
  });
  await page.locator('#file').setInputFiles(write('plain.chain.jsonl', new ForgedChain(3).text()));
  await expect(page.locator('#word')).toHaveText('Not checked');
  await expect(page.locator('#explain')).toContainText('Ed25519');
  await expect(page.locator('#result .columns')).toBeHidden();
  await page.close();
});

for (const theme of ['light', 'dark'] as const) {
  test(`the page can be read in ${theme} colours`, async () => {
    const { page } = await openPage();
    await page.emulateMedia({ colorScheme: theme });
    await page.screenshot({ path: test.info().outputPath(`start-${theme}.png`) });
    for (const [name, text] of damaged.slice(0, 3)) {
      await page.locator('#file').setInputFiles(write(`orders-${name}.chain.jsonl`, text));
      await verdictOf(page);
      await page.screenshot({ path: test.info().outputPath(`${name}-${theme}.png`) });
      await page.locator('#again').click();
    }
    await page.close();
  });
}
