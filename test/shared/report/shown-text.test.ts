import { describe, expect, test } from 'vitest';
import { plainText, showForeign, showText } from '#shared/report/shown-text.ts';
import { draw, textOf } from '../../support/drawn.ts';

describe('a text as it may be shown', () => {
  test('stays what it is where nothing in it deceives', () => {
    for (const text of ['Roles decide', 'a – b “c” 2⁶⁴ ≥ →', '']) expect(textOf(draw(showText(text)))).toBe(text);
  });

  test.each([
    ['right-to-left override', 'invoice\u202egpj.exe', 'invoiceU+202Egpj.exe'],
    ['isolates', 'a\u2066b\u2069', 'aU+2066bU+2069'],
    ['zero width', 'ad\u200bmin\ufeff', 'adU+200BminU+FEFF'],
    ['soft hyphen', 'ad\u00admin', 'adU+00ADmin'],
    ['controls', 'a\u0007b\u001b[31m\u0000', 'aU+0007bU+001B[31mU+0000'],
    ['line separator', 'a\u2028b', 'aU+2028b'],
    ['filler', 'a\u3164b', 'aU+3164b'],
    ['tag characters', 'a\u{e0041}', 'aU+E0041'],
    ['lone surrogate', 'a\ud800b', 'aU+D800b'],
  ])('%s is spelled out, once each', (_name, text, shown) => {
    expect(textOf(draw(showText(text)))).toBe(shown);
    expect(textOf(draw(showForeign(text)))).toBe(shown);
  });

  test('keeps joiners of Persian and of emoji, and line breaks', () => {
    const text = 'می\u200cخواهم \u{1f469}\u200d\u{1f680}\nsecond';
    expect(draw(showForeign(text))).toContain(text);
  });

  test('isolates what has a direction of its own', () => {
    expect(draw(showText('نقل'))).toMatch(/^<bdi>.*<\/bdi>$/);
  });

  test('marks what was written outside, and escapes it', () => {
    const html = draw(showForeign('<script>alert(1)</script>'));
    expect(html).toMatch(/^<bdi class="r-foreign" title="Written outside/);
    expect(html).not.toContain('<script');
    expect(textOf(html)).toBe('<script>alert(1)</script>');
  });

  test('says the same where no elements can stand', () => {
    expect(plainText('a\u202eb\nc')).toBe('a⟨U+202E⟩b c');
  });
});
