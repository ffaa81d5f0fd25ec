/** Values an XML answer is made of; `undefined` members are left out. */
export type XmlValue =
  | string
  | number
  | boolean
  | Date
  | undefined
  | readonly XmlValue[]
  | { readonly [name: string]: XmlValue };

/** Lists are wrapped: `<member>` in AWS Query, `<item>` in EC2. */
export type ListElement = 'member' | 'item';

export function encodeXml(name: string, value: XmlValue, list: ListElement, namespace?: string): string {
  if (value === undefined) return '';
  const open = namespace === undefined ? `<${name}>` : `<${name} xmlns="${escapeXml(namespace)}">`;
  return `${open}${encodeContent(value, list)}</${name}>`;
}

function encodeContent(value: XmlValue, list: ListElement): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return escapeXml(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return value.toISOString();
  if (isList(value)) return value.map((item) => encodeXml(list, item, list)).join('');
  return Object.entries(value)
    .map(([name, member]) => encodeXml(name, member, list))
    .join('');
}

function isList(value: XmlValue): value is readonly XmlValue[] {
  return Array.isArray(value);
}

/** Characters XML 1.0 cannot carry become U+FFFD: a caller's garbage echoed in a message must not break the answer. */
function escapeXml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are not allowed in XML 1.0
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/"/g, '&quot;')
      .replace(/\r/g, '&#xD;')
  );
}
