import { clip } from './blocks/cells.ts';

/** A text of a page, with the heading and the row it stands under. */
interface PageText {
  readonly heading: string;
  readonly row: string;
  readonly text: string;
}

export interface PageDifference {
  readonly where: string;
  readonly page: string;
  readonly drawn: string;
}

const MOST = 50;
const TAG = /<(\/?)([a-zA-Z][a-zA-Z0-9]*)/y;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * Where the texts of two pages differ, by the heading and row they stand under. Empty when a reader sees the same texts:
 * what is drawn may differ all the same.
 */
export function comparePages(page: string, drawn: string): readonly PageDifference[] {
  const [one, other] = [textsOf(page), textsOf(drawn)];
  let start = 0;
  while (start < one.length && start < other.length && same(one[start], other[start])) start++;
  let [end, endAgain] = [one.length, other.length];
  while (end > start && endAgain > start && same(one[end - 1], other[endAgain - 1])) {
    end--;
    endAgain--;
  }
  const [left, right] = [one.slice(start, end), other.slice(start, endAgain)];
  if (left.length !== right.length)
    return left.length + right.length === 0 ? [] : [asOne(left, right, other[start - 1])];
  return left
    .flatMap((text, at) => {
      const again = right[at];
      return again === undefined || same(text, again) ? [] : [difference(text, again)];
    })
    .slice(0, MOST);
}

function difference(page: PageText, drawn: PageText): PageDifference {
  return { where: placeOf(drawn), page: clip(page.text, 500), drawn: clip(drawn.text, 500) };
}

/** Texts were added or taken away: what stands between the parts that are alike. */
function asOne(left: readonly PageText[], right: readonly PageText[], before: PageText | undefined): PageDifference {
  const at = right[0] ?? left[0] ?? before;
  const join = (texts: readonly PageText[]) =>
    texts.length === 0
      ? 'nothing'
      : clip(
          texts
            .slice(0, 200)
            .map(({ text }) => text)
            .join(' '),
          500,
        );
  return { where: at === undefined ? 'The page' : placeOf(at), page: join(left), drawn: join(right) };
}

function placeOf({ heading, row }: PageText): string {
  const under = heading === '' ? 'At the top of the page' : `Under “${clip(heading, 200)}”`;
  return row === '' ? under : `${under}, in the row “${clip(row, 200)}”`;
}

function same(one: PageText | undefined, other: PageText | undefined): boolean {
  return one?.text === other?.text;
}

type Part = { readonly text: string } | { readonly tag: string; readonly closing: boolean };

/**
 * Tags and texts of a page in order, without comments, styles and data. In one pass, whatever was done to the page: a part
 * that does not end is the last one.
 */
function* partsOf(html: string): Iterable<Part> {
  for (let at = 0; at < html.length; ) {
    const next = html.indexOf('<', at);
    if (next !== at) {
      yield { text: html.slice(at, next < 0 ? html.length : next) };
      if (next < 0) return;
      at = next;
    }
    TAG.lastIndex = at;
    const [, slash, name] = TAG.exec(html) ?? [];
    const tag = name?.toLowerCase();
    const isHidden = slash === '' && (tag === 'style' || tag === 'script');
    const ending = html.startsWith('<!--', at) ? '-->' : isHidden ? `</${tag}>` : '>';
    const end = html.indexOf(ending, at + 1);
    if (end < 0) return;
    if (tag !== undefined && !isHidden) yield { tag, closing: slash === '/' };
    at = end + ending.length;
  }
}

/** Texts a reader sees, in order. Only as good as a page of ours needs: of any other it is enough that it differs. */
function textsOf(html: string): readonly PageText[] {
  const texts: PageText[] = [];
  let heading = '';
  let row = '';
  let collecting: string[] | null = null;
  for (const part of partsOf(html)) {
    if ('tag' in part) {
      const { tag, closing } = part;
      const isHeading = /^h[1-6]$/.test(tag);
      if (isHeading && !closing) collecting = [];
      else if (isHeading) {
        heading = (collecting ?? []).slice(0, 20).join(' ');
        row = '';
        collecting = null;
      } else if ((tag === 'tr' || tag === 'dt' || tag === 'li') && !closing) row = '';
      continue;
    }
    const text = decode(part.text).replace(/\s+/g, ' ').trim();
    if (text === '') continue;
    if (collecting !== null) collecting.push(text);
    texts.push({ heading: collecting === null ? heading : collecting.slice(0, 20).join(' '), row, text });
    if (row === '') row = text;
  }
  return texts;
}

function decode(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#[0-9]+|[a-z]+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()] ?? whole;
    const code =
      name[1]?.toLowerCase() === 'x' ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
