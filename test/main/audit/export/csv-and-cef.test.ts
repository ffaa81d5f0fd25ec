import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cefLine, escapeCefHeader, escapeCefValue } from '#main/audit/export/cef.ts';
import { csvRow, neutralise } from '#main/audit/export/csv.ts';

/** RFC 4180, read strictly. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < text.length; ) {
    if (text[at] !== '"') throw new Error(`a cell without quotes at ${at}`);
    let cell = '';
    for (at++; ; at++) {
      if (at >= text.length) throw new Error('a cell without an end');
      if (text[at] !== '"') cell += text[at];
      else if (text[at + 1] === '"') cell += text[at++];
      else break;
    }
    row.push(cell);
    at++;
    if (text[at] === ',') at++;
    else if (text.startsWith('\r\n', at)) {
      rows.push(row);
      row = [];
      at += 2;
    } else throw new Error(`neither a comma nor CRLF at ${at}`);
  }
  if (row.length > 0) throw new Error('a row without CRLF');
  return rows;
}

const nasty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', ',', ';', "'", '＝', '＋', '－', '＠', 'x', ' '),
  }),
);

describe('a row of CSV', () => {
  it('reads back as what it was written from, an apostrophe before what was made text', () => {
    fc.assert(
      fc.property(fc.array(nasty, { minLength: 1, maxLength: 6 }), (cells) => {
        const [row, ...more] = readCsv(csvRow(cells));
        expect(more).toEqual([]);
        expect(row?.map((cell) => (cell.startsWith("'") ? cell.slice(1) : cell))).toEqual(cells);
      }),
    );
  });

  it('has no cell a spreadsheet takes for a formula', () => {
    fc.assert(
      fc.property(fc.array(nasty, { minLength: 1, maxLength: 6 }), (cells) => {
        for (const cell of readCsv(csvRow(cells)).flat())
          expect(cell).not.toMatch(/^[\s\u200b\ufeff]*[=+\-@＝＋－＠]|^[\t\r\n]/u);
      }),
    );
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\rx', "'\rx"],
    ['＝cmd', "'＝cmd"],
    ['－1', "'－1"],
    ['  =1', "'  =1"],
    ['\ufeff=1', "'\ufeff=1"],
    ["'=1", "''=1"],
    ['a=1', 'a=1'],
    ['{"a":"=1"}', '{"a":"=1"}'],
    ['', ''],
  ])('makes text of %j', (value, made) => {
    expect(neutralise(value)).toBe(made);
  });

  it('quotes every cell and ends in CRLF', () => {
    expect(csvRow([1, null, 'a"b', 'c\r\nd'])).toBe('"1","","a""b","c\r\nd"\r\n');
  });
});

/** The reading of a line of CEF by its standard: seven fields and pairs, both with their escapes. */
function readCef(line: string): { header: string[]; extension: Map<string, string> } {
  const header: string[] = [];
  let field = '';
  let at = 0;
  for (; header.length < 7; at++) {
    const character = line[at];
    if (character === undefined) throw new Error('a header with too few fields');
    if (character === '\\') field += line[++at];
    else if (character === '|') {
      header.push(field);
      field = '';
    } else field += character;
  }
  const extension = new Map<string, string>();
  const rest = line.slice(at);
  const keys = [...rest.matchAll(/(?:^| )([A-Za-z0-9_]+)=/g)];
  for (const [index, match] of keys.entries()) {
    const start = match.index + match[0].length;
    const value = rest.slice(start, keys[index + 1]?.index ?? rest.length);
    const plain = value.replace(/\\([\\=nr])/g, (_, escaped) => ({ n: '\n', r: '\r' })[escaped as string] ?? escaped);
    extension.set(match[1] ?? '', plain);
  }
  return { header, extension };
}

const cefText = fc.oneof(
  // other control characters are replaced, see below
  fc.string({ unit: 'binary' }).map((text) => text.toWellFormed().replace(/(?![\t\r\n])\p{Cc}|[\u2028\u2029]/gu, '')),
  fc.string({ unit: fc.constantFrom('|', '\\', '=', '\n', '\r', ' ', 'a', 'cs1', '\t', 'é', '漢') }),
);

describe('a line of CEF', () => {
  const event = { vendor: 'v', product: 'p', version: '1', signature: 's', name: 'n', severity: 3, extension: [] };

  it('reads back as what it was written from', () => {
    fc.assert(
      fc.property(cefText, cefText, cefText, (name, one, two) => {
        fc.pre(one !== '' && two !== '');
        const line = cefLine({
          ...event,
          name,
          extension: [
            ['cs1', one],
            ['msg', two],
          ],
        });
        expect(line.endsWith('\n')).toBe(true);
        expect(line.slice(0, -1)).not.toMatch(/[\r\n]/);
        const { header, extension } = readCef(line.slice(0, -1));
        expect(header).toEqual(['CEF:0', 'v', 'p', '1', 's', name.replace(/\r\n|[\r\n]/g, ' '), '3']);
        expect([...extension]).toEqual([
          ['cs1', one],
          ['msg', two],
        ]);
      }),
    );
  });

  it.each([
    ['a|b', 'a\\|b', 'a|b'],
    ['a\\b', 'a\\\\b', 'a\\\\b'],
    ['a=b', 'a=b', 'a\\=b'],
    ['a\nb', 'a b', 'a\\nb'],
    ['a\r\nb', 'a b', 'a\\r\\nb'],
    ['\\|=', '\\\\\\|=', '\\\\|\\='],
    ['a\u0000\u001bb\u0085\u2028', 'a\uFFFD\uFFFDb\uFFFD\uFFFD', 'a\uFFFD\uFFFDb\uFFFD\uFFFD'],
    ['\ud800x', '\uFFFDx', '\uFFFDx'],
    ['Käse 漢字 😀', 'Käse 漢字 😀', 'Käse 漢字 😀'],
  ])('escapes %j in a header and in a value', (text, header, value) => {
    expect(escapeCefHeader(text)).toBe(header);
    expect(escapeCefValue(text)).toBe(value);
  });

  it('leaves out what is empty, and cuts a custom string without breaking a character', () => {
    expect(
      cefLine({
        ...event,
        extension: [
          ['a', null],
          ['b', ''],
          ['c', 0],
        ],
      }),
    ).toBe('CEF:0|v|p|1|s|n|3|c=0\n');
    const long = readCef(cefLine({ ...event, extension: [['cs1', `${'x'.repeat(3999)}😀`]] }).trimEnd());
    expect(long.extension.get('cs1')).toBe('x'.repeat(3999));
  });
});
