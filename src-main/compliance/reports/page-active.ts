import { clip } from './blocks/cells.ts';

/** Something in a page that runs, loads, hides or restyles, and that no report's page has. */
export interface ActivePart {
  readonly what: string;
  readonly excerpt: string;
}

const MOST = 20;
/** A tag with its attributes; in a page of ours no attribute holds a bare `>`. */
const TAG = /<([a-zA-Z][a-zA-Z0-9-]*)\b([^<>]*)>/g;
const ATTRIBUTE =
  /(?:^|[\s"'/])(on[a-z]+|style|hidden|src|srcset|srcdoc|action|formaction|background|xlink:href)(?=[\s=/>]|$)/i;
const DATA = ' type="application/json" id="causeway-report"';
const ELEMENTS: ReadonlySet<string> = new Set([
  'base',
  'button',
  'embed',
  'form',
  'frame',
  'iframe',
  'img',
  'input',
  'link',
  'object',
  'template',
]);
const FOREIGN_LINK = /\shref\s*=\s*(?!"#)/i;

/**
 * What is active in a page, by its tags. To name what was done to it; that nothing else was, is told by comparing the page
 * with the one its data draw. In one pass, whatever was done to it.
 */
export function findActive(html: string): readonly ActivePart[] {
  const found: ActivePart[] = [];
  let styles = 0;
  let policies = 0;
  const add = (what: string, excerpt: string) => {
    if (found.length < MOST) found.push({ what, excerpt: clip(excerpt.toWellFormed(), 300) });
  };
  // the data are no markup: `<` does not stand in them
  for (const { 0: tag, 1: name = '', 2: attributes = '' } of html.matchAll(TAG)) {
    const element = name.toLowerCase();
    if (element === 'script' && attributes !== DATA) add('a script', tag);
    else if (element === 'style' && ++styles > 1) add('a second style sheet', tag);
    else if (ELEMENTS.has(element)) add(`an element ${element}`, tag);
    else if (element === 'meta' && /http-equiv/i.test(attributes) && ++policies > 1) add('a second policy', tag);
    const names = attributes.replace(/"(#?)[^"]*"/g, '"$1"'); // what stands in a value is no attribute
    if (ATTRIBUTE.test(names)) add(`an attribute of the element ${element}`, tag);
    else if (FOREIGN_LINK.test(names)) add('a link out of the page', tag);
  }
  if (policies === 0) add('no policy that keeps it from running and loading things', html.slice(0, 120));
  return found;
}
