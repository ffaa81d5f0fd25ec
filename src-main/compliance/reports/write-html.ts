import { isValidElement, type ReactNode } from 'react';

/**
 * HTML of what the report's components draw, letter for letter what react-dom/server makes of it (a test compares them),
 * several times as fast: tables have tens of thousands of rows. The components are functions of their properties alone;
 * anything else (state, context, raw markup, style objects) is refused and not guessed.
 */
export function writeHtml(node: ReactNode): string {
  const out: string[] = [];
  write(node, out);
  return out.join('');
}

/** Names of attributes that HTML or SVG writes otherwise than React. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  className: 'class',
  tabIndex: 'tabindex',
  textAnchor: 'text-anchor',
};
const ALLOWED =
  /^(aria-[a-z]+|class|d|dateTime|fill|focusable|height|href|id|lang|role|rx|scope|stroke|tabindex|text-anchor|title|viewBox|width|x|y)$/;

function write(node: ReactNode, out: string[]): void {
  if (node === null || node === undefined || typeof node === 'boolean') return;
  if (typeof node === 'string') {
    if (node !== '') out.push(escapeHtml(node));
  } else if (typeof node === 'number') {
    out.push(String(node));
  } else if (Array.isArray(node)) {
    for (const child of node) write(child, out);
  } else if (isValidElement<Properties>(node)) {
    writeElement(node.type, node.props, out);
  } else {
    throw new TypeError('A report draws elements, texts and numbers only');
  }
}

type Properties = Readonly<Record<string, unknown>> & { readonly children?: ReactNode };
type Component = (properties: Properties) => ReactNode;

function writeElement(type: unknown, properties: Properties, out: string[]): void {
  if (typeof type === 'function') {
    write((type as Component)(properties), out);
    return;
  }
  if (typeof type !== 'string') throw new TypeError('A report draws plain elements only');
  out.push('<', type);
  for (const name in properties) {
    if (name !== 'children') writeAttribute(name, properties[name], out);
  }
  out.push('>');
  write(properties.children, out);
  out.push('</', type, '>');
}

function writeAttribute(name: string, value: unknown, out: string[]): void {
  if (value === undefined || value === null) return;
  const written = ATTRIBUTES[name] ?? name;
  if (!ALLOWED.test(written)) throw new TypeError(`A report has no attribute ${name}`);
  if (typeof value === 'string') out.push(' ', written, '="', escapeHtml(value), '"');
  else if (typeof value === 'number' || typeof value === 'boolean') out.push(' ', written, '="', String(value), '"');
  else throw new TypeError(`A report has no such value of ${name}`);
}

const ESCAPED = /["'&<>]/;
const ENTITIES: Readonly<Record<string, string>> = {
  '"': '&quot;',
  "'": '&#x27;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
};

/** Safe inside of text and of attributes. */
export function escapeHtml(text: string): string {
  return ESCAPED.test(text) ? text.replace(/["'&<>]/g, (character) => ENTITIES[character] ?? '') : text;
}
