import { generate } from 'lean-qr';

/** Modules of light around the code without which readers do not find it (ISO/IEC 18004). */
const QUIET = 4;

export interface QrPath {
  /** Side of the picture in modules, the quiet zone included. */
  readonly size: number;
  /** SVG path of the dark modules: a rectangle for each run in a row. */
  readonly path: string;
}

/** A text as a QR code that is drawn: no image, no data: address, both of which the page may not load. */
export function drawQr(text: string): QrPath {
  const code = generate(text);
  const runs: string[] = [];
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) {
      if (!code.get(x, y)) continue;
      let end = x + 1;
      while (code.get(end, y)) end += 1;
      runs.push(`M${x + QUIET} ${y + QUIET}h${end - x}v1h${x - end}z`);
      x = end;
    }
  }
  return { size: code.size + 2 * QUIET, path: runs.join('') };
}

/** A base32 secret in groups of four, as it is typed by hand. */
export function groupSecret(secret: string): string {
  return secret.replace(/(.{4})(?=.)/g, '$1 ');
}
